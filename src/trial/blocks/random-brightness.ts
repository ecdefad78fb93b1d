import * as tf from '@tensorflow/tfjs';
import type { KeyedRandom } from '../keyed-random.js';
import type { Setting } from '../optimizers/index.js';
import { imageBatch } from './image-batch.js';

/**
 * Adds a number to all values of an image, drawn for each image, uniform in [-`strength`, `strength`). Values are not cut off at the
 * ends of their range: what a pixel's range is, is the data set's affair.
 *
 * @param images float32 `[batch, height, width, channels]`
 * @param strength 0 or above, in the unit of the values; 0 leaves images as they are
 * @returns float32 of the same shape. Error: TRIAL_BATCH_NOT_IMAGES
 */
export function randomBrightness(images: tf.Tensor, strength: Setting, random: KeyedRandom): tf.Tensor4D {
  const given = imageBatch(images, 'randomBrightness');
  return tf.tidy(() => {
    const sides = random.uniform([given.shape[0], 1, 1, 1]).mul(2).sub(1);
    return given.add(sides.mul(strength)) as tf.Tensor4D;
  });
}
