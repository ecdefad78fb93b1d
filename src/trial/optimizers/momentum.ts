import type * as tf from '@tensorflow/tfjs';
import { Optimizer, type Setting } from './optimizer.js';

interface MomentumSettings {
  readonly learningRate: Setting;
  /** μ, in [0, 1); 0.9 unless given. */
  readonly momentum?: Setting;
}

/**
 * Gradient descent with momentum (Polyak 1964; in the form of Sutskever et al. 2013): `m ← μ m + g`, then `θ ← θ − η m`; with
 * `nesterov`, `θ ← θ − η (g + μ m)`. tfjs's own `tf.train.momentum` does the same.
 */
class Momentum extends Optimizer<MomentumSettings> {
  readonly #momenta = this.slots('momentum');

  constructor(
    variables: readonly tf.Variable[],
    private readonly nesterov: boolean,
  ) {
    super(variables);
  }

  update(gradients: readonly tf.Tensor[], { learningRate, momentum = 0.9 }: MomentumSettings): void {
    for (const [index, variable] of this.variables.entries()) {
      const gradient = gradients[index]!;
      const next = this.#momenta[index]!.mul(momentum).add(gradient);
      this.#momenta[index]!.assign(next);
      const direction = this.nesterov ? gradient.add(next.mul(momentum)) : next;
      variable.assign(variable.sub(direction.mul(learningRate)));
    }
  }
}

export function momentum(variables: readonly tf.Variable[], options: { nesterov?: boolean } = {}): Momentum {
  return new Momentum(variables, options.nesterov ?? false);
}
