// Bundles what the engine's threads run, each entry into one file beside it: dist/src/engine/worker-bundle.js for threads that train, and
// prepare-bundle.js for the one that builds models. Every thread loads its own modules, and through the rooms' doors these load
// libraries that only the main thread uses: 197 ms and 29 MB a thread, instead of 40 ms and 4 MB. Runs after the compiler.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../dist/src/engine/', import.meta.url));

/** Errors are registered once a thread, and told apart by class. */
const errors = /\/errors(\/index)?\.js$/;
/** What models import, too, and has to be there once; and what finds files beside its own. */
const ofModels = /\/(trial|graph|random|space|modules)\/index\.js$/;

function bundle(name, external, renamed = {}) {
  /** Modules export and do nothing else: those that nothing is used of are left out. */
  const leaveOut = {
    name: 'leave-out',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^\./ }, async ({ path, resolveDir, importer, kind, pluginData }) => {
        if (pluginData === leaveOut) return undefined;
        const resolved = await resolve(path, { resolveDir, importer, kind, pluginData: leaveOut });
        if (!external.some((pattern) => pattern.test(resolved.path))) return { ...resolved, sideEffects: false };
        const place = relative(folder, resolved.path);
        return { path: renamed[place] ?? (place.startsWith('.') ? place : `./${place}`), external: true };
      });
    },
  };
  return build({
    entryPoints: [`${folder}${name}.js`],
    outfile: `${folder}${name}-bundle.js`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    plugins: [leaveOut],
    logLevel: 'warning',
  });
}

await bundle('worker', [errors, /\/engine\/prepare\.js$/], { 'prepare.js': './prepare-bundle.js' });
await bundle('prepare', [errors, ofModels]);
