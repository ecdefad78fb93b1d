/** The study on disk: an append-only journal in SQLite, and the trials' checkpoints as files. */
export type { JournalEntry } from './journal-entry.js';
export { type BrokenListing, type HealthyListing, listStudies, type StudyListing } from './list-studies.js';
export { type StudyStatus, studyStatus } from './study-status.js';
export { StudyStore } from './study-store.js';
export {
  findTestEvaluation,
  recordTestEvaluations,
  type TestEvaluation,
  testEvaluations,
} from './test-evaluations.js';
