import type * as tf from '@tensorflow/tfjs';
import { errors } from '../errors.js';

/** A batch's features as images, `[batch, height, width, channels]`. Error: TRIAL_BATCH_NOT_IMAGES. */
export function imageBatch(x: tf.Tensor, block: string): tf.Tensor4D {
  if (x.rank !== 4) throw errors.TRIAL_BATCH_NOT_IMAGES({ block, shape: x.shape });
  return x as tf.Tensor4D;
}
