/**
 * The journal of an ask-and-tell study: everything that its state depends on, in the order in which it happened. Records are
 * JSON; the state is a fold over them (`ledger.ts`).
 */
import type { Note } from '../../samplers/index.js';
import type { Hyperparameters, SpaceDefinition } from '../../space/index.js';

/** Version of the record shapes in this file. A journal with another one is refused. */
export const askTellFormat = 1;

/** A number as JSON can hold it, which has neither infinities nor NaN. */
export type JournalNumber = number | 'Infinity' | '-Infinity' | 'NaN';

/** All that a study's decisions depend on, besides the results. */
export interface AskTellSettings {
  readonly space: SpaceDefinition;
  readonly constraints: readonly string[];
  /** One for each objective. */
  readonly directions: readonly Direction[];
  /** Names; empty where the study has none. */
  readonly outcomeConstraints: readonly string[];
  /** Names of what proposes and decides. */
  readonly sampler: string;
  readonly scheduler: string | null;
  /** Names of the rules that may end the study. */
  readonly stop: readonly string[];
  /** Steps a trial can have at most; `null` where no scheduler needs it. */
  readonly maxSteps: number | null;
  readonly seed: number;
  /** Trials the study asks for at most; `null`: as many as somebody asks for. */
  readonly trials: number | null;
  /** The study ends once a feasible trial is as good; `null`: none. */
  readonly target: number | null;
  readonly deterministic: boolean;
  /** Trials that run at a time. It is part of the result in a deterministic study only. */
  readonly parallel: number;
}

export type Direction = 'minimize' | 'maximize';

/** First record of every journal. */
export interface CreatedRecord {
  readonly kind: 'created';
  readonly format: typeof askTellFormat;
  readonly settings: AskTellSettings;
}

/** A trial of an earlier study, as the sampler sees it; never one of this study's own. */
export interface ImportedRecord {
  readonly kind: 'imported';
  readonly hyperparameters: Hyperparameters;
  readonly status: 'complete' | 'pruned' | 'failed';
  /** In the study's directions; of a pruned one its last report. Empty for a failed one. */
  readonly values: readonly JournalNumber[];
  /** By name; empty where they are not known. */
  readonly constraints: Readonly<Record<string, JournalNumber>>;
}

/** Hyperparameters to try next, before the sampler is asked again; what is left out is filled in. */
export interface EnqueuedRecord {
  readonly kind: 'enqueued';
  readonly hyperparameters: Hyperparameters;
}

/** A trial was handed out. Trials are numbered from 0. */
export interface AskedRecord {
  readonly kind: 'asked';
  readonly trial: number;
  readonly hyperparameters: Hyperparameters;
  readonly by: 'sampler' | 'enqueued';
  /** What the sampler wants to remember. */
  readonly note: Note;
}

export interface ReportedRecord {
  readonly kind: 'reported';
  readonly trial: number;
  /** A positive integer, rising within a trial. */
  readonly step: number;
  readonly value: JournalNumber;
  readonly verdict: Verdict;
}

/**
 * What becomes of a trial after a report. `stop`: it is over, and its last report is its result. `pause`: it gives its place away, and may be
 * resumed later, or stopped.
 */
export type Verdict = 'continue' | 'stop' | 'pause';

/** A paused trial was handed out again. */
export interface AgainRecord {
  readonly kind: 'resumed';
  readonly trial: number;
}

/** A place was free, and the scheduler had nothing to do with it before something else was reported. Of schedulers that pause. */
export interface IdleRecord {
  readonly kind: 'idle';
}

/** A trial ended. */
export type ToldRecord = { readonly kind: 'told'; readonly trial: number } & (
  | {
      readonly status: 'complete';
      readonly values: readonly JournalNumber[];
      readonly constraints: Readonly<Record<string, JournalNumber>>;
    }
  | { readonly status: 'pruned' }
  | { readonly status: 'failed' /** Why, where it is known. */; readonly message?: string }
);

/** No trial is asked for any more; those that run may still be told. */
export interface EndedRecord {
  readonly kind: 'ended';
  /** `trials`, `target`, `scheduler`, or the name of a stopping rule. */
  readonly reason: string;
}

/** The study goes on after its end, with another number of trials in all. */
export interface ExtendedRecord {
  readonly kind: 'extended';
  readonly trials: number | null;
}

export type AskTellRecord =
  | CreatedRecord
  | ImportedRecord
  | EnqueuedRecord
  | AskedRecord
  | ReportedRecord
  | AgainRecord
  | IdleRecord
  | ToldRecord
  | EndedRecord
  | ExtendedRecord;

/** `value` as the journal holds it. A -0 becomes 0, as in JSON. */
export function toJournal(value: number): JournalNumber {
  return Number.isFinite(value) ? value + 0 : (String(value) as JournalNumber);
}

/** The number that the journal holds. */
export function fromJournal(value: JournalNumber): number {
  return Number(value);
}
