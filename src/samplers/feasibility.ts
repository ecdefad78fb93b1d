/** Outcome constraints: how far a trial is from satisfying them. */
import type { Observation } from './sampler.js';

/** A trial whose objectives are known. */
export interface Measured extends Observation {
  readonly status: 'complete';
}

/** Those trials that are complete, with as many losses as the study has objectives, none of them NaN; in their order. */
export function measured(history: readonly Observation[], objectiveCount: number): readonly Measured[] {
  return history.filter(
    (one): one is Measured =>
      one.status === 'complete' && one.losses.length === objectiveCount && !one.losses.some(Number.isNaN),
  );
}

/**
 * The sum of what is violated, for each trial: 0 where it is feasible. Where some trial's violations are known, one whose are
 * not (or are NaN) counts as infinitely far.
 *
 * Deb et al. 2002, section VI; Optuna counts a trial without constraint values as feasible.
 */
export function totalViolations(trials: readonly Pick<Observation, 'violations'>[]): readonly number[] {
  const isConstrained = trials.some(({ violations }) => violations.length > 0);
  if (!isConstrained) return trials.map(() => 0);
  return trials.map(({ violations }) => {
    if (violations.length === 0 || violations.some(Number.isNaN)) return Number.POSITIVE_INFINITY;
    return violations.reduce((sum, violation) => sum + Math.max(0, violation), 0);
  });
}
