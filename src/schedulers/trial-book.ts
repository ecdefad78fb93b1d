/** Which trials of a study run, are paused or over: what every multi-fidelity scheduler keeps, and what it refuses. */
import { errors } from './errors.js';
import type { FidelityReport } from './fidelity.js';

export type TrialStatus = 'running' | 'paused' | 'over';

/** One trial, with what its scheduler remembers of it. */
export interface BookedTrial<T> {
  readonly trial: number;
  status: TrialStatus;
  /** Of its last report; 0 before the first. */
  step: number;
  readonly memory: T;
}

export class TrialBook<T> {
  readonly #trials = new Map<number, BookedTrial<T>>();
  #runningCount = 0;

  get runningCount(): number {
    return this.#runningCount;
  }

  /** Errors: SCHEDULERS_TRIAL_STARTED_TWICE. */
  start(trial: number, memory: T): void {
    if (this.#trials.has(trial)) throw errors.SCHEDULERS_TRIAL_STARTED_TWICE({ trial });
    this.#trials.set(trial, { trial, status: 'running', step: 0, memory });
    this.#runningCount++;
  }

  /** The trial, which must have been started. */
  get(trial: number): BookedTrial<T> {
    const booked = this.#trials.get(trial);
    if (!booked) throw errors.SCHEDULERS_TRIAL_NOT_RUNNING({ trial, status: 'was never started' });
    return booked;
  }

  /** Books a report's step. Errors: SCHEDULERS_TRIAL_NOT_RUNNING, SCHEDULERS_STEP_NOT_RISING. */
  report({ trial, step }: FidelityReport): BookedTrial<T> {
    const booked = this.get(trial);
    const { status } = booked;
    if (status !== 'running') throw errors.SCHEDULERS_TRIAL_NOT_RUNNING({ trial, status: `is ${status}` });
    if (!(step > booked.step)) throw errors.SCHEDULERS_STEP_NOT_RISING({ trial, step, last: booked.step });
    booked.step = step;
    return booked;
  }

  /** Changes a trial's status; what is over stays over. */
  mark(trial: number, status: TrialStatus): BookedTrial<T> {
    const booked = this.get(trial);
    this.#runningCount += Number(status === 'running') - Number(booked.status === 'running');
    booked.status = status;
    return booked;
  }
}

/** The score, or `undefined` if there is none to rank: the trial failed, diverged, or it is NaN. */
export function rankable(score: number | null): score is number {
  return score !== null && !Number.isNaN(score);
}

/** Why a trial without a score is stopped. */
export const noScore = 'it has no score: it failed, diverged, or its result is NaN';
