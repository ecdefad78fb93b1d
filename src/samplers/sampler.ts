import type { Key } from '../random/index.js';
import type { Hyperparameters, Space } from '../space/index.js';

/** What a sampler wants to remember of a proposal: JSON, kept with the trial and handed back in its observation. */
export type Note = null | boolean | number | string | readonly Note[] | { readonly [name: string]: Note };

/** An intermediate result of a trial. */
export interface Report {
  /** Steps (or epochs, or rows: the study's resource) behind it; above 0, rising within a trial. */
  readonly step: number;
  /** Of the first objective, to be minimised; may be infinite, never NaN. */
  readonly loss: number;
}

/** What is known of one trial. */
export interface Observation {
  readonly trial: number;
  /** One allowed value for every active parameter of the space it was proposed for, which may have been another one. */
  readonly hyperparameters: Hyperparameters;
  /** `pruned`: stopped early by a scheduler. `failed`: it has no result, or one that is NaN. */
  readonly status: 'running' | 'complete' | 'pruned' | 'failed';
  /**
   * One for each objective, to be minimised whatever the study's direction; may be infinite, never NaN. Of a `complete` trial
   * its results, of a `pruned` one its last report; empty for one that is `running` or `failed`.
   */
  readonly losses: readonly number[];
  /** One for each outcome constraint, satisfied where it is at most 0; empty where the study has none or it is not known. */
  readonly violations: readonly number[];
  /** By rising step; also those of running trials. */
  readonly reports: readonly Report[];
  /** What `propose` returned with it. */
  readonly note: Note;
}

/** What a sampler may base a proposal on. */
export interface ProposeInput {
  readonly space: Space;
  /** The trial's own key, already folded with its number: two trials of a study never have the same one. */
  readonly key: Key;
  /** The same for all trials of the study: for what they share, such as the scrambling of one sequence. */
  readonly studyKey: Key;
  /** Trials are numbered from 0. */
  readonly trial: number;
  /** Every trial proposed so far, by trial number; those that run in parallel are `running`. */
  readonly history: readonly Observation[];
  /** How many objectives the study has, at least 1. */
  readonly objectiveCount: number;
}

export interface Proposal {
  /** One allowed value for every active parameter, fixed ones included, in the space's order; all constraints hold. */
  readonly hyperparameters: Hyperparameters;
  /** Default: `null`. */
  readonly note?: Note;
}

/**
 * Proposes hyperparameters for new trials. A pure function of its input: the same input gives the same proposal. (It may
 * remember what it computed from a history, to be faster, but must not depend on having been asked before.)
 */
export interface Sampler {
  readonly name: string;
  propose(input: ProposeInput): Proposal;
}
