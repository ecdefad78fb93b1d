/** What a population's schedule, and the commands that it got, say of a segment. */
import { nextReplaySegment, type ScheduleState, scheduleAt, segmentSteps } from '../schedulers/index.js';
import type { Space } from '../space/index.js';
import type { StudyState, TrialState } from './state.js';

/** What the schedule and the commands say of the segment of this number that begins at `step`. */
export function scheduled(
  { settings, commands }: StudyState,
  space: Space,
  generation: number,
  step: number,
): ScheduleState {
  const { schedule = [], objective, strategy, budget } = settings;
  const target = objective.target ?? null;
  const interval = strategy.interval ?? budget.steps;
  return scheduleAt({ space, interval, target, schedule, commands }, generation, step);
}

/**
 * Steps of the segment of this number of a trial with these hyperparameters. An epoch is the training rows divided by the batch size, which may be
 * the trial's own.
 */
export function segmentLength(
  state: StudyState,
  space: Space,
  { generation, step, hyperparameters }: Pick<TrialState, 'generation' | 'step' | 'hyperparameters'>,
): number {
  const { strategy } = state.settings;
  if (strategy.kind === 'replay') {
    const next = nextReplaySegment(strategy.schedule, step);
    return next === null ? state.settings.budget.steps - step : next.toStep - step;
  }
  const { batchSize, rows = batchSize } = state.settings.training;
  const own = typeof hyperparameters.batchSize === 'number' ? hyperparameters.batchSize : batchSize;
  return segmentSteps(scheduled(state, space, generation, step).interval, rows / own);
}
