/** Rows of a journal: a record as it is stored, and back. */
import { crc32 } from 'node:zlib';
import type { ObjectiveStudyRecord, StudyRecord } from '../study/index.js';

/** One record of a journal. */
export interface JournalEntry<R = StudyRecord> {
  /** Counts from 0 without gaps. */
  readonly sequence: number;
  /** When it was appended: ISO 8601, UTC, milliseconds. For people only: nothing is decided by it. */
  readonly at: string;
  readonly record: R;
}

/** A row of the table `journal`. */
export interface JournalRow {
  readonly sequence: number;
  readonly at: string;
  /** JSON. */
  readonly record: string;
  /** CRC-32 of the row's other columns: SQLite keeps no checksums of its own. */
  readonly checksum: number;
}

const kinds: Readonly<Record<StudyRecord['kind'] | ObjectiveStudyRecord['kind'], true>> = {
  created: true,
  started: true,
  proposed: true,
  resumed: true,
  verdict: true,
  segment: true,
  failed: true,
  decided: true,
  command: true,
  incident: true,
  ended: true,
  interrupted: true,
  objective: true,
  asktell: true,
  checkpoint: true,
};

function checksumOf({ sequence, at, record }: Omit<JournalRow, 'checksum'>): number {
  return crc32(`${sequence}\n${at}\n${record}`);
}

export function encode({ sequence, at, record }: JournalEntry<unknown>): JournalRow {
  const row = { sequence, at, record: JSON.stringify(record) };
  return { ...row, checksum: checksumOf(row) };
}

/**
 * A row's entry, or a phrase for what is wrong with it: its number is not the one that follows, it is not what was written,
 * or its kind is unknown. A record was checked when it was appended, so its checksum vouches for its shape.
 */
export function decode(row: JournalRow, sequence: number): JournalEntry | string {
  if (row.sequence !== sequence) return `is missing (the next one has number ${row.sequence})`;
  if (checksumOf(row) !== row.checksum) return 'does not match its checksum';
  const record = parse(row.record);
  if (record === undefined) return 'is no JSON object';
  const { kind } = record as { kind?: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return `has the unknown kind ${JSON.stringify(kind)}`;
  return { sequence, at: row.at, record: record as StudyRecord };
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
