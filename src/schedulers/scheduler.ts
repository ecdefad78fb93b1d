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
}

/** What an exploit did to one hyperparameter. */
export interface Change {
  readonly name: string;
  /** What the trial had before. */
  readonly from: Value;
  /** What its parent has. */
  readonly inherited: Value;
  /** What the trial goes on with. */
  readonly to: Value;
  /**
   * - `inherited`: `to` is the parent's.
   * - `perturbed`: `to` is the parent's, moved by `factor`.
   * - `resampled`: `to` is a new draw from the prior.
   */
  readonly how: 'inherited' | 'perturbed' | 'resampled';
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
}

/** Decides, at the end of a segment, which trials go on and which copy others. Pure: the same input, the same decisions. */
export interface Scheduler {
  readonly name: string;
  /** Whether it decides once all members reported. */
  readonly synchronous: boolean;
  /** One decision for each member, by trial number. */
  decide(input: DecideInput): Decision[];
}
