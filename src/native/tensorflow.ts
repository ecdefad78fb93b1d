/** `tfjs-tuner/tensorflow`: tfjs on the tuner's own libtensorflow, for code that is not traced, such as objective functions. */
import { type InstallOptions, install } from './install.js';
import { loadTfjsNode } from './load.js';

type Tfjs = typeof import('@tensorflow/tfjs');

let loading: Promise<Tfjs> | undefined;

/**
 * tfjs with the backend `tensorflow`, in this thread: operations run one by one on libtensorflow, which is installed first where it is
 * not there yet. Later calls in the same thread give the same.
 *
 * @throws NATIVE_… where it cannot be installed or loaded
 */
export function loadTensorFlow(options: InstallOptions = {}): Promise<Tfjs> {
  loading ??= load(options).catch((error: unknown) => {
    // the next call tries again
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(options: InstallOptions): Promise<Tfjs> {
  const native = await install(options);
  const tf = await import('@tensorflow/tfjs');
  loadTfjsNode(native, tf);
  return tf;
}
