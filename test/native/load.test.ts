import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  install,
  loadSegmentAddon,
  loadTfjsNode,
  type NativePaths,
  nativeVersions,
  type TfjsBinding,
} from '../../src/native/index.js';
import { withoutBanner } from '../../src/native/load.js';
import { productIsRight } from '../../src/native/product-check.js';
import { applyPatch, sourcePatches } from '../../src/native/tfjs-node-patches.js';
import { type CompiledSource, compileSource } from '../files/compiled-source.js';

let paths: NativePaths;
let source: CompiledSource;
beforeAll(async () => {
  paths = await install();
  source = compileSource(['errors', 'files', 'native']);
});
afterAll(() => source.remove());

/** A binding that runs operations through `executeOp` and is like `binding` otherwise. */
const withExecuteOp = (binding: TfjsBinding, executeOp: TfjsBinding['executeOp']): TfjsBinding =>
  Object.create(binding, { executeOp: { value: executeOp } });

describe('loadTfjsNode', () => {
  it('makes the caller’s own tfjs compute natively', () => {
    const { backend, binding } = loadTfjsNode(paths, tf);
    expect(tf.getBackend()).toBe('tensorflow');
    expect(tf.backend()).toBe(backend);
    expect(backend.binding).toBe(binding);
    expect(binding.TF_Version).toBe(nativeVersions.libtensorflow);
    const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]));
    expect(product).toBeInstanceOf(tf.Tensor);
    expect([...product.dataSync()]).toEqual([19, 22, 43, 50]);
  });

  it('gives the same one again, and makes it the current one', () => {
    const first = loadTfjsNode(paths, tf);
    expect(tf.setBackend('cpu')).toBeInstanceOf(Promise);
    expect(tf.getBackend()).toBe('cpu');
    expect(loadTfjsNode(paths, tf)).toBe(first);
    expect(tf.backend()).toBe(first.backend);
  });

  it('brings no second tfjs, and leaves no trace of how it passed this one on', () => {
    loadTfjsNode(paths, tf);
    const { cache } = createRequire(import.meta.url);
    const ours = Object.keys(cache).filter((path) => path.endsWith(join('@tensorflow', 'tfjs', 'dist', 'tf.node.js')));
    expect(ours).toHaveLength(1);
    expect(Object.getOwnPropertySymbols(globalThis).map(String)).not.toContain('Symbol(tfjs-tuner.tfjs)');
  });

  it('has kernels that use what newer Nodes took out of util', () => {
    loadTfjsNode(paths, tf);
    const { values, indices } = tf.topk(tf.tensor1d([3, 1, 4, 1, 5]), 2);
    expect([...values.dataSync(), ...indices.dataSync()]).toEqual([5, 4, 4, 2]);
    expect([...tf.concat([tf.tensor1d([1]), tf.tensor1d([2])]).dataSync()]).toEqual([1, 2]);
  });

  it('has gradients: a step of descent on a square', () => {
    loadTfjsNode(paths, tf);
    const x = tf.variable(tf.scalar(3));
    tf.train.sgd(0.25).minimize(() => tf.square(x) as tf.Scalar);
    expect(x.dataSync()[0]).toBe(1.5);
  });

  it('runs every operation through backend.binding, so that it can be recorded', () => {
    const { backend, binding } = loadTfjsNode(paths, tf);
    const names: string[] = [];
    const spy = withExecuteOp(binding, (name, ...rest) => {
      names.push(name);
      return binding.executeOp(name, ...rest);
    });
    backend.binding = spy;
    try {
      tf.add(tf.relu(tf.tensor1d([-1])), 1).dataSync();
    } finally {
      backend.binding = binding;
    }
    expect(names).toEqual(expect.arrayContaining(['Relu', 'Add']));
  });

  it('says which file does not load', () => {
    const broken = { ...paths, tfjsNode: '/elsewhere', tfjsBinding: '/no/such/binding.node' };
    expect(() => loadTfjsNode(broken, tf)).toThrow(
      expect.objectContaining({
        code: 'NATIVE_LOAD_FAILED',
        message: expect.stringContaining('/no/such/binding.node'),
      }),
    );
    const noLibrary = { ...paths, libraries: [join(source.folder, 'package.json')] };
    expect(() => loadSegmentAddon(noLibrary)).toThrow(
      expect.objectContaining({ code: 'NATIVE_LOAD_FAILED', message: expect.stringContaining('package.json') }),
    );
  });
});

describe('loadSegmentAddon', () => {
  it('is built on the same library', () => {
    expect(loadSegmentAddon(paths).statistics().version).toBe(nativeVersions.libtensorflow);
  });
});

describe('the addon', () => {
  it('is compiled from sources in which threads share no names of attributes', () => {
    const text = readFileSync(join(paths.tfjsNode, 'binding/tfjs_backend.cc'), 'utf8');
    for (const { after } of sourcePatches) expect(text.split(after)).toHaveLength(2);
  });
});

describe('applyPatch', () => {
  const patch = { file: 'a.cc', before: 'old', after: '$& new' };

  it('changes the one place that it is for, letter by letter', () => {
    expect(applyPatch('an old text', patch)).toBe('an $& new text');
  });

  it('refuses a text that has the place not once', () => {
    for (const text of ['', 'new', 'old and old']) {
      expect(() => applyPatch(text, patch)).toThrow(expect.objectContaining({ code: 'NATIVE_UNPACK_FAILED' }));
    }
  });
});

describe('productIsRight', () => {
  it('is true here, and false when the product is another', () => {
    const { backend, binding } = loadTfjsNode(paths, tf);
    expect(productIsRight(tf, backend)).toBe(true);
    const lying = withExecuteOp(binding, (name, attributes, ids, count) =>
      binding.executeOp(name, attributes, name.includes('MatMul') ? ids.toReversed() : ids, count),
    );
    backend.binding = lying;
    try {
      expect(productIsRight(tf, backend)).toBe(false);
    } finally {
      backend.binding = binding;
    }
  });
});

/** Loads in a process of its own, in the main thread or in three workers at once, and prints one product a thread. */
function inProcess(where: 'main' | 'workers', environment: Record<string, string | undefined> = {}) {
  const thread = `
    import { parentPort, workerData } from 'node:worker_threads';
    import tf from '@tensorflow/tfjs';
    import { loadSegmentAddon, loadTfjsNode, locate } from './src/native/index.js';
    const paths = await locate();
    loadSegmentAddon(paths);
    loadTfjsNode(paths, tf);
    const product = [...tf.matMul(tf.ones([2, 3]), tf.fill([3, 2], workerData ?? 1)).dataSync()].join();
    if (parentPort === null) console.log(product);
    else parentPort.postMessage(product);`;
  const workers = `
    import { Worker } from 'node:worker_threads';
    const products = [1, 2, 3].map((workerData) => new Promise((done, failed) => {
      new Worker(new URL('./main.mjs', import.meta.url), { workerData }).on('message', done).on('error', failed);
    }));
    console.log((await Promise.all(products)).join(' '));`;
  writeFileSync(join(source.folder, 'main.mjs'), thread);
  writeFileSync(join(source.folder, 'workers.mjs'), workers);
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: undefined, NODE_OPTIONS: undefined, ...environment };
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(source.folder, `${where}.mjs`)], {
    env,
    encoding: 'utf8',
  });
  return { stdout: stdout.trim(), stderr, status };
}

describe('loading in a process of its own', () => {
  it('prints nothing of its own', () => {
    expect(inProcess('main')).toEqual({ stdout: '3,3,3,3', stderr: '', status: 0 });
  });

  it('works in worker threads at once, and prints nothing there either', () => {
    expect(inProcess('workers')).toEqual({ stdout: '3,3,3,3 6,6,6,6 9,9,9,9', stderr: '', status: 0 });
  });

  it('shows what TensorFlow has to say to a user who asks for it', () => {
    expect(inProcess('main', { TF_CPP_MIN_LOG_LEVEL: '0', TF_ENABLE_ONEDNN_OPTS: '1' }).stderr).toMatch(/oneDNN/);
  });
});

describe('withoutBanner', () => {
  const banner = [
    'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n',
    'I0000 00:00:1795465678.156812    7709 port.cc:153] oneDNN custom operations are on.\n',
    'W0000 00:00:1795465678.156812    7709 some.cc:1] a warning\n',
    'E0000 00:00:1795465678.156812    7709 other.cc:2] an error\n',
  ];
  const others = ['  63% |████', '\rtraining\n', 'Info: not TensorFlow’s\n', 'E0000 neither\n'];

  it('keeps errors, and whatever others wrote, letter by letter', () => {
    const mixed = [others[0]!, '\n', ...banner, ...others.slice(1)].join('');
    expect(withoutBanner(mixed, 2)).toBe([others[0]!, '\n', banner[3]!, ...others.slice(1)].join(''));
    expect(withoutBanner(mixed, 1)).toContain('a warning');
    expect(withoutBanner(mixed, 0)).toBe(mixed);
    expect(withoutBanner('', 2)).toBe('');
  });
});
