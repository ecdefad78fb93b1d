/** A study as a fold over its journal: `state = records.reduce(apply)`, one function a record kind. */
import { type Change, type Command, checkpointsToKeep, type HistoryEntry } from '../schedulers/index.js';
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
  /** Where it went back to an older state of the parent: at the end of this generation. */
  readonly parentGeneration?: number;
  readonly changes: readonly Change[];
}

/** A state that a trial reached, and the one that it began from: together, a lineage. */
export interface Checkpoint extends HistoryEntry {
  readonly state: StateReference;
  readonly previous: Checkpoint | null;
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
  /** The checkpoint that `state` is; `null` where `state` is. */
  readonly checkpoint: Checkpoint | null;
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
  /** All segments that were done, in the order in which they were recorded. */
  readonly history: readonly Checkpoint[];
  /** Changes that were asked for while the study ran or stood. */
  readonly commands: readonly Command[];
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
  return {
    created: record,
    settings,
    trials: [],
    decided: [],
    incidents: [],
    history: [],
    commands: [],
    runs: [],
    best: null,
    ended: null,
  };
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
    case 'command':
      return { ...state, commands: [...state.commands, record.command] };
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
    checkpoint: null,
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
  const checkpoint: Checkpoint = {
    trial: trial.trial,
    generation,
    fromStep,
    toStep,
    hyperparameters: trial.hyperparameters,
    before: trial.checkpoint?.score ?? null,
    score,
    state: record.state,
    previous: trial.checkpoint,
  };
  const trials = replace(state, { ...reported(trial, entry, checkpoint), step: toStep });
  const history = [...state.history, checkpoint];
  return { ...state, trials, history, best: better(state, record, score, trial.hyperparameters) };
}

function reported(trial: TrialState, entry: SegmentEntry, checkpoint: Checkpoint | null): TrialState {
  const state = checkpoint?.state ?? null;
  return { ...trial, status: 'reported', state, checkpoint, segments: [...trial.segments, entry] };
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
      const checkpoint = copied(state, decision.parent, decision.parentGeneration);
      const { hyperparameters, parent, parentGeneration, changes } = decision;
      const copy = { generation, parent, changes, ...(parentGeneration === undefined ? {} : { parentGeneration }) };
      const copies = [...trial.copies, copy];
      const { toStep: step, state: from } = checkpoint;
      return { ...next, status: 'ready', hyperparameters, step, state: from, checkpoint, copies };
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

/** What a copy of `parent` begins from: its newest state, or that at the end of an older generation. */
function copied({ trials, history }: StudyState, parent: number, generation: number | undefined): Checkpoint {
  const found =
    generation === undefined
      ? trials[parent]?.checkpoint
      : history.find((one) => one.trial === parent && one.generation === generation);
  if (!found) throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${parent} is copied, and has no state` });
  return found;
}

/** Checkpoint files that can still be resumed, exploited or exported. */
export function liveStates({ trials, best, history, settings }: StudyState): ReadonlySet<string> {
  const files = trials.flatMap(({ state }) => (state === null ? [] : [state.file]));
  return new Set([...files, ...(best === null ? [] : [best.state.file]), ...keptFiles(history, settings)]);
}

/** Older checkpoints that members may go back to. */
function keptFiles(history: readonly Checkpoint[], { strategy }: StudySettings): string[] {
  if (strategy.kind === 'random' || strategy.backtrack === undefined) return [];
  const kept = new Set<HistoryEntry>(checkpointsToKeep(history, strategy.backtrack));
  return history.filter((one) => kept.has(one)).map(({ state }) => state.file);
}

/** Steps that all trials trained together, also those that diverged. */
export function stepsTrained({ trials }: StudyState): number {
  let sum = 0;
  for (const { segments } of trials) for (const { fromStep, toStep } of segments) sum += toStep - fromStep;
  return sum;
}
