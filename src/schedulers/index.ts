/** Schedulers decide, at the end of each segment, which trials go on, stop, or copy others. */
export { type AshaOptions, asha } from './asha.js';
export { type Backtrack, checkpointsToKeep } from './backtracking.js';
export { hyperbandBrackets } from './brackets.js';
export { checkedScheduler } from './checked-scheduler.js';
export type { Explore, ExploreFunction, ExploreInput } from './explore.js';
export type {
  FidelityContext,
  FidelityReport,
  FidelityRun,
  FidelityScheduler,
  Job,
  Verdict,
} from './fidelity.js';
export { fifo } from './fifo.js';
export { type HyperbandOptions, hyperband } from './hyperband.js';
export {
  type Interval,
  intervalMust,
  isPlateau,
  needsEpochs,
  parseInterval,
  type Span,
  segmentSteps,
  trialsToDecide,
} from './interval.js';
export { type MedianStoppingOptions, medianStopping } from './median-stopping.js';
export { noScheduler } from './none.js';
export { type ScheduleState, scheduleAt } from './parameter-schedule.js';
export { type PashaOptions, pasha } from './pasha.js';
export { type PatienceOptions, patience } from './patience.js';
export { pb2 } from './pb2.js';
export type { Pb2Options } from './pb2-options.js';
export { pbt } from './pbt.js';
export { type PbtOptions, parsePbtOptions } from './pbt-options.js';
export { type PercentileStoppingOptions, percentileStopping } from './percentile-stopping.js';
export {
  type LineageStep,
  nextReplaySegment,
  parseReplaySchedule,
  type ReplaySegment,
  replaySchedule,
} from './replay.js';
export {
  type Action,
  type Command,
  checkActions,
  parseActions,
  parseSchedule,
  type Schedule,
  type ScheduleEntry,
  withIntroduced,
} from './schedule-entries.js';
export type {
  Change,
  DecideInput,
  Decision,
  HistoryEntry,
  LineageEntry,
  MemberReport,
  Scheduler,
} from './scheduler.js';
export type { StoppingRule, StoppingScheduler } from './stopping-run.js';
export { type SuccessiveHalvingOptions, successiveHalving } from './successive-halving.js';
