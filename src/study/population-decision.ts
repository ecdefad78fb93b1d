/** What a population decides on some of its members, and what its schedule says. */
import { foldIn, type Key, seedKey } from '../random/index.js';
import type { Sampler } from '../samplers/index.js';
import {
  type Decision,
  type ExploreFunction,
  type HistoryEntry,
  type Interval,
  isPlateau,
  type MemberReport,
  nextReplaySegment,
  noScheduler,
  pb2,
  pbt,
  type Scheduler,
  type ScheduleState,
  type Span,
  scheduleAt,
  segmentSteps,
  trialsToDecide,
} from '../schedulers/index.js';
import type { Space } from '../space/index.js';
import type { Strategy, StudySettings } from './settings.js';
import type { StudyState, TrialState } from './state.js';

/** Functions of the user's own, which a journal can only name. */
export interface OwnFunctions {
  readonly explore?: ExploreFunction | undefined;
  readonly sampler?: Sampler | undefined;
}

interface Moment {
  /** The segment that just ended. */
  readonly generation: number;
  /** Steps behind the state that is furthest: what the schedule goes by. */
  readonly step: number;
  readonly members: readonly MemberReport[];
  /** Those to decide on. */
  readonly ready: readonly number[];
}

function schedulerOf(strategy: Strategy, own: OwnFunctions): Scheduler {
  switch (strategy.kind) {
    case 'pbt': {
      const { explore, ...options } = strategy;
      if (explore === undefined) return pbt(options);
      if (typeof explore === 'string') return pbt({ ...options, explore });
      if (own.explore === undefined) throw new Error('the function that explores has to be loaded first');
      return pbt({ ...options, explore: own.explore });
    }
    case 'pb2':
      return pb2(strategy);
    default:
      return noScheduler();
  }
}

export function studyKey({ seed }: Pick<StudySettings, 'seed'>): Key {
  return foldIn(seedKey(seed), 'study');
}

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

/**
 * The trials to decide on after a generation: all that reported, or, while a plateau is awaited, those without a score.
 *
 * @param reported by trial number
 */
export function trialsAtBarrier(
  state: StudyState,
  space: Space,
  reported: readonly Pick<MemberReport, 'trial' | 'score'>[],
  generation: number,
): number[] {
  if (!mayAwaitPlateau(state)) return reported.map(({ trial }) => trial);
  const bests: (number | null)[] = [];
  let ready: number[] = [];
  for (const [at, { best, fromStep }] of generationsOf(state, generation).entries()) {
    bests.push(best);
    const { interval } = scheduled(state, space, at, fromStep);
    ready = trialsToDecide(interval, reported, bests);
    // the next plateau is looked for from the last decision on
    const isDecision = !isPlateauInterval(interval) || isPlateau(bests, interval.plateau);
    if (isDecision && at < generation) bests.splice(0, bests.length - 1);
  }
  return ready;
}

function isPlateauInterval(interval: Interval | undefined): interval is Exclude<Interval, Span> {
  return typeof interval === 'object' && 'plateau' in interval;
}

function mayAwaitPlateau({ settings: { strategy, schedule = [] }, commands }: StudyState): boolean {
  const changes = [...schedule, ...commands];
  if (isPlateauInterval(strategy.interval)) return true;
  return changes.some((one) => one.kind === 'interval' && isPlateauInterval(one.interval));
}

/** Of each generation up to `last` the best score (`null`: nobody had one), and where the furthest member began it. */
function generationsOf({ trials }: StudyState, last: number): { best: number | null; fromStep: number }[] {
  const generations = Array.from({ length: last + 1 }, () => ({ best: null as number | null, fromStep: 0 }));
  for (const { segments } of trials) {
    for (const { generation, score, fromStep } of segments) {
      const of = generations[generation];
      if (of === undefined) continue;
      if (score !== null && score > (of.best ?? Number.NEGATIVE_INFINITY)) of.best = score;
      if (fromStep > of.fromStep) of.fromStep = fromStep;
    }
  }
  return generations;
}

/** Steps that a trial has trained itself: as many as are behind its state, or more where it went back to an older one. */
export function trainedBy({ trained, step }: TrialState): number {
  return Math.max(step, trained);
}

/** One decision for each trial in `ready`, by trial number. */
export function decideMembers(
  state: StudyState,
  space: Space,
  { generation, step, members, ready }: Moment,
  own: OwnFunctions,
): readonly Decision[] {
  const { settings } = state;
  const { space: current, frozen } = scheduled(state, space, generation + 1, step);
  return schedulerOf(settings.strategy, own).decide({
    space: current,
    key: foldIn(studyKey(settings), 'decide'),
    generation,
    members,
    ready,
    frozen,
    get history() {
      return inOrder(state.history);
    },
  });
}

/** By generation and trial, in whatever order workers were done. Sorted only for whoever looks at it. */
function inOrder(history: StudyState['history']): readonly HistoryEntry[] {
  return [...history].sort((a, b) => a.generation - b.generation || a.trial - b.trial);
}
