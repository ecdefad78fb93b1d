import * as tf from '@tensorflow/tfjs';
import { Optimizer, type Setting } from './optimizer.js';

interface AdamSettings {
  readonly learningRate: Setting;
  /** β₁, in [0, 1); 0.9 unless given. */
  readonly beta1?: Setting;
  /** β₂, in [0, 1); 0.999 unless given. */
  readonly beta2?: Setting;
  /** Added to the root; 1e-8 unless given. */
  readonly epsilon?: Setting;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1): `m ← β₁ m + (1−β₁) g`, `v ← β₂ v + (1−β₂) g²`, and
 * `θ ← θ − η m̂ / (√v̂ + ε)` with the bias-corrected `m̂ = m / (1−∏β₁)` and `v̂ = v / (1−∏β₂)`.
 *
 * The paper's `βᵗ` is kept as a running product, which stays right when a β is changed while the trial runs.
 */
class Adam extends Optimizer<AdamSettings> {
  readonly #first = this.slots('first moment');
  readonly #second = this.slots('second moment');
  readonly #product1 = tf.variable(tf.scalar(1), false, `${this.variables[0]!.name}/product of beta1`);
  readonly #product2 = tf.variable(tf.scalar(1), false, `${this.variables[0]!.name}/product of beta2`);

  update(gradients: readonly tf.Tensor[], settings: AdamSettings): void {
    const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = settings;
    this.#product1.assign(this.#product1.mul(beta1));
    this.#product2.assign(this.#product2.mul(beta2));
    const correction1 = tf.sub(1, this.#product1);
    const correction2 = tf.sub(1, this.#product2);
    for (const [index, variable] of this.variables.entries()) {
      const gradient = gradients[index]!;
      const first = this.#first[index]!.mul(beta1).add(gradient.mul(this.oneMinus(beta1)));
      const second = this.#second[index]!.mul(beta2).add(gradient.square().mul(this.oneMinus(beta2)));
      this.#first[index]!.assign(first);
      this.#second[index]!.assign(second);
      const step = first.div(correction1).div(second.div(correction2).sqrt().add(epsilon));
      variable.assign(variable.sub(step.mul(learningRate)));
    }
  }
}

export function adam(variables: readonly tf.Variable[]): Adam {
  return new Adam(variables);
}
