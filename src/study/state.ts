/** A study as a fold over its journal: `state = records.reduce(apply)`, one function a record kind. */
import type { Note } from '../samplers/index.js';
import type { Change, Command, HistoryEntry } from '../schedulers/index.js';
import type { Hyperparameters } from '../space/index.js';
import { applyDecided } from './apply-decided.js';
import { applyProposed, applyResumed, applyVerdict } from './apply-ordered.js';
import { applyFailed, applySegment } from './apply-segment.js';
import { errors } from './errors.js';
import { GrowingList } from './growing-list.js';
import { keptCheckpoints } from './member.js';
import type {
  CreatedRecord,
  DecidedRecord,
  EndReason,
  FailedRecord,
  IncidentRecord,
  ProposedRecord,
  ResumedRecord,
  SegmentRecord,
  StartedRecord,
  StateReference,
  StudyRecord,
  VerdictRecord,
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
  /** Where it is a copy of another state than the parent had after `generation`: of that at the end of this one. */
  readonly parentGeneration?: number;
  readonly changes: readonly Change[];
}

/** A state that a trial reached, and the one that it began from: together, a lineage. */
export interface Checkpoint extends HistoryEntry {
  readonly state: StateReference;
  readonly previous: Checkpoint | null;
}

/**
 * - `ready`: its next segment may run.
 * - `reported`: its segment ended, and it waits for a decision.
 * - `paused`: it may be resumed.
 * - `stopped`: it was ended before its full budget. `complete`: it has had it.
 * - `out`: it failed, and nothing was copied over it.
 */
export type TrialStatus = 'ready' | 'reported' | 'paused' | 'stopped' | 'complete' | 'out';

export interface TrialState {
  readonly trial: number;
  /** Those of its next segment. */
  readonly hyperparameters: Hyperparameters;
  /** Of its next segment while `ready`, of its last one while `reported`. */
  readonly generation: number;
  /** Steps behind its state; a copy takes over its parent's. */
  readonly step: number;
  readonly status: TrialStatus;
  /** `null` before the first segment, and after a segment that left none. */
  readonly state: StateReference | null;
  /** The checkpoint that `state` is; `null` where `state` is. */
  readonly checkpoint: Checkpoint | null;
  readonly segments: readonly SegmentEntry[];
  /** Steps of all its segments together, also of those that diverged. */
  readonly trained: number;
  readonly copies: readonly CopyEntry[];
  /** Where its segment ends that is `ready` or `reported`; `null` where the whole population's interval says. */
  readonly toStep: number | null;
  /** A segment that ended and does not count yet: results that count in the order of the virtual clock wait here. */
  readonly arrived: SegmentRecord | FailedRecord | null;
  /** When, by the virtual clock, its next segment begins. */
  readonly clock: number;
  /** How often it was paused and resumed. */
  readonly resumedCount: number;
  /** Why it was stopped; `null` unless it was. */
  readonly reason: string | null;
  /** What the sampler remembers of it. */
  readonly note: Note;
}

/** A decision of a study that decides on its trials one by one. */
export type OrderedRecord = ProposedRecord | ResumedRecord | VerdictRecord | DecidedRecord;

export interface BestSegment {
  readonly trial: number;
  readonly generation: number;
  readonly score: number;
  /** The objective's metric as it was measured. */
  readonly value: number;
  readonly hyperparameters: Hyperparameters;
  readonly state: StateReference;
}

/** A trial on the Pareto front. */
export interface FrontSegment extends BestSegment {
  /** The objectives' metrics, by name. */
  readonly values: Readonly<Record<string, number>>;
}

export interface StudyState {
  readonly created: CreatedRecord;
  readonly settings: StudySettings;
  /** By trial number. */
  readonly trials: readonly TrialState[];
  readonly decided: readonly DecidedRecord[];
  readonly incidents: readonly IncidentRecord[];
  /** All segments that were done, in the order in which they were recorded. */
  readonly history: GrowingList<Checkpoint>;
  /** Changes that were asked for while the study ran or stood. */
  readonly commands: readonly Command[];
  /** Processes that worked on it. */
  readonly runs: readonly StartedRecord[];
  /** The best segment of all whose outcomes keep within bounds; with several objectives the front's best by the first one. */
  readonly best: BestSegment | null;
  /** With several objectives: the complete trials that no other dominates, by number. Empty with one. */
  readonly front: readonly FrontSegment[];
  /** Where results count one by one: all decisions, in order. Empty elsewhere. */
  readonly log: readonly OrderedRecord[];
  /** By the virtual clock, when the result that counted last did. */
  readonly now: number;
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
    history: GrowingList.empty(),
    commands: [],
    runs: [],
    best: null,
    front: [],
    log: [],
    now: 0,
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
    case 'resumed':
      return applyResumed(state, record);
    case 'verdict':
      return applyVerdict(state, record);
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

/** Checkpoint files of trials that run, or are about to: what is worth keeping in memory. */
export function statesInUse({ trials }: StudyState): string[] {
  return trials.flatMap((trial) => (trial.status === 'ready' || trial.status === 'reported' ? filesOf(trial) : []));
}

function filesOf({ state, arrived }: TrialState): string[] {
  const files = state === null ? [] : [state.file];
  return arrived?.kind === 'segment' && arrived.outcome === 'done' ? [...files, arrived.state.file] : files;
}

/** Checkpoint files that can still be resumed, exploited or exported. */
export function liveStates(state: StudyState): ReadonlySet<string> {
  const { trials, best, front } = state;
  const found = [...(best === null ? [] : [best]), ...front, ...keptCheckpoints(state)].map((one) => one.state.file);
  return new Set([...trials.flatMap(filesOf), ...found]);
}

/** Steps that all trials trained together, also those that diverged. */
export function stepsTrained({ trials }: StudyState): number {
  return trials.reduce((sum, { trained }) => sum + trained, 0);
}
