import type { BestSegment, StudyState } from '../study/index.js';
import { errors } from './errors.js';

/**
 * A segment whose state is kept: the study's best one, or that of a trial, which is on the front, is the best, or may go on.
 *
 * @param trial `undefined`: the best
 * @throws TUNER_NOTHING_TO_EXPORT, TUNER_TRIAL_NOT_KEPT
 */
export function keptSegment(state: StudyState, trial: number | undefined): BestSegment {
  const { best, settings } = state;
  const kept = keptSegments(state);
  const found = trial === undefined ? (best ?? undefined) : kept.get(trial);
  if (found !== undefined) return found;
  if (trial === undefined || kept.size === 0) {
    throw errors.TUNER_NOTHING_TO_EXPORT({ study: settings.study, isMeasured: state.history.length > 0 });
  }
  throw errors.TUNER_TRIAL_NOT_KEPT({ study: settings.study, trial, kept: [...kept.keys()].sort((a, b) => a - b) });
}

/** By trial. What a trial is on the front or the best with comes before what it may go on from. */
function keptSegments({ best, front, trials, settings }: StudyState): ReadonlyMap<number, BestSegment> {
  const kept = new Map<number, BestSegment>();
  for (const { trial, checkpoint } of trials) {
    if (checkpoint === null) continue;
    const { generation, score, hyperparameters, state, trial: trainedBy } = checkpoint;
    const value = settings.objective.direction === 'maximize' ? score : 0 - score;
    // a copy that has not trained yet has its parent's
    kept.set(trial, { trial: trainedBy, generation, score, value, hyperparameters, state });
  }
  for (const found of [...front, ...(best === null ? [] : [best])]) kept.set(found.trial, found);
  return kept;
}
