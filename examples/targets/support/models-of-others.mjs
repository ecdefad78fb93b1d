/** Models that others wrote, brought to .cache/models-of-others as they are: nothing of them is in this repository. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { extract } from 'tar';
import { output, root } from './run.mjs';

const cache = join(root, '.cache/models-of-others');

/** A folder of the cache, made anew unless an earlier run has completed it. */
async function cached(name, make) {
  const folder = join(cache, name);
  const stamp = join(folder, '.complete');
  if (!existsSync(stamp)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await make(folder);
    writeFileSync(stamp, '');
  }
  return folder;
}

/** What a browser bundle of the package exports. */
function bundleExports(path) {
  const module = { exports: {} };
  new Function('module', 'exports', readFileSync(path, 'utf8'))(module, module.exports);
  return module.exports;
}

/**
 * MobileNetV2 as the npm package nsfwjs 4.4.0 (MIT) carries it: written by Keras 2.2.4 and TensorFlow.js's converter, with quantized weights. The package
 * has the folder's files as bundles, of JSON and of base64; here they are files again.
 */
export const nsfwMobileNet = () =>
  cached('nsfwjs-mobilenet-v2', async (folder) => {
    const packed = JSON.parse(await output('npm', ['pack', 'nsfwjs@4.4.0', '--json', '--pack-destination', folder]));
    await extract({ file: join(folder, packed[0].filename), cwd: folder });
    const bundles = join(folder, 'package/dist/models/mobilenet_v2');
    const model = bundleExports(join(bundles, 'model.min.js'));
    writeFileSync(join(folder, 'model.json'), JSON.stringify(model));
    for (const path of model.weightsManifest.flatMap(({ paths }) => paths)) {
      writeFileSync(join(folder, path), Buffer.from(bundleExports(join(bundles, `${path}.min.js`)), 'base64'));
    }
  });

/** The topology of `keras.applications.MobileNet` (MIT, PyPI: keras 3.15.1), as Keras 3's `model.to_json()` has it. */
export const kerasMobileNet = (python, env) =>
  cached('keras-mobilenet', async (folder) => {
    const code = [
      'import keras, sys',
      'model = keras.applications.MobileNet(input_shape=(32, 32, 3), alpha=0.25, weights=None, classes=10)',
      "open(sys.argv[1], 'w').write(model.to_json())",
    ];
    await output(python, ['-c', code.join('\n'), join(folder, 'model.json')], { env });
  });

const repository = 'https://github.com/tensorflow/tfjs-examples';

/**
 * Folders of TensorFlow.js's own examples (Apache-2.0), below this repository so that they find its tfjs.
 *
 * @param given a clone that is there already
 */
export const tfjsExamples = (given) =>
  cached('tfjs-examples', async (folder) => {
    let clone = given;
    if (clone === undefined) {
      clone = join(folder, 'clone');
      await output('git', ['clone', '--quiet', '--depth', '1', repository, clone]).catch((error) => {
        throw new Error(`${error.message}: clone ${repository} yourself, and give the clone's path`);
      });
    }
    for (const name of ['abalone-node', 'mnist-node', 'quantization', 'sentiment']) {
      cpSync(join(clone, name), join(folder, name), { recursive: true });
    }
  });

/**
 * A module whose default export makes a model with a function that a module of theirs exports by name. What else that module imports, such as
 * readers of command lines, is left out: it is not installed.
 */
export async function moduleOf(path, call) {
  const outfile = path.replace(/\.js$/, `.${call.replace(/\W+/g, '-')}.cjs`);
  const name = /^\w+/.exec(call)[0];
  const others = {
    name: 'others',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path: module }) =>
        module === '@tensorflow/tfjs' ? { path: module, external: true } : { path: module, namespace: 'absent' },
      );
      onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }));
    },
  };
  await build({
    stdin: {
      contents: `import { ${name} } from ${JSON.stringify(path)}; export default () => ${call};`,
      resolveDir: dirname(path),
    },
    plugins: [others],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    logLevel: 'error',
    outfile,
  });
  return outfile;
}
