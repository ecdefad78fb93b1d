import type { Key } from '../random/index.js';
import type { Hyperparameters, Space } from '../space/index.js';

/** What a sampler may base a proposal on. */
interface ProposeInput {
  readonly space: Space;
  /** The trial's own key, already folded with its number: two trials of a study never have the same one. */
  readonly key: Key;
  /** Trials are numbered from 0. */
  readonly trial: number;
}

/** Proposes hyperparameters for new trials. A pure function of its input: the same input gives the same proposal. */
export interface Sampler {
  readonly name: string;
  /** One allowed value for every parameter of the space, fixed ones included; in the space's order. */
  propose(input: ProposeInput): Hyperparameters;
}
