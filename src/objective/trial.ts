import type { Hyperparameters } from '../space/index.js';
import type { Metrics } from './define-objective.js';

/** What a trial keeps of itself, on disk in the study's folder. */
export interface Checkpoint {
  /**
   * Keeps bytes in place of those before. Resolves when they are on the disk: a trial that is killed later starts again with them, and
   * reports that it made before count once.
   *
   * Errors: OBJECTIVE_BAD_CHECKPOINT.
   */
  save(bytes: Uint8Array): Promise<void>;
  /** The bytes saved last, also by an earlier process; `null`: none. */
  load(): Promise<Uint8Array | null>;
}

/** A trial in the eyes of its objective. */
export interface ObjectiveTrial<H = Hyperparameters> {
  /** Counts from 0. */
  readonly number: number;
  readonly hyperparameters: H;
  /** An integer from 0, below 2^32: a function of the study's seed and the trial's number. */
  readonly seed: number;
  /**
   * A stream of numbers in [0, 1) for each path, such as `random('batches', step)`: a function of the study's seed, the trial's
   * number and the path only. `Math.random` is such a stream too while `run` runs; only that one starts anew where a trial is resumed.
   */
  random(...path: readonly (string | number)[]): () => number;
  /**
   * Tells intermediate results. Resolves when the trial goes on; has to be awaited.
   *
   * @param step a positive integer, above the last one, at most the budget's steps. Steps that were reported before a resume may be
   * reported again: they count once
   * @param metrics a number, or numbers by name, the study's (first) metric among them
   * @throws {@link TrialPruned} when the trial is to end now, TrialPaused when it gives its place away: let them pass. TrialInterrupted when the study was interrupted
   */
  report(step: number, metrics: number | Metrics): Promise<void>;
  readonly checkpoint: Checkpoint;
  /** Aborts when the study is interrupted. What is saved soon after is kept; the trial goes on from it when the study is resumed. */
  readonly signal: AbortSignal;
}

/** The scheduler ended a trial: thrown by `report`, to unwind the objective. The trial's last report is its result. */
export class TrialPruned extends Error {
  override readonly name = 'TrialPruned';
}

/**
 * The scheduler paused a trial: thrown by `report`, to unwind the objective. If it goes on later, `run` is called again, with what the
 * checkpoint has: save before the report.
 */
export class TrialPaused extends Error {
  override readonly name = 'TrialPaused';
}

/** The study was interrupted: thrown by `report`, to unwind the objective. The trial runs again when the study is resumed. */
export class TrialInterrupted extends Error {
  override readonly name = 'TrialInterrupted';
}
