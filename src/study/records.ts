import type { Note } from '../samplers/index.js';
import type { Command, Decision, Verdict } from '../schedulers/index.js';
import type { Hyperparameters } from '../space/index.js';
import type { StudySettings } from './settings.js';

/** Version of the record shapes in this file. A journal with a higher one is refused. */
export const journalFormat = 1;

/** A trial's state on disk: everything it needs to go on. */
export interface StateReference {
  /** File name within the study's `checkpoints` folder. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the file's contents, hex. */
  readonly sha256: string;
}

/** First record of every journal. */
export interface CreatedRecord {
  readonly kind: 'created';
  readonly format: typeof journalFormat;
  readonly settings: StudySettings;
  /** The data set's own digest: a study resumed on other data is refused. */
  readonly datasetDigest: string;
  /** Of a saved model: SHA-256 over its files, hex. A study resumed with others is refused. */
  readonly modelDigest?: string;
  readonly versions: Readonly<Record<string, string>>;
  /** How the first trial's step is run, and why: it decides the last bits. Not in journals of before 0.1.0. */
  readonly execution?: { readonly mode: 'compiled' | 'plain' | 'eager'; readonly reason: string };
}

/** A process took the study up (at its creation, or to resume it). Not part of the digest. */
export interface StartedRecord {
  readonly kind: 'started';
  readonly workers: number;
  readonly backend: string;
  readonly resumed: boolean;
}

/** The sampler's proposal for a trial; trials are numbered from 0. */
export interface ProposedRecord {
  readonly kind: 'proposed';
  readonly trial: number;
  readonly hyperparameters: Hyperparameters;
  /** Where its first segment ends, if the strategy says so trial by trial. */
  readonly toStep?: number;
  /** What the sampler wants to remember; absent: nothing. */
  readonly note?: Note;
}

/** A paused trial goes on. */
export interface ResumedRecord {
  readonly kind: 'resumed';
  readonly trial: number;
  /** Where its next segment ends. */
  readonly toStep: number;
}

/**
 * A segment counts: that of the trial which is earliest on the virtual clock. Segments are recorded as they end, which depends on timing;
 * this does not.
 */
export interface VerdictRecord {
  readonly kind: 'verdict';
  readonly trial: number;
  readonly generation: number;
  /** Where the segment was to end. */
  readonly step: number;
  /** What becomes of the trial, and of every paused one whose fate this decides; in trial order. */
  readonly verdicts: readonly Verdict[];
}

/** A segment that ended by itself: trained and evaluated, or diverged (loss, weights or a metric not finite). */
export type SegmentRecord = {
  readonly kind: 'segment';
  readonly trial: number;
  /** Counts a trial's segments from 0. */
  readonly generation: number;
  readonly fromStep: number;
  readonly toStep: number;
  /** Wall time of training and evaluation. Not part of the digest. */
  readonly seconds: number;
} & (
  | {
      readonly outcome: 'done';
      /** Mean training loss over the segment's steps. */
      readonly loss: number;
      readonly metrics: Readonly<Record<string, number>>;
      readonly state: StateReference;
    }
  | { readonly outcome: 'diverged' /** What was not finite, and where. */; readonly message: string }
);

/** A segment that could not be completed, although it was tried again: the trial is out until it is exploited over. */
export interface FailedRecord {
  readonly kind: 'failed';
  readonly trial: number;
  readonly generation: number;
  readonly attempts: number;
  readonly code: string;
  readonly message: string;
}

/**
 * The scheduler's decisions, in trial order: after all trials reported a generation, or, in an asynchronous population, on those that count
 * now.
 */
export interface DecidedRecord {
  readonly kind: 'decided';
  readonly generation: number;
  readonly decisions: readonly Decision[];
  /** Asynchronous: where the member's next segment ends; `null`: it has had its budget, or is out. */
  readonly toStep?: number | null;
}

/** A change of what is tuned, how often, or until when, that somebody asked for: it acts from `command.generation`. */
export interface CommandRecord {
  readonly kind: 'command';
  readonly command: Command;
}

/** Something went wrong and was mended (a worker was lost and its segment run again). Not part of the digest. */
export interface IncidentRecord {
  readonly kind: 'incident';
  readonly trial: number;
  readonly generation: number;
  /** Counts from 1. */
  readonly attempt: number;
  readonly code: string;
  readonly message: string;
}

/** Why a study ended: `failed` means that no trial was left to go on with; `plateau` and `regret` are the rules of that name. */
export type EndReason = 'budget' | 'target' | 'wall' | 'plateau' | 'regret' | 'failed';

export interface EndedRecord {
  readonly kind: 'ended';
  readonly reason: EndReason;
}

/** A process left the study unfinished but resumable. Not part of the digest. */
export interface InterruptedRecord {
  readonly kind: 'interrupted';
  readonly by: string;
}

/** Everything that can be appended to a study's journal. */
export type StudyRecord =
  | CreatedRecord
  | StartedRecord
  | ProposedRecord
  | ResumedRecord
  | SegmentRecord
  | FailedRecord
  | VerdictRecord
  | DecidedRecord
  | CommandRecord
  | IncidentRecord
  | EndedRecord
  | InterruptedRecord;
