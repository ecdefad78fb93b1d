import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { errors } from './errors.js';
import type { NativePaths } from './locate.js';
import type { SegmentAddon } from './segment-addon.js';
import { tfjsKey } from './tfjs-stand-in.js';

type Tfjs = typeof import('@tensorflow/tfjs');

/** What comes back of an operation: a tensor of libtensorflow's, by its number. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** An attribute of an operation; `type` is one of the binding's TF_ATTR_… numbers. */
export interface OperationAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** The functions of tfjs-node's addon, and the numbers of TensorFlow's types. */
export interface TfjsBinding {
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView | readonly Uint8Array[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    name: string,
    attributes: readonly OperationAttribute[],
    inputIds: readonly number[],
    outputCount: number,
  ): TensorMetadata[];
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_COMPLEX64: number;
  readonly TF_STRING: number;
  readonly TF_RESOURCE: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_RESOURCE: number;
  readonly TF_Version: string;
}

/** tfjs-node's backend: a tfjs `KernelBackend` that runs every operation through `binding`. */
export type TfjsBackend = InstanceType<Tfjs['KernelBackend']> & {
  /** May be replaced, e.g. by one that records the operations, and put back. */
  binding: TfjsBinding;
  getInputTensorIds(tensors: ReadonlyArray<{ dataId: object }>): number[];
};

export interface TfjsNode {
  /** The addon itself, whatever `backend.binding` is at the moment. */
  readonly binding: TfjsBinding;
  readonly backend: TfjsBackend;
}

/** The level of TensorFlow's own messages where the user sets none: errors only. */
const defaultLogLevel = '2';

const require = createRequire(import.meta.url);
const loaded = new Map<string, TfjsNode>();

/**
 * Loads the companion addon in this thread (and libtensorflow in this process).
 * @throws NATIVE_LOAD_FAILED
 */
export function loadSegmentAddon(paths: NativePaths): SegmentAddon {
  openLibraries(paths);
  const addon = requireAddon(paths.segmentAddon) as SegmentAddon;
  // loading the library has read 250 MB of its files
  addon.trim();
  return addon;
}

/**
 * Loads tfjs-node in this thread and makes it the backend `tensorflow` of `tf`, the thread's tfjs, which is the current one
 * from then on. Later calls in the same thread give the same one. Works in worker threads; each has its own backend.
 * @throws NATIVE_LOAD_FAILED
 */
export function loadTfjsNode(paths: NativePaths, tf: Tfjs): TfjsNode {
  const node = loaded.get(paths.tfjsNode) ?? registerTfjsNode(paths, tf);
  // all that it does happens before its promise is made, since the factory is synchronous
  if (tf.getBackend() !== 'tensorflow') void tf.setBackend('tensorflow');
  return node;
}

function registerTfjsNode(paths: NativePaths, tf: Tfjs): TfjsNode {
  openLibraries(paths);
  const binding = requireAddon(paths.tfjsBinding) as TfjsBinding;
  putBackUtil();
  const backend = requireBackend(paths.tfjsNode, tf, binding);
  if (tf.findBackendFactory('tensorflow') !== null) tf.removeBackend('tensorflow');
  // one made before rather than in the factory: tfjs swallows what a factory throws
  tf.registerBackend('tensorflow', () => backend, 3);
  const node = { binding, backend };
  loaded.set(paths.tfjsNode, node);
  return node;
}

type BackendConstructor = new (binding: TfjsBinding, packageName: string) => TfjsBackend;

/** Loads the backend and its kernels, and not the package's index: that wants node-pre-gyp, and parts not used here. */
function requireBackend(folder: string, tf: Tfjs, binding: TfjsBinding): TfjsBackend {
  const scope = globalThis as { [tfjsKey]?: unknown };
  // the CommonJS module itself where `tf` is its namespace: modules made by TypeScript's `export *` have names there alone
  scope[tfjsKey] = (tf as { default?: unknown }).default ?? tf;
  try {
    const module = require(join(folder, 'dist', 'nodejs_kernel_backend.js')) as {
      NodeJSKernelBackend: BackendConstructor;
    };
    require(join(folder, 'dist', 'register_all_kernels.js'));
    const name = binding.isUsingGpuDevice() ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
    return new module.NodeJSKernelBackend(binding, name);
  } catch (error) {
    throw errors.NATIVE_LOAD_FAILED({ path: folder, reason: (error as Error).message }, error);
  } finally {
    delete scope[tfjsKey];
  }
}

/**
 * tfjs-node calls two functions of Node's `util` that Node 22 warns of and Node 23 removed. These do the same, in silence.
 */
function putBackUtil(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

function openLibraries({ openQuietly, libraries }: NativePaths): void {
  const { open } = requireAddon(openQuietly) as { open(paths: readonly string[], level: string): string };
  let text: string;
  try {
    text = open(libraries, defaultLogLevel);
  } catch (error) {
    throw errors.NATIVE_LOAD_FAILED({ path: libraries.join(', '), reason: (error as Error).message }, error);
  }
  const wanted = withoutBanner(text, Number(process.env.TF_CPP_MIN_LOG_LEVEL ?? defaultLogLevel));
  if (wanted !== '') writeSync(2, wanted);
}

/**
 * Removes TensorFlow's messages below `level` (0 information, 1 warnings, 2 errors) from what was written to standard error;
 * lines of anybody else, who may have written in that moment, stay.
 */
export function withoutBanner(text: string, level: number): string {
  const kept = text.split(/(?<=\n)/).filter((line) => {
    if (line.startsWith('WARNING: All log messages before absl::InitializeLog()')) return level <= 0;
    const severity = /^([IWEF])\d{4} .*\.cc:\d+\] /.exec(line)?.[1];
    return severity === undefined || 'IWEF'.indexOf(severity) >= level;
  });
  return kept.join('');
}

function requireAddon(path: string): unknown {
  try {
    return require(path);
  } catch (error) {
    throw errors.NATIVE_LOAD_FAILED({ path, reason: (error as Error).message.split('\n')[0] ?? '' }, error);
  }
}
