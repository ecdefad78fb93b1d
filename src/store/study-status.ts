import { type EndReason, foldRecords, type StudyState, type StudySummary } from '../study/index.js';
import type { JournalEntry } from './journal-entry.js';
import { layoutOf } from './layout.js';
import { isLocked } from './study-lock.js';

/** How a study stands; `running` while a process works on it. Whoever was killed leaves it `interrupted`. */
export type StudyStatus = StudySummary['status'] | 'running';

const statusOf: Readonly<Record<EndReason, StudyStatus>> = {
  budget: 'completed',
  target: 'target',
  wall: 'wall',
  plateau: 'plateau',
  regret: 'regret',
  failed: 'failed',
};

/** A study's status and, folded from its entries, its state. At least one entry is needed. @throws STUDY_JOURNAL_INVALID */
export function studyStatus(
  root: string,
  study: string,
  entries: readonly JournalEntry[],
): { status: StudyStatus; state: StudyState } {
  const state = foldRecords(entries.map(({ record }) => record));
  if (state.ended !== null) return { status: statusOf[state.ended], state };
  return { status: isLocked(layoutOf(root, study)) ? 'running' : 'interrupted', state };
}
