/** The Pareto front of a study that trains models. */
import { dominates } from '../samplers/index.js';
import type { FrontPoint } from './events.js';
import { keepsBounds, lossesOf, valuesOf } from './goals.js';
import type { BestSegment, FrontSegment, StudyState, TrialState } from './state.js';

/**
 * The study with a trial's result: its last segment, now that it is complete. With several objectives it joins the front unless another
 * dominates it or it breaks a bound, and those that it dominates leave. `best` is the front's best by the first objective.
 */
export function joinFront(state: StudyState, { trial, segments, state: kept }: TrialState): StudyState {
  const last = segments.at(-1);
  const { settings, front } = state;
  if (last?.outcome !== 'done' || kept === null || !keepsBounds(settings, last.metrics)) return state;
  const losses = lossesOf(settings, last.metrics);
  const isDominatedBy = ({ values }: FrontSegment) => dominates(lossesOf(settings, values), losses);
  if (front.some(isDominatedBy)) return state;
  const entry: FrontSegment = {
    trial,
    generation: last.generation,
    score: last.score!,
    value: last.metrics[settings.objective.metric]!,
    values: valuesOf(settings, last.metrics),
    hyperparameters: last.hyperparameters,
    state: kept,
  };
  const others = front.filter(({ values }) => !dominates(losses, lossesOf(settings, values)));
  const joined = [...others, entry].sort((a, b) => a.trial - b.trial);
  return { ...state, front: joined, best: bestOf(joined) };
}

/** As summaries have it. */
export function frontPoint({ trial, values, hyperparameters }: FrontSegment): FrontPoint {
  return { trial, values, hyperparameters };
}

/** Of equal ones the first. */
function bestOf(front: readonly FrontSegment[]): BestSegment {
  const { values: _, ...best } = front.reduce((best, one) => (one.score > best.score ? one : best));
  return best;
}
