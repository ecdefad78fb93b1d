import * as tf from '@tensorflow/tfjs';
import type { KeyedRandom } from '../keyed-random.js';
import type { Setting } from '../optimizers/index.js';
import { imageBatch } from './image-batch.js';

/**
 * Sets a square of each image to zero (DeVries & Taylor 2017, "Improved regularization of convolutional neural networks with
 * cutout", section 3, https://arxiv.org/abs/1708.04552). Its centre is drawn evenly from the whole image, so that squares may
 * lie partly outside, as in the paper. Where height and width differ it is a rectangle of their proportions.
 *
 * @param images float32 `[batch, height, width, channels]`
 * @param strength side of the square as a share of the image's, in [0, 1] (the paper's 16 pixels of CIFAR-10's 32 are 0.5); 0 leaves
 * images as they are
 * @returns float32 of the same shape. Error: TRIAL_BATCH_NOT_IMAGES
 */
export function cutout(images: tf.Tensor, strength: Setting, random: KeyedRandom): tf.Tensor4D {
  const given = imageBatch(images, 'cutout');
  return tf.tidy(() => {
    const [batch, height, width] = given.shape;
    const centres = random.uniform([batch, 2]);
    const rows = isCovered(height, centres.slice([0, 0], [batch, 1]), strength).expandDims(2);
    const columns = isCovered(width, centres.slice([0, 1], [batch, 1]), strength).expandDims(1);
    return given.mul(tf.sub(1, rows.mul(columns)).expandDims(3)) as tf.Tensor4D;
  });
}

/** 1 for positions whose middle is within the square: float32 `[batch, size]`. */
function isCovered(size: number, centre: tf.Tensor, strength: Setting): tf.Tensor {
  const distance = tf.range(0, size).add(0.5).div(size).expandDims(0).sub(centre).abs();
  return distance.less(tf.div(strength, 2)).cast('float32');
}
