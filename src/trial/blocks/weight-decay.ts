import * as tf from '@tensorflow/tfjs';
import type { Setting } from '../optimizers/index.js';

/**
 * Shrinks variables by `rate` of their values, apart from the gradient (Loshchilov & Hutter 2019, "Decoupled weight decay
 * regularization", algorithm 2; https://arxiv.org/abs/1711.05101): to be called after the optimizer's update. The paper multiplies its
 * rate by the schedule's multiplier, which is left to the caller: `decayWeights(weights, weightDecay.mul(learningRate))` is what PyTorch's
 * AdamW does.
 *
 * @param rate 0 or above, below 1: the share of each value that is taken away
 */
export function decayWeights(variables: readonly tf.Variable[], rate: Setting): void {
  tf.tidy(() => {
    const kept = tf.sub(1, rate);
    for (const variable of variables) variable.assign(variable.mul(kept));
  });
}
