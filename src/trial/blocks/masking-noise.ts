import * as tf from '@tensorflow/tfjs';
import type { KeyedRandom } from '../keyed-random.js';
import type { Setting } from '../optimizers/index.js';

/**
 * Sets values to zero, each with probability `share`, and leaves the others as they are: the masking noise of denoising
 * autoencoders (Vincent et al. 2010, "Stacked denoising autoencoders", section 3.3). Unlike dropout it does not scale what is left.
 *
 * @param x float32 `[batch, …]`
 * @param share in [0, 1]; 0 leaves all values as they are
 */
export function maskingNoise<T extends tf.Tensor>(x: T, share: Setting, random: KeyedRandom): T {
  return tf.tidy(() => x.mul(random.uniform(x.shape).greaterEqual(share).cast('float32')) as T);
}
