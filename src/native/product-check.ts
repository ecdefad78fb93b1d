import type { TfjsBackend } from './load.js';

type Tfjs = typeof import('@tensorflow/tfjs');

const size = 48;

/** A square matrix of whole numbers from -6 to 6, row by row. */
function matrix(a: number, b: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => ((Math.floor(i / size) * a + (i % size) * b) % 13) - 6);
}

/**
 * Whether the native backend multiplies two matrices as plain arithmetic does. The sums are whole numbers of at most
 * 48 · 36 in size, which a float32 holds exactly in whatever order they are added: equality is the test.
 */
export function productIsRight(tf: Tfjs, backend: TfjsBackend): boolean {
  const [left, right] = [matrix(5, 3), matrix(2, 7)];
  const product = tf.tidy(() =>
    tf.matMul(tf.tensor2d(left, [size, size]), tf.tensor2d(right, [size, size])).dataSync(),
  );
  if (tf.backend() !== backend) return false;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let sum = 0;
      for (let k = 0; k < size; k += 1) sum += left[row * size + k]! * right[k * size + column]!;
      if (product[row * size + column] !== sum) return false;
    }
  }
  return true;
}
