/** Trials, the ask/tell loop, stopping; the journal's records as types. Pure: no files, threads or clocks. */
export {
  type Action,
  type Command,
  checkActions,
  parseActions,
  parseSchedule,
  type Schedule,
  withIntroduced,
} from '../schedulers/index.js';
export { digest } from './digest.js';
export type * from './events.js';
export { type Plan, type PlannedSegment, plan } from './plan.js';
export * from './records.js';
export * from './settings.js';
export {
  apply,
  type BestSegment,
  type CopyEntry,
  foldRecords,
  liveStates,
  type SegmentEntry,
  type StudyState,
  scoreOf,
  stepsTrained,
  type TrialState,
} from './state.js';
