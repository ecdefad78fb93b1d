/** Gradients of activations that tfjs composes of up to eight ops, and TensorFlow has as one. */
import * as tf from '@tensorflow/tfjs';
import { canFuseGradient } from './active.js';
import { rawOp } from './raw-op.js';

const float = { T: { type: 'float32' } } as const;

interface FusedGradient {
  readonly op: string;
  /** The op's inputs from the incoming gradient and what tfjs saves: the activation's input, or its output. */
  readonly inputs: (dy: tf.Tensor, saved: tf.Tensor) => tf.Tensor[];
  /** What tfjs calls the activation's argument. */
  readonly argument: string;
}

const afterGradient = (dy: tf.Tensor, saved: tf.Tensor) => [dy, saved];
const beforeGradient = (dy: tf.Tensor, saved: tf.Tensor) => [saved, dy];

const fused: Readonly<Record<string, FusedGradient>> = {
  Relu: { op: 'ReluGrad', inputs: afterGradient, argument: 'x' },
  Relu6: { op: 'Relu6Grad', inputs: afterGradient, argument: 'x' },
  Sigmoid: { op: 'SigmoidGrad', inputs: beforeGradient, argument: 'x' },
  Softplus: { op: 'SoftplusGrad', inputs: afterGradient, argument: 'x' },
  Tanh: { op: 'TanhGrad', inputs: beforeGradient, argument: 'x' },
};

/** Replaces tfjs's gradients by ones that ask each time whether to fuse. */
export function installFusedGradients(): void {
  for (const [kernelName, gradient] of Object.entries(fused)) {
    const original = tf.getGradient(kernelName)!;
    tf.unregisterGradient(kernelName);
    tf.registerGradient({ ...original, gradFunc: fusedGradient(original.gradFunc, gradient) });
  }
}

function fusedGradient(original: tf.GradFunc, { op, inputs, argument }: FusedGradient): tf.GradFunc {
  return (dy, saved, attrs) => {
    const [given] = saved;
    const incoming = dy as tf.Tensor;
    if (!canFuseGradient('activation-gradients') || incoming.dtype !== 'float32') return original(dy, saved, attrs);
    return { [argument]: () => rawOp(op, float, inputs(incoming, given!), 1)[0]! };
  };
}
