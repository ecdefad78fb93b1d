import { contains, encode, type Hyperparameters, type Space } from '../space/index.js';
import type { Row } from './parzen.js';
import { type Dimension, dimensionsOf } from './parzen-dimension.js';
import { Memory } from './parzen-memory.js';

/**
 * Trials as rows of positions in one space. A value that the space does not have, or does not allow any more, is absent:
 * NaN.
 *
 * Rows are remembered by the hyperparameters that they were made from, which nobody changes.
 */
export class Rows {
  readonly dimensions: readonly Dimension[];
  /** For the estimators of one proposal at a time. */
  readonly memory = new Memory();
  readonly #made = new WeakMap<Hyperparameters, Row>();

  constructor(readonly space: Space) {
    this.dimensions = dimensionsOf(space);
  }

  of(hyperparameters: Hyperparameters): Row {
    let row = this.#made.get(hyperparameters);
    if (row === undefined) {
      row = this.#encode(hyperparameters);
      this.#made.set(hyperparameters, row);
    }
    return row;
  }

  #encode(hyperparameters: Hyperparameters): Row {
    return Float64Array.from(this.dimensions, ({ parameter }) => {
      // a parameter may be called "constructor", which every object seems to have
      const value = Object.hasOwn(hyperparameters, parameter.name) ? hyperparameters[parameter.name] : undefined;
      return contains(parameter, value) ? encode(parameter, value) : Number.NaN;
    });
  }
}
