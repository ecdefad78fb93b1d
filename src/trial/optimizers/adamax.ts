import * as tf from '@tensorflow/tfjs';
import { Optimizer, type Setting } from './optimizer.js';

interface AdamaxSettings {
  readonly learningRate: Setting;
  /** β₁, in [0, 1); 0.9 unless given. */
  readonly beta1?: Setting;
  /** β₂, in [0, 1); 0.999 unless given. */
  readonly beta2?: Setting;
  /** Added to the norm; 1e-8 unless given. */
  readonly epsilon?: Setting;
}

/** AdaMax (Kingma & Ba 2015, algorithm 2): `m ← β₁ m + (1−β₁) g`, `u ← max(β₂ u, |g|)`, `θ ← θ − η / (1−∏β₁) · m / (u + ε)`. */
class Adamax extends Optimizer<AdamaxSettings> {
  readonly #moments = this.slots('first moment');
  readonly #norms = this.slots('infinity norm');
  readonly #product1 = tf.variable(tf.scalar(1), false, `${this.variables[0]!.name}/product of beta1`);

  update(gradients: readonly tf.Tensor[], settings: AdamaxSettings): void {
    const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = settings;
    this.#product1.assign(this.#product1.mul(beta1));
    const rate = tf.div(learningRate, tf.sub(1, this.#product1));
    for (const [index, variable] of this.variables.entries()) {
      const gradient = gradients[index]!;
      const moment = this.#moments[index]!.mul(beta1).add(gradient.mul(this.oneMinus(beta1)));
      const norm = tf.maximum(this.#norms[index]!.mul(beta2), gradient.abs());
      this.#moments[index]!.assign(moment);
      this.#norms[index]!.assign(norm);
      variable.assign(variable.sub(moment.div(norm.add(epsilon)).mul(rate)));
    }
  }
}

export function adamax(variables: readonly tf.Variable[]): Adamax {
  return new Adamax(variables);
}
