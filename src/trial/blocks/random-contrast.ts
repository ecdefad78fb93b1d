import * as tf from '@tensorflow/tfjs';
import type { KeyedRandom } from '../keyed-random.js';
import type { Setting } from '../optimizers/index.js';
import { imageBatch } from './image-batch.js';

/**
 * Multiplies the distance of an image's values from their mean by a factor, drawn for each image, uniform in [1 - `strength`,
 * 1 + `strength`). The mean is that of each channel. Values are not cut off at the ends of their range.
 *
 * @param images float32 `[batch, height, width, channels]`
 * @param strength in [0, 1]; 0 leaves images as they are
 * @returns float32 of the same shape. Error: TRIAL_BATCH_NOT_IMAGES
 */
export function randomContrast(images: tf.Tensor, strength: Setting, random: KeyedRandom): tf.Tensor4D {
  const given = imageBatch(images, 'randomContrast');
  return tf.tidy(() => {
    const sides = random.uniform([given.shape[0], 1, 1, 1]).mul(2).sub(1);
    const distances = given.sub(given.mean([1, 2], true));
    // added, not multiplied: at strength 0 the very same bits come out
    return given.add(distances.mul(sides.mul(strength))) as tf.Tensor4D;
  });
}
