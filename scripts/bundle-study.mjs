// Bundles tfjs-tuner/study into one file, dist/study.js: Node takes longer to find its hundred modules than to run them
// (bench/load-time.mjs), and a browser would ask for each. Runs after the compiler.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const inDist = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

await build({
  entryPoints: [inDist('src/study/public.js')],
  outfile: inDist('study.js'),
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2023',
  // comments are in the modules beside it; names stay as they are, for stack traces
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'eof',
  logLevel: 'warning',
});
