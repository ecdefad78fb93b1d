import type * as tf from '@tensorflow/tfjs';
import type { TransformedMetric } from '../graph/index.js';

/**
 * For `evaluate`: reports the square root of the mean over all validation rows, such as the root mean squared error of squared errors.
 * Every row counts once, whatever the size of batches.
 *
 * @param values float32 `[batch]`, 0 or above: below, the mean may have no root, and the metric is NaN
 */
export function rootMean(values: tf.Tensor): TransformedMetric {
  return { values, transform: 'rootMean' };
}

/** For `evaluate`: reports e to the mean over all validation rows, such as the perplexity of losses in nats: float32 `[batch]`. */
export function exponentialMean(values: tf.Tensor): TransformedMetric {
  return { values, transform: 'exponentialMean' };
}
