import * as tf from '@tensorflow/tfjs';
import type { Setting } from '../optimizers/index.js';

/**
 * Moves `averages` towards `variables`: `a ← d a + (1 − d) v`. The averages of weights predict better than the weights that training
 * has just reached (Polyak & Juditsky 1992, "Acceleration of stochastic approximation by averaging"; in this form Tarvainen & Valpola
 * 2017, "Mean teachers", section 2). To be called after the optimizer's update; a second network, made in `build` like the first,
 * holds the averages, and is what evaluates and what is exported.
 *
 * @param averages of the same number and shapes as `variables`, in their order
 * @param decay d, in [0, 1): 0 copies. It is at most (1 + step) / (10 + step), so that initial weights are soon forgotten
 * @param step int32 scalar: the step's context has it
 */
export function averageWeights(
  averages: readonly tf.Variable[],
  variables: readonly tf.Variable[],
  decay: Setting,
  step: tf.Scalar,
): void {
  tf.tidy(() => {
    const steps = step.cast('float32');
    const kept = tf.minimum(decay, steps.add(1).div(steps.add(10)));
    const taken = tf.sub(1, kept);
    for (const [index, average] of averages.entries()) {
      average.assign(average.mul(kept).add(variables[index]!.mul(taken)));
    }
  });
}
