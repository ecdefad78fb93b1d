/** What a study has to do next: a pure function of its state. */
import { foldIn } from '../random/index.js';
import { completePoint, type Hyperparameters, type Space } from '../space/index.js';
import { trialsAtBarrier } from './awaited-plateau.js';
import { keptCheckpoints, Member } from './member.js';
import { earlierObservations, runningObservation } from './observations.js';
import { planAsynchronous } from './plan-asynchronous.js';
import { planTrials } from './plan-trials.js';
import { decideMembers, type OwnFunctions, studyKey, trainedBy } from './population-decision.js';
import { hasStoppedImproving } from './population-plateau.js';
import type {
  DecidedRecord,
  EndedRecord,
  ProposedRecord,
  ResumedRecord,
  StateReference,
  VerdictRecord,
} from './records.js';
import { scheduled, segmentLength } from './scheduled.js';
import { countsInOrder, isPopulation, isTrialwise, trialCount } from './settings.js';
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
  const generation = generationOf(state.trials);
  const ended = endAtBarrier(state, generation, elapsedSeconds);
  if (ended) return { kind: 'record', records: [ended] };
  const { ready } = generation;
  if (ready.length > 0) return { kind: 'run', segments: ready.map((trial) => segmentOf(state, space, trial)) };
  return { kind: 'record', records: [decide(state, space, generation, functions)] };
}

/** How the trials of a generation stand. */
interface Generation {
  /** Those that are not out. */
  readonly alive: readonly TrialState[];
  readonly ready: readonly TrialState[];
  /** The most steps that one with a state has trained; below 0 if there is none. */
  readonly mostTrained: number;
  /** The most steps that are behind a state. */
  readonly furthest: number;
}

/** In one walk: a thousand trials lie far apart in memory, and to see each of them again takes as long as to decide on it. */
function generationOf(trials: readonly TrialState[]): Generation {
  const alive: TrialState[] = [];
  const ready: TrialState[] = [];
  let [mostTrained, furthest] = [-1, 0];
  for (const trial of trials) {
    if (trial.status === 'out') continue;
    alive.push(trial);
    if (trial.status === 'ready') ready.push(trial);
    if (trial.state !== null) mostTrained = Math.max(mostTrained, trainedBy(trial));
    furthest = Math.max(furthest, trial.step);
  }
  return { alive, ready, mostTrained, furthest };
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
function endAtBarrier(state: StudyState, trials: Generation, elapsedSeconds: number): EndedRecord | undefined {
  const { settings, best } = state;
  const { alive, ready, mostTrained } = trials;
  if (alive.length === 0) return { kind: 'ended', reason: 'failed' };
  if (ready.length === alive.length) {
    const waited = elapsedSeconds >= (settings.budget.wallSeconds ?? Number.POSITIVE_INFINITY);
    return waited && state.history.length > 0 ? { kind: 'ended', reason: 'wall' } : undefined;
  }
  if (ready.length > 0) return undefined;
  if (best !== null && reachesTarget(state, trials, best.value)) return { kind: 'ended', reason: 'target' };
  if (mostTrained < 0 && !canGoBack(state, alive)) return { kind: 'ended', reason: 'failed' };
  if (hasStoppedImproving(state)) return { kind: 'ended', reason: 'plateau' };
  const { steps, totalSteps } = settings.budget;
  const isSpent = totalSteps !== undefined && stepsTrained(state) >= totalSteps;
  return mostTrained >= steps || isSpent ? { kind: 'ended', reason: 'budget' } : undefined;
}

/**
 * Whether a population without a score goes back to older checkpoints. It does so at most `patience` times in a row: what is lost each time
 * would never be through.
 */
function canGoBack(state: StudyState, alive: readonly TrialState[]): boolean {
  const { strategy } = state.settings;
  if (!isPopulation(strategy) || strategy.backtrack === undefined || keptCheckpoints(state).size === 0) return false;
  const { generation } = alive[0]!;
  const lastScored = state.history.items.reduce((last, entry) => Math.max(last, entry.generation), 0);
  return generation - lastScored <= strategy.backtrack.patience;
}

function reachesTarget(state: StudyState, { alive, furthest }: Generation, value: number): boolean {
  const { direction } = state.settings.objective;
  // a schedule's target does not depend on the space
  const { target } = scheduled(state, noSpace, alive[0]!.generation, furthest);
  if (target === null) return false;
  return direction === 'maximize' ? value >= target : value <= target;
}

const noSpace: Space = { parameters: [], constraints: [], definition: {} };

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

/** @param alive all of whom have reported */
function decide(
  state: StudyState,
  space: Space,
  { alive, furthest }: Generation,
  functions: OwnFunctions,
): DecidedRecord {
  const { generation } = alive[0]!;
  // who has no checkpoint any more has failed or diverged
  const members = alive.map((trial) => {
    const { checkpoint, hyperparameters, step } = trial;
    return new Member(state, trial, checkpoint?.score ?? null, hyperparameters, step);
  });
  const ready = trialsAtBarrier(state, space, members, generation);
  const decided = decideMembers(state, space, { generation, step: furthest, members, ready }, functions);
  if (ready.length === members.length) return { kind: 'decided', generation, decisions: decided };
  const chosen = new Set(ready);
  const waiting = members.filter(({ trial }) => !chosen.has(trial));
  const all = [...decided, ...waiting.map(({ trial }) => ({ kind: 'continue', trial }) as const)];
  return { kind: 'decided', generation, decisions: all.sort((a, b) => a.trial - b.trial) };
}
