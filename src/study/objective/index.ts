/** Studies of objective functions: their journal, its fold, and what decides in them. */
export { makeSampler, makeScheduler, objectiveSamplers, objectiveStrategies } from './deciders.js';
export * from './records.js';
export type * from './settings.js';
export {
  foldObjective,
  isFeasibleEntry,
  isObjectiveJournal,
  ObjectiveState,
  objectiveDigest,
  objectiveStatus,
} from './state.js';
