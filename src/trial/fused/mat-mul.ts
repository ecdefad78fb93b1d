import * as tf from '@tensorflow/tfjs';
import { canFuse } from './active.js';
import { rawOp } from './raw-op.js';

interface MatMulInputs {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
}
interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** tfjs multiplies two matrices as a batch of one; TensorFlow's `MatMul` does without the reshapes, and fuses with what follows. */
export function installMatMul(): void {
  const backendName = tf.getBackend();
  const kernel = tf.getKernel('BatchMatMul', backendName);
  tf.unregisterKernel('BatchMatMul', backendName);
  tf.registerKernel({
    ...kernel,
    kernelFunc: (given) => {
      const { a, b } = given.inputs as unknown as MatMulInputs;
      if (!canFuse('mat-mul') || !isMatrix(a) || !isMatrix(b) || a.dtype !== 'float32') return kernel.kernelFunc(given);
      return matMul(a, b, given.attrs as unknown as MatMulAttributes);
    },
  });
}

/** Two dimensions, or more of which all but the last two are 1. */
const isMatrix = ({ rank, shape }: tf.Tensor) => rank >= 2 && shape.slice(0, -2).every((size) => size === 1);

function matMul(a: tf.Tensor, b: tf.Tensor, { transposeA, transposeB }: MatMulAttributes): tf.Tensor {
  const attributes = { T: { type: 'float32' }, transpose_a: transposeA, transpose_b: transposeB } as const;
  const product = rawOp('MatMul', attributes, [a.reshape(a.shape.slice(-2)), b.reshape(b.shape.slice(-2))], 1)[0]!;
  const ones = new Array<number>(Math.max(a.rank, b.rank) - 2).fill(1);
  return product.reshape([...ones, ...product.shape]);
}
