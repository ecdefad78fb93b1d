/** What a study has to do next: a pure function of its state. */
import { foldIn } from '../random/index.js';
import { completePoint, type Hyperparameters, type Space } from '../space/index.js';
import { earlierObservations, runningObservation } from './observations.js';
import { planAsynchronous } from './plan-asynchronous.js';
import { planTrials } from './plan-trials.js';
import {
  decideMembers,
  type Member,
  type OwnFunctions,
  scheduled,
  segmentLength,
  studyKey,
  trainedBy,
  trialsAtBarrier,
} from './population-decision.js';
import { hasStoppedImproving } from './population-plateau.js';
import type {
  DecidedRecord,
  EndedRecord,
  ProposedRecord,
  ResumedRecord,
  StateReference,
  VerdictRecord,
} from './records.js';
import { countsInOrder, isTrialwise, trialCount } from './settings.js';
import { type StudyState, stepsTrained, type TrialState } from './state.js';
import { learnsFromResults, samplerName, samplerOf } from './strategy-parts.js';

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

type DecisionRecord = ProposedRecord | ResumedRecord | VerdictRecord | DecidedRecord | EndedRecord;

export type Plan =
  | { readonly kind: 'record'; readonly records: readonly DecisionRecord[] }
  /**
   * Run these, in any order, and record each result. Those that run already are among them. More may be decided, and more run, before
   * all of them are through.
   */
  | { readonly kind: 'run'; readonly segments: readonly PlannedSegment[] }
  | { readonly kind: 'done' };

/**
 * The next thing to do.
 *
 * @param space the settings' space, parsed
 * @param functions those that the settings name
 * @param elapsedSeconds wall time since this process took the study up: the only thing here that a clock decides
 */
export function plan(state: StudyState, space: Space, elapsedSeconds: number, functions: OwnFunctions = {}): Plan {
  if (state.ended !== null) return { kind: 'done' };
  if (isTrialwise(state.settings.strategy)) return planTrials(state, space, elapsedSeconds, functions);
  if (state.trials.length < trialCount(state.settings.strategy))
    return { kind: 'record', records: propose(state, space, functions) };
  if (countsInOrder(state.settings.strategy)) return planAsynchronous(state, space, elapsedSeconds, functions);
  const ready = state.trials.filter(({ status }) => status === 'ready');
  const ended = endAtBarrier(state, ready, elapsedSeconds);
  if (ended) return { kind: 'record', records: [ended] };
  if (ready.length > 0) return { kind: 'run', segments: ready.map((trial) => segmentOf(state, space, trial)) };
  return { kind: 'record', records: [decide(state, space, functions)] };
}

function propose(state: StudyState, space: Space, functions: OwnFunctions): ProposedRecord[] {
  const { settings, trials } = state;
  const sampler = samplerOf(settings, functions.sampler);
  const own = studyKey(settings);
  const { held } = scheduled(state, space, 0, 0);
  const isOrdered = countsInOrder(settings.strategy);
  const missing = trialCount(settings.strategy) - trials.length;
  const history = learnsFromResults(samplerName(settings)) ? earlierObservations(settings) : [];
  const earlierCount = history.length;
  return Array.from({ length: missing }, (_, index) => {
    const trial = trials.length + index;
    const key = foldIn(own, 'propose', trial);
    const given = settings.enqueue?.[trial];
    if (settings.strategy.kind === 'replay') {
      return { kind: 'proposed', trial, hyperparameters: settings.strategy.schedule[0]!.hyperparameters };
    }
    const proposed =
      given === undefined
        ? sampler.propose({
            space,
            key,
            studyKey: own,
            trial: earlierCount + trial,
            history: [...history],
            objectiveCount: 1,
          }).hyperparameters
        : completePoint(space, given, key);
    // those of an earlier study are all that a population can learn from; its own members keep apart
    if (earlierCount > 0) history.push(runningObservation(earlierCount + trial, proposed));
    const hyperparameters = { ...proposed, ...held };
    const length = segmentLength(state, space, { generation: 0, step: 0, hyperparameters });
    const first = isOrdered ? { toStep: Math.min(length, settings.budget.steps) } : {};
    return { kind: 'proposed', trial, hyperparameters, ...first };
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
  const { settings, best, trials, history } = state;
  const alive = trials.filter(({ status }) => status !== 'out');
  if (alive.length === 0) return { kind: 'ended', reason: 'failed' };
  const fresh = ready.length === alive.length;
  if (fresh) {
    const waited = elapsedSeconds >= (settings.budget.wallSeconds ?? Number.POSITIVE_INFINITY);
    return waited && history.length > 0 ? { kind: 'ended', reason: 'wall' } : undefined;
  }
  if (ready.length > 0) return undefined;
  if (best !== null && reachesTarget(state, alive, best.value)) return { kind: 'ended', reason: 'target' };
  if (alive.every(({ state: kept }) => kept === null)) return { kind: 'ended', reason: 'failed' };
  if (hasStoppedImproving(state)) return { kind: 'ended', reason: 'plateau' };
  const { steps, totalSteps = Number.POSITIVE_INFINITY } = settings.budget;
  const done = alive.some((trial) => trial.state !== null && trainedBy(trial) >= steps);
  return done || stepsTrained(state) >= totalSteps ? { kind: 'ended', reason: 'budget' } : undefined;
}

function reachesTarget(state: StudyState, alive: readonly TrialState[], value: number): boolean {
  const { direction } = state.settings.objective;
  // a schedule's target does not depend on the space
  const { generation } = alive[0]!;
  const { target } = scheduled(state, noSpace, generation, furthest(alive));
  if (target === null) return false;
  return direction === 'maximize' ? value >= target : value <= target;
}

const noSpace: Space = { parameters: [], constraints: [], definition: {} };

const furthest = (trials: readonly TrialState[]) => Math.max(...trials.map(({ step }) => step));

function segmentOf(state: StudyState, space: Space, trial: TrialState): PlannedSegment {
  const { generation, hyperparameters, step, state: from } = trial;
  const toStep = Math.min(step + segmentLength(state, space, trial), state.settings.budget.steps);
  return { trial: trial.trial, generation, hyperparameters, fromStep: step, toStep, state: from };
}

/**
 * How many segments a member of a population trains in all, as far as it can be foreseen: with the intervals of the schedule and of commands,
 * and without going back to older checkpoints from now on.
 */
export function generationCount(state: StudyState, space: Space): number {
  const { trials, settings } = state;
  const { steps: budget } = settings.budget;
  const alive = trials.filter(({ status }) => status !== 'out');
  const reported = ({ status }: TrialState) => status === 'reported';
  let generation = Math.max(0, ...alive.map((trial) => trial.generation + Number(reported(trial))));
  const stepOf = (trial: TrialState) => (reported(trial) ? trial.segments.at(-1)!.toStep : trial.step);
  const first = alive.reduce<TrialState | undefined>((a, b) => (a && stepOf(a) >= stepOf(b) ? a : b), undefined);
  const { hyperparameters = {} } = first ?? {};
  for (let step = first ? stepOf(first) : 0; step < budget; generation++) {
    step += segmentLength(state, space, { generation, step, hyperparameters });
  }
  return generation;
}

function decide(state: StudyState, space: Space, functions: OwnFunctions): DecidedRecord {
  const reported = state.trials.filter(({ status }) => status === 'reported');
  const generation = reported[0]!.generation;
  const members = reported.map((trial): Member => {
    const { score } = trial.segments.at(-1)!;
    return { trial: trial.trial, score, hyperparameters: trial.hyperparameters, steps: trial.step, of: trial };
  });
  const ready = trialsAtBarrier(state, space, members, generation);
  const decided = decideMembers(state, space, { generation, step: furthest(reported), members, ready }, functions);
  const waiting = members.filter(({ trial }) => !ready.includes(trial));
  const all = [...decided, ...waiting.map(({ trial }) => ({ kind: 'continue', trial }) as const)];
  return { kind: 'decided', generation, decisions: all.sort((a, b) => a.trial - b.trial) };
}
