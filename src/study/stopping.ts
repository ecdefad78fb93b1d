/** Rules that end a study: pure functions of what was told so far, but for the wall time, which the caller measures. */
import type { Key } from '../random/index.js';
import type { Observation } from '../samplers/index.js';
import type { Space } from '../space/index.js';
import { errors } from './errors.js';
import { constrainedDominates, isFeasible } from './pareto.js';

/** What a rule may look at. */
export interface StoppingView {
  /** In the order in which they were told. */
  readonly finished: readonly Observation[];
  /** Steps that all trials reported together. */
  readonly steps: number;
  readonly objectiveCount: number;
  readonly space: Space;
  /** The study's: rules that draw fold in their name. */
  readonly key: Key;
}

/** A reason to end a study. */
export interface StopRule {
  /** Why the study ended, as the journal says it. */
  readonly name: string;
  /** Asked after every result. */
  shouldStop(view: StoppingView): boolean;
}

/** Ends a study once its trials have reported `steps` steps together (each counts with its last). */
export function stepsBudget({ steps }: { readonly steps: number }): StopRule {
  check('stepsBudget', 'steps', 'an integer of at least 1', steps, isCountFrom(1));
  return { name: 'steps', shouldStop: (view) => view.steps >= steps };
}

/**
 * Ends a study after `seconds` of wall time, looked at whenever a result is told: trials that run are not cut short.
 *
 * @param now the time in milliseconds by any clock that does not jump: `() => performance.now()`. Seconds count from the rule's making
 */
export function wallTime({ seconds, now }: { readonly seconds: number; readonly now: () => number }): StopRule {
  check('wallTime', 'seconds', 'a number above 0', seconds, (given) => typeof given === 'number' && given > 0);
  check('wallTime', 'now', 'a function that returns milliseconds', now, (given) => typeof given === 'function');
  const start = now();
  return { name: 'wall', shouldStop: () => now() - start >= seconds * 1000 };
}

/**
 * Ends a study once `trials` trials in a row have not improved on the best before them: whose loss is lower by more than
 * `minDelta` (in the objective's unit), or, with several objectives, that no earlier trial dominates or equals. Only complete, feasible
 * trials can improve; all that were told count. Nothing ends before the first feasible one.
 */
export function plateau({ trials, minDelta = 0 }: { readonly trials: number; readonly minDelta?: number }): StopRule {
  check('plateau', 'trials', 'an integer of at least 1', trials, isCountFrom(1));
  check('plateau', 'minDelta', 'a number of at least 0', minDelta, (given) => typeof given === 'number' && given >= 0);
  return { name: 'plateau', shouldStop: ({ finished }) => waitedSinceBest(finished, minDelta) >= trials };
}

/** How many trials were told since the last that improved; 0 before the first feasible one. */
export function waitedSinceBest(finished: readonly Observation[], minDelta = 0): number {
  let waited = 0;
  let front: Observation[] = [];
  for (const observation of finished) {
    if (observation.status === 'complete' && isFeasible(observation) && improves(front, observation, minDelta)) {
      waited = 0;
      front = [...front.filter((one) => !constrainedDominates(observation, one)), observation];
    } else if (front.length > 0) waited++;
  }
  return waited;
}

function improves(front: readonly Observation[], { losses }: Observation, minDelta: number): boolean {
  if (losses.length === 1) return front.every((one) => losses[0]! < one.losses[0]! - minDelta);
  return front.every((one) => losses.some((loss, objective) => loss < one.losses[objective]!));
}

function isCountFrom(least: number): (given: unknown) => boolean {
  return (given) => Number.isSafeInteger(given) && (given as number) >= least;
}

function check(of: string, name: string, must: string, given: unknown, holds: (given: unknown) => boolean): void {
  if (!holds(given)) throw errors.STUDY_OPTION_INVALID({ of, name, must, given });
}
