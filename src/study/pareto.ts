/**
 * The best of several objectives. Losses are minimised; where a study has outcome constraints, feasible trials come before the
 * others (Deb 2000, "An efficient constraint handling method for genetic algorithms", section 3,
 * https://doi.org/10.1016/S0045-7825(99)00389-8).
 */
import { dominates, type Observation, paretoFront } from '../samplers/index.js';

type Result = Pick<Observation, 'losses' | 'violations'>;

/** Whether all constraints hold; also where the study has none, or they are not known. */
export function isFeasible({ violations }: Pick<Observation, 'violations'>): boolean {
  return violations.every((violation) => violation <= 0);
}

/**
 * Deb's rule: a feasible one dominates one that is not; of two that are not, the one whose violations sum to less; of two
 * that are, the one whose losses dominate.
 */
export function constrainedDominates(a: Result, b: Result): boolean {
  const [aFeasible, bFeasible] = [isFeasible(a), isFeasible(b)];
  if (aFeasible !== bFeasible) return aFeasible;
  return aFeasible ? dominates(a.losses, b.losses) : totalViolation(a) < totalViolation(b);
}

function totalViolation({ violations }: Result): number {
  return violations.reduce((sum, violation) => sum + Math.max(0, violation), 0);
}

/** The positions of the complete, feasible observations that no other dominates, rising. Of equal ones all are there. */
export function bestObservations(observations: readonly Observation[]): number[] {
  const candidates = [...observations.keys()].filter((index) => {
    const one = observations[index]!;
    return one.status === 'complete' && isFeasible(one);
  });
  return paretoFront(candidates.map((index) => observations[index]!.losses)).map((at) => candidates[at]!);
}
