/** What a study has to do next: a pure function of its state. */
import { foldIn, type Key, seedKey } from '../random/index.js';
import { randomSampler } from '../samplers/index.js';
import { type MemberReport, noScheduler, pbt, type Scheduler } from '../schedulers/index.js';
import type { Hyperparameters, Space } from '../space/index.js';
import type { DecidedRecord, EndedRecord, ProposedRecord, StateReference } from './records.js';
import { type Strategy, type StudySettings, trialCount } from './settings.js';
import type { StudyState, TrialState } from './state.js';

/** A segment that may run now. */
export interface PlannedSegment {
  readonly trial: number;
  readonly generation: number;
  readonly hyperparameters: Hyperparameters;
  readonly fromStep: number;
  readonly toStep: number;
  /** `null`: from the trial's initial weights. */
  readonly state: StateReference | null;
}

export type Plan =
  | { readonly kind: 'record'; readonly records: readonly (ProposedRecord | DecidedRecord | EndedRecord)[] }
  /** Run these, in any order, and record each result. */
  | { readonly kind: 'run'; readonly segments: readonly PlannedSegment[] }
  | { readonly kind: 'done' };

function schedulerOf(strategy: Strategy): Scheduler {
  return strategy.kind === 'pbt' ? pbt(strategy) : noScheduler();
}

function studyKey({ seed }: StudySettings): Key {
  return foldIn(seedKey(seed), 'study');
}

/**
 * The next thing to do.
 *
 * @param space the settings' space, parsed
 * @param elapsedSeconds wall time since this process took the study up: the only thing here that a clock decides
 */
export function plan(state: StudyState, space: Space, elapsedSeconds: number): Plan {
  if (state.ended !== null) return { kind: 'done' };
  if (state.trials.length < trialCount(state.settings.strategy))
    return { kind: 'record', records: propose(state, space) };
  const ready = state.trials.filter(({ status }) => status === 'ready');
  const ended = endAtBarrier(state, ready, elapsedSeconds);
  if (ended) return { kind: 'record', records: [ended] };
  if (ready.length > 0) return { kind: 'run', segments: ready.map((trial) => segmentOf(state.settings, trial)) };
  return { kind: 'record', records: [decide(state, space)] };
}

function propose({ settings, trials }: StudyState, space: Space): ProposedRecord[] {
  const sampler = randomSampler();
  const missing = trialCount(settings.strategy) - trials.length;
  return Array.from({ length: missing }, (_, index) => {
    const trial = trials.length + index;
    const key = foldIn(studyKey(settings), 'propose', trial);
    return { kind: 'proposed', trial, hyperparameters: sampler.propose({ space, key, trial }) };
  });
}

/**
 * A study ends between generations only, so that where it ends depends on no worker's speed (but for the wall time).
 * A generation has ended when every trial that is not out has reported it.
 */
function endAtBarrier(
  state: StudyState,
  ready: readonly TrialState[],
  elapsedSeconds: number,
): EndedRecord | undefined {
  const { settings, best, trials } = state;
  const alive = trials.filter(({ status }) => status !== 'out');
  if (alive.length === 0) return { kind: 'ended', reason: 'failed' };
  const fresh = ready.length === alive.length;
  if (fresh) {
    const waited = elapsedSeconds >= (settings.budget.wallSeconds ?? Number.POSITIVE_INFINITY);
    return waited && best !== null ? { kind: 'ended', reason: 'wall' } : undefined;
  }
  if (ready.length > 0) return undefined;
  if (best !== null && reachesTarget(settings, best.value)) return { kind: 'ended', reason: 'target' };
  if (alive.every(({ state: kept }) => kept === null)) return { kind: 'ended', reason: 'failed' };
  const done = alive.every(({ step, state: kept }) => kept === null || step >= settings.budget.steps);
  return done ? { kind: 'ended', reason: 'budget' } : undefined;
}

function reachesTarget({ objective: { target, direction } }: StudySettings, value: number): boolean {
  if (target === undefined) return false;
  return direction === 'maximize' ? value >= target : value <= target;
}

function segmentOf({ strategy, budget }: StudySettings, trial: TrialState): PlannedSegment {
  const { generation, hyperparameters, step, state } = trial;
  const toStep = Math.min(step + strategy.interval, budget.steps);
  return { trial: trial.trial, generation, hyperparameters, fromStep: step, toStep, state };
}

function decide({ settings, trials }: StudyState, space: Space): DecidedRecord {
  const reported = trials.filter(({ status }) => status === 'reported');
  const generation = reported[0]!.generation;
  const members = reported.map((trial): MemberReport => {
    const { score } = trial.segments.at(-1)!;
    return { trial: trial.trial, score, hyperparameters: trial.hyperparameters, generation, steps: trial.step };
  });
  const key = foldIn(studyKey(settings), 'decide');
  const decisions = schedulerOf(settings.strategy).decide({ space, key, generation, members });
  return { kind: 'decided', generation, decisions: [...decisions].sort((a, b) => a.trial - b.trial) };
}
