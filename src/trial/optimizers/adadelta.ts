import type * as tf from '@tensorflow/tfjs';
import { Optimizer, type Setting } from './optimizer.js';

interface AdadeltaSettings {
  readonly learningRate: Setting;
  /** ρ, in [0, 1); 0.95 unless given. */
  readonly rho?: Setting;
  /** Under the roots; 1e-7 unless given. */
  readonly epsilon?: Setting;
}

/**
 * Adadelta (Zeiler 2012, algorithm 1): `s ← ρ s + (1−ρ) g²`, `Δ = √(u + ε) / √(s + ε) · g`, `u ← ρ u + (1−ρ) Δ²`, `θ ← θ − η Δ`. The
 * paper has no η (1 here). `tf.train.adadelta` divides by the old s; this divides by the new one, as the paper does.
 */
class Adadelta extends Optimizer<AdadeltaSettings> {
  readonly #gradients = this.slots('mean squared gradient');
  readonly #updates = this.slots('mean squared update');

  update(gradients: readonly tf.Tensor[], { learningRate, rho = 0.95, epsilon = 1e-7 }: AdadeltaSettings): void {
    for (const [index, variable] of this.variables.entries()) {
      const gradient = gradients[index]!;
      const squares = this.#gradients[index]!.mul(rho).add(gradient.square().mul(this.oneMinus(rho)));
      this.#gradients[index]!.assign(squares);
      const old = this.#updates[index]!;
      const step = old.add(epsilon).sqrt().div(squares.add(epsilon).sqrt()).mul(gradient);
      old.assign(old.mul(rho).add(step.square().mul(this.oneMinus(rho))));
      variable.assign(variable.sub(step.mul(learningRate)));
    }
  }
}

export function adadelta(variables: readonly tf.Variable[]): Adadelta {
  return new Adadelta(variables);
}
