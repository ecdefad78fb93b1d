/** A study as a fold over its journal: `state = records.reduce(apply)`, one function a record kind. */
import type { Change } from '../schedulers/index.js';
import type { Hyperparameters } from '../space/index.js';
import { errors } from './errors.js';
import type {
  CreatedRecord,
  DecidedRecord,
  EndReason,
  FailedRecord,
  IncidentRecord,
  ProposedRecord,
  SegmentRecord,
  StartedRecord,
  StateReference,
  StudyRecord,
} from './records.js';
import type { StudySettings } from './settings.js';

/** One segment of a trial, as it ended. */
export interface SegmentEntry {
  readonly generation: number;
  /** What it was trained with. */
  readonly hyperparameters: Hyperparameters;
  readonly fromStep: number;
  readonly toStep: number;
  readonly outcome: 'done' | 'diverged' | 'failed';
  /** Higher is better, whatever the objective's direction; `null` unless done. */
  readonly score: number | null;
  /** Mean training loss; `null` unless done. */
  readonly loss: number | null;
  /** Empty unless done. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Wall time; 0 for a failed one. */
  readonly seconds: number;
  /** Why it diverged or failed. */
  readonly message?: string;
}

/** That a trial was replaced by a copy of another, after a generation. */
export interface CopyEntry {
  /** The generation after which it was decided. */
  readonly generation: number;
  readonly parent: number;
  readonly changes: readonly Change[];
}

export interface TrialState {
  readonly trial: number;
  /** Those of its next segment. */
  readonly hyperparameters: Hyperparameters;
  /** Of its next segment while `ready`, of its last one while `reported`. */
  readonly generation: number;
  /** Steps behind its state; a copy takes over its parent's. */
  readonly step: number;
  /** `ready`: its next segment may run. `reported`: it waits for a decision. `out`: it failed and nothing was copied over it. */
  readonly status: 'ready' | 'reported' | 'out';
  /** `null` before the first segment, and after a segment that left none. */
  readonly state: StateReference | null;
  readonly segments: readonly SegmentEntry[];
  readonly copies: readonly CopyEntry[];
}

export interface BestSegment {
  readonly trial: number;
  readonly generation: number;
  readonly score: number;
  /** The objective's metric as it was measured. */
  readonly value: number;
  readonly hyperparameters: Hyperparameters;
  readonly state: StateReference;
}

export interface StudyState {
  readonly created: CreatedRecord;
  readonly settings: StudySettings;
  /** By trial number. */
  readonly trials: readonly TrialState[];
  readonly decided: readonly DecidedRecord[];
  readonly incidents: readonly IncidentRecord[];
  /** Processes that worked on it. */
  readonly runs: readonly StartedRecord[];
  readonly best: BestSegment | null;
  readonly ended: EndReason | null;
}

/** The state after `records`, the first of which is `created`. Errors: STUDY_JOURNAL_INVALID. */
export function foldRecords(records: Iterable<StudyRecord>): StudyState {
  let state: StudyState | undefined;
  for (const record of records) state = state === undefined ? start(record) : apply(state, record);
  if (state === undefined) throw errors.STUDY_JOURNAL_INVALID({ why: 'it is empty' });
  return state;
}

function start(record: StudyRecord): StudyState {
  if (record.kind !== 'created') throw errors.STUDY_JOURNAL_INVALID({ why: `it begins with "${record.kind}"` });
  const { settings } = record;
  return { created: record, settings, trials: [], decided: [], incidents: [], runs: [], best: null, ended: null };
}

/** The state after one more record. */
export function apply(state: StudyState, record: StudyRecord): StudyState {
  switch (record.kind) {
    case 'created':
      throw errors.STUDY_JOURNAL_INVALID({ why: 'it has a second "created"' });
    case 'started':
      return { ...state, runs: [...state.runs, record] };
    case 'proposed':
      return applyProposed(state, record);
    case 'segment':
      return applySegment(state, record);
    case 'failed':
      return applyFailed(state, record);
    case 'decided':
      return applyDecided(state, record);
    case 'incident':
      return { ...state, incidents: [...state.incidents, record] };
    case 'ended':
      return { ...state, ended: record.reason };
    case 'interrupted':
      return state;
    default:
      throw errors.STUDY_JOURNAL_INVALID({ why: `it has a record of unknown kind ${JSON.stringify(record)}` });
  }
}

function applyProposed(state: StudyState, { trial, hyperparameters }: ProposedRecord): StudyState {
  if (trial !== state.trials.length) {
    throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${trial} is proposed after ${state.trials.length} trials` });
  }
  const proposed: TrialState = {
    trial,
    hyperparameters,
    generation: 0,
    step: 0,
    status: 'ready',
    state: null,
    segments: [],
    copies: [],
  };
  return { ...state, trials: [...state.trials, proposed] };
}

function replace(state: StudyState, trial: TrialState): readonly TrialState[] {
  return state.trials.with(trial.trial, trial);
}

function readyTrial(state: StudyState, { trial, generation, kind }: SegmentRecord | FailedRecord): TrialState {
  const found = state.trials[trial];
  if (found?.status !== 'ready' || found.generation !== generation) {
    throw errors.STUDY_JOURNAL_INVALID({
      why: `"${kind}" of trial ${trial}, generation ${generation}, is out of turn`,
    });
  }
  return found;
}

/** The objective's value of a segment's metrics, and the score that is higher the better it is. */
export function scoreOf(settings: StudySettings, metrics: Readonly<Record<string, number>>): number {
  const { metric, direction } = settings.objective;
  const value = metrics[metric];
  if (value === undefined) throw errors.STUDY_METRIC_MISSING({ metric, reported: Object.keys(metrics) });
  return direction === 'maximize' ? value : -value;
}

function applySegment(state: StudyState, record: SegmentRecord): StudyState {
  const trial = readyTrial(state, record);
  const { generation, fromStep, toStep, seconds, outcome } = record;
  const common = { generation, fromStep, toStep, seconds, hyperparameters: trial.hyperparameters };
  if (outcome === 'diverged') {
    const entry: SegmentEntry = { ...common, outcome, score: null, loss: null, metrics: {}, message: record.message };
    return { ...state, trials: replace(state, reported(trial, entry, null)) };
  }
  const score = scoreOf(state.settings, record.metrics);
  const entry: SegmentEntry = { ...common, outcome, score, loss: record.loss, metrics: record.metrics };
  const trials = replace(state, { ...reported(trial, entry, record.state), step: toStep });
  return { ...state, trials, best: better(state, record, score, trial.hyperparameters) };
}

function reported(trial: TrialState, entry: SegmentEntry, state: StateReference | null): TrialState {
  return { ...trial, status: 'reported', state, segments: [...trial.segments, entry] };
}

/**
 * The better of the best so far and a segment that was done. Ties go to the earlier generation, then to the lower trial,
 * so that the order in which workers finish does not matter.
 */
function better(
  { best, settings }: StudyState,
  record: SegmentRecord & { readonly outcome: 'done' },
  score: number,
  hyperparameters: Hyperparameters,
): BestSegment {
  const { trial, generation } = record;
  const value = record.metrics[settings.objective.metric]!;
  const candidate = { trial, generation, score, value, hyperparameters, state: record.state };
  if (best === null || score > best.score) return candidate;
  if (score < best.score) return best;
  const earlier = generation < best.generation || (generation === best.generation && trial < best.trial);
  return earlier ? candidate : best;
}

function applyFailed(state: StudyState, record: FailedRecord): StudyState {
  const trial = readyTrial(state, record);
  const { generation, code, message } = record;
  const entry: SegmentEntry = {
    generation,
    hyperparameters: trial.hyperparameters,
    fromStep: trial.step,
    toStep: trial.step,
    outcome: 'failed',
    score: null,
    loss: null,
    metrics: {},
    seconds: 0,
    message: `${code}: ${message}`,
  };
  return { ...state, trials: replace(state, reported(trial, entry, null)) };
}

function applyDecided(state: StudyState, record: DecidedRecord): StudyState {
  const trials = state.trials.map((trial) => decide(state, trial, record));
  return { ...state, trials, decided: [...state.decided, record] };
}

function decide(state: StudyState, trial: TrialState, { decisions, generation }: DecidedRecord): TrialState {
  if (trial.status === 'out') return trial;
  const decision = decisions.find((one) => one.trial === trial.trial);
  if (!decision || trial.status !== 'reported' || trial.generation !== generation) {
    throw errors.STUDY_JOURNAL_INVALID({ why: `generation ${generation} was decided without trial ${trial.trial}` });
  }
  const next = { ...trial, generation: generation + 1 };
  switch (decision.kind) {
    case 'exploit': {
      const parent = state.trials[decision.parent]!;
      const copies = [...trial.copies, { generation, parent: decision.parent, changes: decision.changes }];
      const { hyperparameters } = decision;
      return { ...next, status: 'ready', hyperparameters, step: parent.step, state: parent.state, copies };
    }
    case 'fail':
      return { ...next, status: 'out' };
    case 'continue':
      // without a state there is nothing to continue from
      return { ...next, status: trial.state === null ? 'out' : 'ready' };
    default:
      return decision satisfies never;
  }
}

/** Checkpoint files that can still be resumed, exploited or exported. */
export function liveStates({ trials, best }: StudyState): ReadonlySet<string> {
  const files = trials.flatMap(({ state }) => (state === null ? [] : [state.file]));
  return new Set(best === null ? files : [...files, best.state.file]);
}

/** Steps that all trials trained together, also those that diverged. */
export function stepsTrained({ trials }: StudyState): number {
  let sum = 0;
  for (const { segments } of trials) for (const { fromStep, toStep } of segments) sum += toStep - fromStep;
  return sum;
}
