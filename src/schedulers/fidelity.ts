/** Multi-fidelity schedulers: which trials start, go on, pause and stop, by their intermediate results. */
import type { Key } from '../random/index.js';

/** How one stretch of a trial ended. */
export interface FidelityReport {
  readonly trial: number;
  /**
   * Steps (or epochs: the study's resource) behind the result; above 0, rising within a trial. It may lie before or behind the
   * step that was asked for. A trial that ends by itself reports the most steps that a trial can train.
   */
  readonly step: number;
  /** Higher is better, whatever the objective's direction; may be infinite. `null`: it failed, diverged, or is NaN. */
  readonly score: number | null;
}

/** What a free worker does next. */
export type Job =
  /** A new trial, as the next one the sampler proposes, trained until `toStep`. */
  | {
      readonly kind: 'start';
      readonly toStep: number /** Hyperband's bracket; 0 elsewhere. */;
      readonly bracket: number;
    }
  /** A paused trial goes on from its state until `toStep`, above where it stands. */
  | { readonly kind: 'resume'; readonly trial: number; readonly toStep: number }
  /** Nothing yet: it depends on trials that run now. */
  | { readonly kind: 'wait' }
  /** Nothing any more, whatever running trials report. Trials that are still paused stay so: for them the study is over. */
  | { readonly kind: 'done' };

/** What becomes of a trial. */
export type Verdict =
  /** It goes on at once, until `toStep`. */
  | { readonly kind: 'continue'; readonly trial: number; readonly toStep: number }
  /** It waits, with its state kept, for a `resume` or a `stop`. */
  | { readonly kind: 'pause'; readonly trial: number }
  /** It is over before its full budget; its state may be dropped. */
  | { readonly kind: 'stop'; readonly trial: number; readonly reason: string }
  /** It has had its full budget. */
  | { readonly kind: 'complete'; readonly trial: number };

export interface FidelityContext {
  /** The study's: schedulers fold in a purpose and a number. Most draw nothing. */
  readonly key: Key;
  /** Steps a trial can train at most: the paper's R. At least 1. */
  readonly maxSteps: number;
}

/**
 * One study's decisions. It keeps what it needs to decide quickly, and is a function of the calls it got and their order only:
 * replaying them in the same order gives the same decisions, which is how a study is resumed.
 */
export interface FidelityRun {
  /**
   * What a free worker does.
   *
   * @param newTrial number of the trial that would start, or `null` if the study starts none any more
   */
  next(newTrial: number | null): Job;
  /**
   * Takes in a result. Returns a verdict for the trial itself (for some schedulers `pause`, to be decided later), and for
   * every other, paused trial whose fate this result decides: in trial order.
   */
  report(report: FidelityReport): readonly Verdict[];
}

/** A way to spend a budget of steps on many trials. */
export interface FidelityScheduler {
  readonly name: string;
  /** Whether trials may be paused and resumed. Code that cannot be interrupted takes only schedulers that do not. */
  readonly pauses: boolean;
  begin(context: FidelityContext): FidelityRun;
}
