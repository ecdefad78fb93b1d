import type * as tf from '@tensorflow/tfjs';
import { Optimizer, type Setting } from './optimizer.js';

interface RmspropSettings {
  readonly learningRate: Setting;
  /** ρ, in [0, 1); 0.9 unless given. */
  readonly decay?: Setting;
  /** μ, in [0, 1); 0 unless given. */
  readonly momentum?: Setting;
  /** Under the root; 1e-7 unless given. */
  readonly epsilon?: Setting;
}

/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6.5) with momentum: `s ← ρ s + (1−ρ) g²`, `m ← μ m + η g / √(s + ε)`, `θ ← θ − m`. As
 * `tf.train.rmsprop`, which has ε under the root.
 */
class Rmsprop extends Optimizer<RmspropSettings> {
  readonly #squares = this.slots('mean square');
  readonly #momenta = this.slots('momentum');

  update(gradients: readonly tf.Tensor[], settings: RmspropSettings): void {
    const { learningRate, decay = 0.9, momentum = 0, epsilon = 1e-7 } = settings;
    for (const [index, variable] of this.variables.entries()) {
      const gradient = gradients[index]!;
      const old = this.#squares[index]!;
      const squares = old.mul(decay).add(gradient.square().mul(this.oneMinus(decay)));
      old.assign(squares);
      const step = gradient.mul(learningRate).div(squares.add(epsilon).sqrt());
      const next = this.#momenta[index]!.mul(momentum).add(step);
      this.#momenta[index]!.assign(next);
      variable.assign(variable.sub(next));
    }
  }
}

export function rmsprop(variables: readonly tf.Variable[]): Rmsprop {
  return new Rmsprop(variables);
}
