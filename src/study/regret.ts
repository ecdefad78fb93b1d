/**
 * Stopping by regret: Makarova et al. 2022, "Automatic termination for hyperparameter optimization", algorithm 1,
 * https://proceedings.mlr.press/v188/makarova22a.html. A Gaussian process bounds how much better than the best trial any
 * hyperparameters may be; a study ends once that is less than what its owner cares about.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | r̂ | bound of the simple regret: min over trials of ucb - min over the space of lcb |
 * | β | 2 log(d n² π² / 6δ) / 5, with δ = 0.1 |
 * | d, n | parameters, trials |
 * | ε_BO | `threshold`: a difference that does not matter, such as the standard error of a cross-validation |
 *
 * As in Optuna's terminator, the process is fitted to the better half of the trials (at least 20), which lets it resolve the region that
 * matters.
 */
import { foldIn } from '../random/index.js';
import { confidenceBounds, type Observation } from '../samplers/index.js';
import { errors } from './errors.js';
import { isFeasible } from './pareto.js';
import type { StoppingView, StopRule } from './stopping.js';

export interface RegretOptions {
  /** ε_BO, in the objective's unit: above 0. */
  readonly threshold: number;
  /** Feasible trials before the rule is first asked: an integer of at least 2. Default: 20. */
  readonly minTrials?: number;
  /** Results between two looks, each of which takes a fit: an integer of at least 1. Default: 5. */
  readonly every?: number;
}

const delta = 0.1;
/** The paper's experiments scale β down by 5, as Srinivas et al. 2010 do. */
const scaledDown = 5;
const topShare = 0.5;
const leastTop = 20;

/** Ends a study of one objective once r̂ is below `threshold`. Errors: STUDY_OPTION_INVALID; STUDY_ONE_OBJECTIVE_ONLY when asked. */
export function regret({ threshold, minTrials = 20, every = 5 }: RegretOptions): StopRule {
  check('threshold', 'a finite number above 0', threshold, Number.isFinite(threshold) && threshold > 0);
  check('minTrials', 'an integer of at least 2', minTrials, Number.isSafeInteger(minTrials) && minTrials >= 2);
  check('every', 'an integer of at least 1', every, Number.isSafeInteger(every) && every >= 1);
  return {
    name: 'regret',
    shouldStop: (view) => {
      const { objectiveCount, finished } = view;
      if (objectiveCount > 1) throw errors.STUDY_ONE_OBJECTIVE_ONLY({ what: 'regret', objectiveCount });
      const isLook = finished.length % every === 0;
      return isLook && feasible(finished).length >= minTrials && regretBound(view) < threshold;
    },
  };
}

/** r̂, in the objective's unit; infinite where it cannot be told: fewer than two feasible trials, or nothing to tune. */
export function regretBound({ space, finished, key }: Pick<StoppingView, 'space' | 'finished' | 'key'>): number {
  const sorted = feasible(finished).sort((a, b) => a.losses[0]! - b.losses[0]! || a.trial - b.trial);
  const top = sorted.slice(0, Math.max(leastTop, Math.floor(sorted.length * topShare)));
  const bounds = confidenceBounds(space, top, foldIn(key, 'regret', finished.length), beta);
  return bounds === undefined ? Number.POSITIVE_INFINITY : (bounds.surest - bounds.lowest) * bounds.deviation;
}

function beta(dimensionCount: number, trialCount: number): number {
  return (2 * Math.log((dimensionCount * trialCount ** 2 * Math.PI ** 2) / (6 * delta))) / scaledDown;
}

function feasible(finished: readonly Observation[]): Observation[] {
  return finished.filter((one) => one.status === 'complete' && isFeasible(one) && Number.isFinite(one.losses[0]));
}

function check(name: string, must: string, given: unknown, holds: boolean): void {
  if (!holds) throw errors.STUDY_OPTION_INVALID({ of: 'regret', name, must, given });
}
