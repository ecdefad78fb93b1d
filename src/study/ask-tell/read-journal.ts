import { errors } from '../errors.js';
import { type AskTellRecord, askTellFormat, type CreatedRecord } from './records.js';

/** A journal as `study.journal` gives it, or as text: one record in JSON a line. */
export type Journal = string | readonly string[] | readonly AskTellRecord[];

/**
 * The records of a journal. Of text, a last line that is torn (a process was killed while writing it) is left out, as what it says
 * never took effect; a broken line before it is an error. Empty lines are ignored.
 *
 * Errors: STUDY_JOURNAL_INVALID.
 */
export function readJournal(journal: Journal): readonly AskTellRecord[] {
  const entries: readonly (string | AskTellRecord)[] = typeof journal === 'string' ? journal.split('\n') : journal;
  const full = entries.filter((entry) => typeof entry !== 'string' || entry.trim() !== '');
  const records = full.flatMap((entry, index) => {
    return typeof entry === 'string' ? parseLine(entry, index, index === full.length - 1) : [entry];
  });
  for (const record of records) checkShape(record);
  return records;
}

/** The first record of a journal. Errors: STUDY_JOURNAL_INVALID. */
export function createdRecord([first]: readonly AskTellRecord[]): CreatedRecord {
  if (first === undefined) throw errors.STUDY_JOURNAL_INVALID({ why: 'it is empty' });
  if (first.kind !== 'created') throw errors.STUDY_JOURNAL_INVALID({ why: `it begins with "${first.kind}"` });
  if (first.format !== askTellFormat) {
    throw errors.STUDY_JOURNAL_INVALID({
      why: `its format is ${String(first.format)}, and only ${askTellFormat} is known`,
    });
  }
  return first;
}

function parseLine(line: string, index: number, isLast: boolean): AskTellRecord[] {
  try {
    return [JSON.parse(line) as AskTellRecord];
  } catch (cause) {
    if (isLast) return [];
    throw errors.STUDY_JOURNAL_INVALID({ why: `line ${index + 1} is not JSON` }, cause);
  }
}

function checkShape(record: unknown): void {
  if (typeof record === 'object' && record !== null && typeof (record as AskTellRecord).kind === 'string') return;
  throw errors.STUDY_JOURNAL_INVALID({ why: `it has ${JSON.stringify(record)} where a record should be` });
}
