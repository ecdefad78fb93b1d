import type * as tf from '@tensorflow/tfjs';
import { Optimizer, type Setting } from './optimizer.js';

interface AdagradSettings {
  readonly learningRate: Setting;
  /** Under the root; 1e-7 unless given. */
  readonly epsilon?: Setting;
}

/** Adagrad (Duchi, Hazan & Singer 2011): `s ← s + g²`, `θ ← θ − η g / √(s + ε)`; s starts at `initialAccumulator`. */
class Adagrad extends Optimizer<AdagradSettings> {
  readonly #sums: readonly tf.Variable[];

  constructor(variables: readonly tf.Variable[], initialAccumulator: number) {
    super(variables);
    this.#sums = this.slots('sum of squares', initialAccumulator);
  }

  update(gradients: readonly tf.Tensor[], { learningRate, epsilon = 1e-7 }: AdagradSettings): void {
    for (const [index, variable] of this.variables.entries()) {
      const gradient = gradients[index]!;
      const sum = this.#sums[index]!.add(gradient.square());
      this.#sums[index]!.assign(sum);
      variable.assign(variable.sub(gradient.mul(learningRate).div(sum.add(epsilon).sqrt())));
    }
  }
}

export function adagrad(variables: readonly tf.Variable[], options: { initialAccumulator?: number } = {}): Adagrad {
  return new Adagrad(variables, options.initialAccumulator ?? 0.1);
}
