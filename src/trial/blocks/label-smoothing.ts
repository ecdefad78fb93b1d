import * as tf from '@tensorflow/tfjs';
import type { Setting } from '../optimizers/index.js';

/**
 * One-hot labels with a part `smoothing` of their mass spread evenly over all classes (Szegedy et al. 2016, "Rethinking the
 * Inception architecture", section 7).
 *
 * @param labels int32 `[batch]`
 * @param smoothing in [0, 1)
 * @returns float32 `[batch, classCount]`
 */
export function smoothLabels(labels: tf.Tensor1D, classCount: number, smoothing: Setting): tf.Tensor2D {
  return tf.tidy(() => {
    const hard = tf.oneHot(labels, classCount).cast('float32');
    return hard.mul(tf.sub(1, smoothing)).add(tf.div(smoothing, classCount)) as tf.Tensor2D;
  });
}
