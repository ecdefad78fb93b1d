/** Trials, the ask/tell loop, stopping; the journal's records as types. Pure: no files, threads or clocks. */
export {
  type Action,
  type Command,
  checkActions,
  checkedScheduler,
  type ExploreFunction,
  type Interval,
  intervalMust,
  type LineageStep,
  needsEpochs,
  parseActions,
  parseInterval,
  parseReplaySchedule,
  parseSchedule,
  replaySchedule,
  type Schedule,
  withIntroduced,
} from '../schedulers/index.js';
export { createStudy, type RestoreOptions, restoreStudy } from './ask-tell/create.js';
export type { Outcome } from './ask-tell/outcome.js';
export { type AskTellRecord, fromJournal, type JournalNumber, toJournal } from './ask-tell/records.js';
export type { Study } from './ask-tell/study.js';
export type { Trial } from './ask-tell/trial.js';
export { digest } from './digest.js';
export type * from './events.js';
export { frontPoint } from './front.js';
export {
  askTellGoals,
  boundNames,
  checkMetrics,
  hasSeveralObjectives,
  keepsBounds,
  lossesOf,
  metricsOfGoals,
  objectivesOf,
  reachesTargets,
  valuesOf,
  violationsOf,
} from './goals.js';
export { objectiveImportance, type StudyImportance, studyImportance } from './importance/of-study.js';
export * from './objective/index.js';
export { generationCount, type Plan, type PlannedSegment, plan } from './plan.js';
export type { OwnFunctions } from './population-decision.js';
export * from './records.js';
export * from './settings.js';
export {
  apply,
  type BestSegment,
  type CopyEntry,
  type FrontSegment,
  foldRecords,
  liveStates,
  type SegmentEntry,
  type StudyState,
  statesInUse,
  stepsTrained,
  type TrialState,
  type TrialStatus,
} from './state.js';
export { type StopRule, stepsBudget, wallTime } from './stopping.js';
export {
  fidelitySchedulerOf,
  learnsFromResults,
  namedSampler,
  roundOfHyperband,
  samplerOf,
  stopRulesOf,
  takesSeveralObjectives,
} from './strategy-parts.js';
export { targets } from './targets.js';
export { bestPoints, type EarlierTrial, type ImportedTrial, importTrials } from './warm-start.js';
