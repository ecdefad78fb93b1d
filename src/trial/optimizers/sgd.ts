import type * as tf from '@tensorflow/tfjs';
import { Optimizer, type Setting } from './optimizer.js';

/** Stochastic gradient descent (Robbins & Monro 1951): `θ ← θ − η g`. */
class Sgd extends Optimizer<{ learningRate: Setting }> {
  update(gradients: readonly tf.Tensor[], { learningRate }: { learningRate: Setting }): void {
    for (const [index, variable] of this.variables.entries()) {
      variable.assign(variable.sub(gradients[index]!.mul(learningRate)));
    }
  }
}

export function sgd(variables: readonly tf.Variable[]): Sgd {
  return new Sgd(variables);
}
