import * as tf from '@tensorflow/tfjs';
import type { KeyedRandom } from '../keyed-random.js';
import type { Setting } from '../optimizers/index.js';

/**
 * Mixup (Zhang et al. 2018): each row is mixed with the row opposite to it in the batch (batches are shuffled), with a
 * weight drawn for the whole batch, uniform in [0, `strength`].
 *
 * The paper draws the weight from a Beta(α, α); a uniform one has a strength that can be tuned by a tensor, 0 being no
 * mixup and 0.5 as much as there can be.
 *
 * @param x float32 `[batch, …]`
 * @param targets float32 `[batch, …]`: one-hot (or smoothed) labels, or numbers
 * @param strength in [0, 0.5]
 */
export function mixup(
  x: tf.Tensor,
  targets: tf.Tensor,
  strength: Setting,
  random: KeyedRandom,
): { x: tf.Tensor; targets: tf.Tensor } {
  const weight = random.uniform([]).mul(strength);
  const mix = (tensor: tf.Tensor) => tensor.mul(tf.sub(1, weight)).add(tensor.reverse(0).mul(weight));
  return { x: mix(x), targets: mix(targets) };
}
