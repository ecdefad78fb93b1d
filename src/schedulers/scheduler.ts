import type { Key } from '../random/index.js';
import type { Hyperparameters, Space, Value } from '../space/index.js';

/** How one trial stands at the end of a segment. */
export interface MemberReport {
  readonly trial: number;
  /** Higher is better, whatever the objective's direction. `null` if the segment failed or diverged. */
  readonly score: number | null;
  /** What the segment was trained with: one value for every parameter of the space. */
  readonly hyperparameters: Hyperparameters;
  /** Which segment of the trial it was, counted from 0. */
  readonly generation: number;
  /** Steps behind the trial's state. */
  readonly steps: number;
  /**
   * Results of the segments behind the trial's state, this one last, following its lineage: those of a copy begin with its
   * parent's.
   */
  readonly lineage: readonly LineageEntry[];
}

/** A segment that led to a member's state. */
export interface LineageEntry {
  /** Who trained it: the trial itself, or an ancestor that it was copied from. */
  readonly trial: number;
  readonly generation: number;
  readonly steps: number;
  /** Higher is better. */
  readonly score: number;
  readonly hyperparameters: Hyperparameters;
  /** Whether the state at its end is still kept, so that a trial can go back to it. */
  readonly kept: boolean;
}

/** What an exploit did to one hyperparameter. */
export interface Change {
  readonly name: string;
  /** What the trial had before; `null`: the parameter was not active there. */
  readonly from: Value | null;
  /** What its parent has; `null`: the parameter is not active there. */
  readonly inherited: Value | null;
  /** What the trial goes on with. */
  readonly to: Value;
  /**
   * - `inherited`: `to` is the parent's.
   * - `perturbed`: `to` is the parent's, moved by `factor`.
   * - `resampled`: `to` is a new draw from the prior.
   * - `chosen`: a model of the response (PB2) or the study's own function chose `to`.
   */
  readonly how: 'inherited' | 'perturbed' | 'resampled' | 'chosen';
  /** The factor drawn, where it was perturbed. An item of a choice moves up for a factor above 1, down below. */
  readonly factor?: number;
  /** Where the factor would have led out of the range, and the value was held at its end; it may be what the parent has. */
  readonly atBound?: true;
}

/** What happens to one trial next. */
export type Decision =
  /** It trains its next segment as it is. */
  | { readonly kind: 'continue'; readonly trial: number }
  /** It becomes a copy of the parent's state, with these hyperparameters. */
  | {
      readonly kind: 'exploit';
      readonly trial: number;
      readonly parent: number;
      /** Goes back to the parent's state at the end of this generation instead of its newest one (backtracking). */
      readonly parentGeneration?: number;
      /** One value for every parameter of the space. */
      readonly hyperparameters: Hyperparameters;
      /** Every parameter that was explored, or whose value is not what the trial had; in the space's order. */
      readonly changes: readonly Change[];
    }
  /** It cannot go on, and there is nothing healthy to copy: every member's score is `null`. */
  | { readonly kind: 'fail'; readonly trial: number; readonly reason: string };

/** What a scheduler may base its decisions on. */
export interface DecideInput {
  readonly space: Space;
  /** The same for every generation of a study: schedulers fold in generation, trial and purpose. */
  readonly key: Key;
  /** The segment that just ended, counted from 0. */
  readonly generation: number;
  /** In any order, which changes nothing. Trial numbers are distinct. May be empty. */
  readonly members: readonly MemberReport[];
  /** Trials to decide on: all members where the population decides together, one where each decides when it is ready. */
  readonly ready: readonly number[];
  /** Mutable parameters that must not change now: they keep their parent's value. */
  readonly frozen: ReadonlySet<string>;
  /**
   * Every segment so far that has a score: what a model of the response is fitted to (PB2). By generation and trial; in an asynchronous
   * population in the order in which results counted.
   */
  readonly history: readonly HistoryEntry[];
}

/** One segment of one trial, for models of how hyperparameters act. */
export interface HistoryEntry {
  readonly trial: number;
  readonly generation: number;
  readonly fromStep: number;
  readonly toStep: number;
  readonly hyperparameters: Hyperparameters;
  /** Score before and after; `before` is `null` for a first segment. */
  readonly before: number | null;
  readonly score: number;
}

/** Decides, at the end of a segment, which trials go on and which copy others. Pure: the same input, the same decisions. */
export interface Scheduler {
  readonly name: string;
  /** Whether it decides once all members reported. */
  readonly synchronous: boolean;
  /** One decision for each trial in `ready`, by trial number. */
  decide(input: DecideInput): Decision[];
}
