import * as tf from '@tensorflow/tfjs';
import type { KeyedRandom } from '../keyed-random.js';
import type { Setting } from '../optimizers/index.js';
import { imageBatch } from './image-batch.js';

const axes = { vertical: 1, horizontal: 2 } as const;

/**
 * Mirrors each image, left to right (or top to bottom), with a probability.
 *
 * @param images float32 `[batch, height, width, channels]`
 * @param probability in [0, 1]: 0 leaves images as they are, 0.5 makes both sides alike
 * @returns float32 of the same shape. Error: TRIAL_BATCH_NOT_IMAGES
 */
export function randomFlip(
  images: tf.Tensor,
  probability: Setting,
  random: KeyedRandom,
  direction: keyof typeof axes = 'horizontal',
): tf.Tensor4D {
  const given = imageBatch(images, 'randomFlip');
  return tf.tidy(() => {
    const isFlipped = random.uniform([given.shape[0], 1, 1, 1]).less(probability);
    return tf.where(isFlipped, given.reverse(axes[direction]), given) as tf.Tensor4D;
  });
}
