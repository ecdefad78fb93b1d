/** What a population decides on some of its members, and what its schedule says. */
import { foldIn, type Key, seedKey } from '../random/index.js';
import type { Sampler } from '../samplers/index.js';
import {
  checkpointsToKeep,
  type Decision,
  type ExploreFunction,
  isPlateau,
  type LineageEntry,
  type MemberReport,
  nextReplaySegment,
  noScheduler,
  pb2,
  pbt,
  type Scheduler,
  type ScheduleState,
  scheduleAt,
  segmentSteps,
  trialsToDecide,
} from '../schedulers/index.js';
import type { Space } from '../space/index.js';
import { isPopulation, type Strategy, type StudySettings } from './settings.js';
import type { Checkpoint, StudyState, TrialState } from './state.js';

/** A member as its scheduler is told of it. */
export interface Member extends Omit<MemberReport, 'generation' | 'lineage'> {
  readonly of: TrialState;
}

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
  readonly members: readonly Member[];
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
 */
export function trialsAtBarrier(
  state: StudyState,
  space: Space,
  reported: readonly Pick<MemberReport, 'trial' | 'score'>[],
  generation: number,
): number[] {
  const { trials } = state;
  const bests: (number | null)[] = [];
  let ready: number[] = [];
  for (let at = 0; at <= generation; at++) {
    const segments = trials.flatMap((trial) => trial.segments.filter((segment) => segment.generation === at));
    const scores = segments.flatMap(({ score }) => (score === null ? [] : [score]));
    bests.push(scores.length === 0 ? null : Math.max(...scores));
    const from = Math.max(0, ...segments.map(({ fromStep }) => fromStep));
    const { interval } = scheduled(state, space, at, from);
    ready = trialsToDecide(interval, reported, bests);
    // the next plateau is looked for from the last decision on
    const isDecision = typeof interval !== 'object' || !('plateau' in interval) || isPlateau(bests, interval.plateau);
    if (isDecision && at < generation) bests.splice(0, bests.length - 1);
  }
  return ready;
}

/** Steps that a trial has trained itself: as many as are behind its state, or more where it went back to an older one. */
export function trainedBy({ segments, step }: TrialState): number {
  const own = segments.reduce((sum, { fromStep, toStep }) => sum + toStep - fromStep, 0);
  return Math.max(step, own);
}

/** One decision for each trial in `ready`, by trial number. */
export function decideMembers(
  state: StudyState,
  space: Space,
  { generation, step, members, ready }: Moment,
  own: OwnFunctions,
): readonly Decision[] {
  const { settings, history } = state;
  // by generation and trial: in whatever order workers were done
  const ordered = [...history].sort((a, b) => a.generation - b.generation || a.trial - b.trial);
  const backtrack = isPopulation(settings.strategy) ? settings.strategy.backtrack : undefined;
  const kept = new Set<unknown>(checkpointsToKeep(ordered, backtrack));
  const reports = members.map(({ of, ...member }): MemberReport => {
    return { ...member, generation: of.segments.at(-1)!.generation, lineage: lineageOf(of, kept) };
  });
  const { space: current, frozen } = scheduled(state, space, generation + 1, step);
  const decisions = schedulerOf(settings.strategy, own).decide({
    space: current,
    key: foldIn(studyKey(settings), 'decide'),
    generation,
    members: reports,
    ready,
    frozen,
    history: ordered,
  });
  return [...decisions].sort((a, b) => a.trial - b.trial);
}

/** The segments behind a trial's state, oldest first. */
function lineageOf({ checkpoint }: TrialState, kept: ReadonlySet<unknown>): LineageEntry[] {
  const entries: LineageEntry[] = [];
  for (let at: Checkpoint | null = checkpoint; at !== null; at = at.previous) {
    const { trial, generation, toStep: steps, score, hyperparameters } = at;
    entries.push({ trial, generation, steps, score, hyperparameters, kept: kept.has(at) });
  }
  return entries.reverse();
}
