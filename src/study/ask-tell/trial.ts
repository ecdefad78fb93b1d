import type { Hyperparameters } from '../../space/index.js';
import type { Verdict } from './records.js';

/**
 * A trial that was asked for and is not told yet.
 *
 * @typeParam H its hyperparameters
 * @typeParam D whether the study is deterministic: reports are answered later then, and have to be awaited
 */
export interface Trial<H = Hyperparameters, D extends boolean = false> {
  /** Counts from 0. */
  readonly number: number;
  readonly hyperparameters: H;
  /** An integer from 0, below 2^32, for the objective's own randomness: a function of the study's seed and the trial's number. */
  readonly seed: number;
  /** Whether a report was answered with `stop`: it should end now, whatever it returns. */
  readonly pruned: boolean;
  /** Whether its last report was answered with `pause`: it should end now, and is run again when it goes on. Of a `pausable` study only. */
  readonly paused: boolean;
  /**
   * Tells an intermediate value of the objective. A trial that is restored and runs again may repeat the steps that it reported before;
   * they are answered as they were.
   *
   * @param step a positive integer, above the trial's last one (at most `maxSteps`, where the study has them)
   * @param value of the objective, of several the first, in its direction; may be infinite or NaN
   *
   * Errors: STUDY_REPORT_INVALID, STUDY_TRIAL_NOT_RUNNING.
   */
  report(step: number, value: number): D extends true ? Promise<Verdict> : Verdict;
}

/** One trial of a study, as far as it is known. */
export interface TrialResult<H = Hyperparameters> {
  readonly number: number;
  readonly hyperparameters: H;
  readonly status: 'running' | 'paused' | 'complete' | 'pruned' | 'failed';
  /** Of the first objective, in its direction; `null` unless complete, or pruned (its last report). */
  readonly value: number | null;
  /** One for each objective; empty where `value` is `null`. */
  readonly values: readonly number[];
  /** By name; each is satisfied where it is at most 0. Empty unless complete. */
  readonly constraints: Readonly<Record<string, number>>;
  readonly reports: readonly { readonly step: number; readonly value: number }[];
  /** Why it failed, where that is known. */
  readonly message?: string;
}
