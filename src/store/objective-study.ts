/** Journals of objective functions among the others. */
import {
  foldObjective,
  isObjectiveJournal,
  type ObjectiveState,
  type ObjectiveStudyRecord,
  objectiveStatus,
} from '../study/index.js';
import type { JournalEntry } from './journal-entry.js';
import { layoutOf } from './layout.js';
import { isLocked } from './study-lock.js';
import type { StudyStatus } from './study-status.js';

/** The entries of an objective function's study, or `null` if it trains a model. */
export function objectiveEntries(
  entries: readonly JournalEntry<unknown>[],
): readonly JournalEntry<ObjectiveStudyRecord>[] | null {
  const first = entries[0]?.record as { readonly kind: string } | undefined;
  return isObjectiveJournal(first) ? (entries as readonly JournalEntry<ObjectiveStudyRecord>[]) : null;
}

/** As `studyStatus`. @throws STUDY_JOURNAL_INVALID */
export function objectiveStudyStatus(
  root: string,
  study: string,
  entries: readonly JournalEntry<ObjectiveStudyRecord>[],
): { readonly status: StudyStatus; readonly state: ObjectiveState } {
  const state = foldObjective(entries.map(({ record }) => record));
  const status = objectiveStatus(state) ?? (isLocked(layoutOf(root, study)) ? 'running' : 'interrupted');
  return { status, state };
}
