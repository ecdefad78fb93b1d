import * as tf from '@tensorflow/tfjs';
import type { Setting } from '../optimizers/index.js';

/**
 * Scales gradients together so that their common Euclidean norm is at most `limit` (Pascanu, Mikolov & Bengio 2013,
 * "On the difficulty of training recurrent neural networks", algorithm 1). Gradients that are not finite stay so.
 *
 * @param limit above 0
 */
export function clipByGlobalNorm(gradients: readonly tf.Tensor[], limit: Setting): tf.Tensor[] {
  return tf.tidy(() => {
    const squares = gradients.map((gradient) => gradient.square().sum());
    const norm = tf.addN(squares).sqrt();
    const factor = tf.div(limit, tf.maximum(norm, limit));
    return gradients.map((gradient) => gradient.mul(factor));
  });
}
