import * as tf from '@tensorflow/tfjs';
import type { TensorFlowBackend } from '../../src/graph/index.js';
import { install, loadSegmentAddon, loadTfjsNode, type SegmentAddon } from '../../src/native/index.js';

/** tfjs on libtensorflow, and the companion addon, in the test's own thread. */
export async function loadTensorFlow(): Promise<{ tf: typeof tf; backend: TensorFlowBackend; addon: SegmentAddon }> {
  const native = await install();
  const { backend } = loadTfjsNode(native, tf);
  return { tf, backend: backend as unknown as TensorFlowBackend, addon: loadSegmentAddon(native) };
}
