/** The journal of a study of an objective function: an ask-and-tell study's records, with what happened around them. */
import type { AskTellRecord, JournalNumber } from '../ask-tell/records.js';
import type { InterruptedRecord, StartedRecord, StateReference } from '../records.js';
import type { ObjectiveStudySettings } from './settings.js';

/** Version of the record shapes in this file. */
export const objectiveFormat = 1;

/** First record of such a journal. */
export interface ObjectiveRecord {
  readonly kind: 'objective';
  readonly format: typeof objectiveFormat;
  readonly settings: ObjectiveStudySettings;
  readonly versions: Readonly<Record<string, string>>;
}

/** What the study decided or was told. */
export interface AskTellEntry {
  readonly kind: 'asktell';
  readonly record: AskTellRecord;
  /** All that was measured, of a report or a result; the study's own metric is in the record. */
  readonly metrics?: Readonly<Record<string, JournalNumber>>;
}

/** A trial saved something, in place of what it saved before. Not part of the digest. */
export interface CheckpointRecord {
  readonly kind: 'checkpoint';
  readonly trial: number;
  readonly state: StateReference;
  /** Reports from before the checkpoint that did not count yet: who goes on from it does not make them again. */
  readonly reports: readonly { readonly step: number; readonly metrics: Readonly<Record<string, JournalNumber>> }[];
}

export type ObjectiveStudyRecord =
  | ObjectiveRecord
  | StartedRecord
  | AskTellEntry
  | CheckpointRecord
  | InterruptedRecord;
