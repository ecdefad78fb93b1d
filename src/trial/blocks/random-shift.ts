import * as tf from '@tensorflow/tfjs';
import type { KeyedRandom } from '../keyed-random.js';
import type { Setting } from '../optimizers/index.js';
import { imageBatch } from './image-batch.js';

/** What is seen beyond an image's edge: zeros, the edge's own pixels, or the image mirrored at them. */
export type ShiftFill = 'zero' | 'edge' | 'reflect';

/**
 * Moves each image by a whole number of pixels down and across, drawn for each image and direction. With zeros beyond the edge
 * it is the random crop of a padded image (He et al. 2016, "Deep residual learning for image recognition", section 4.2, have 4
 * pixels for images of 32: a strength of 0.125).
 *
 * @param images float32 `[batch, height, width, channels]`
 * @param strength the farthest shift as a share of height and width, in [0, 1). Shifts of 0 to ±p pixels have the same probability
 * where p = `strength` × side is a whole number; otherwise the outermost ones have less. 0 leaves images as they are.
 * @returns float32 of the same shape. Error: TRIAL_BATCH_NOT_IMAGES
 */
export function randomShift(
  images: tf.Tensor,
  strength: Setting,
  random: KeyedRandom,
  fill: ShiftFill = 'zero',
): tf.Tensor4D {
  const given = imageBatch(images, 'randomShift');
  return tf.tidy(() => {
    const [batch, height, width, channels] = given.shape;
    const drawn = random.uniform([batch, 2]);
    const rows = seen(height, drawn.slice([0, 0], [batch, 1]), strength);
    const columns = seen(width, drawn.slice([0, 1], [batch, 1]), strength);
    const firstRows = tf.range(0, batch, 1, 'int32').mul(tf.scalar(height, 'int32')).expandDims(1);
    const rowStarts = firstRows.add(inside(rows, height, fill)).mul(tf.scalar(width, 'int32'));
    const pixels = rowStarts.expandDims(2).add(inside(columns, width, fill).expandDims(1));
    const moved = given.reshape([-1, channels]).gather(pixels.flatten().cast('int32')).reshape(given.shape);
    if (fill !== 'zero') return moved as tf.Tensor4D;
    const kept = isInside(rows, height).expandDims(2).mul(isInside(columns, width).expandDims(1));
    return moved.mul(kept.expandDims(3)) as tf.Tensor4D;
  });
}

/** Which position of the image is seen at each position of its shifted copy: float32 `[batch, size]`, whole numbers. */
function seen(size: number, uniform: tf.Tensor, strength: Setting): tf.Tensor {
  const reach = tf.mul(strength, size).add(0.5);
  const shift = uniform.mul(2).sub(1).mul(reach).add(0.5).floor();
  return tf.range(0, size).expandDims(0).sub(shift);
}

function isInside(positions: tf.Tensor, size: number): tf.Tensor {
  return positions
    .clipByValue(0, size - 1)
    .equal(positions)
    .cast('float32');
}

/** Positions within the image, int32, for those beyond it. */
function inside(positions: tf.Tensor, size: number, fill: ShiftFill): tf.Tensor {
  const last = size - 1;
  const mirrored = () => tf.sub(last, tf.sub(last, positions.abs()).abs());
  const within = fill === 'reflect' ? mirrored() : positions;
  return within.clipByValue(0, last).cast('int32');
}
