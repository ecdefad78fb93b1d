/**
 * `tfjs-tuner/study`: studies that are asked for trials and told their results, without TensorFlow, in Node and in a browser. With
 * all that a study is made of: samplers, schedulers that stop trials, stopping rules.
 */
export { TunerError } from '../errors/index.js';
export type { Observation, Proposal, ProposeInput, Report, Sampler } from '../samplers/index.js';
export {
  bohbSampler,
  cmaEsSampler,
  gpSampler,
  gridSampler,
  gridSize,
  hypervolume,
  latinHypercubeSampler,
  nsga2Sampler,
  paretoFront,
  randomSampler,
  regularisedEvolutionSampler,
  sobolSampler,
  tpeSampler,
} from '../samplers/index.js';
export type { FidelityScheduler } from '../schedulers/index.js';
export { asha, medianStopping, patience, percentileStopping } from '../schedulers/index.js';
export {
  boolean,
  choice,
  float,
  type Hyperparameters,
  type InferHyperparameters,
  int,
  type SpaceDefinition,
} from '../space/index.js';
export { createStudy, type RestoreOptions, restoreStudy } from './ask-tell/create.js';
export type { Objective, OptimizeOptions } from './ask-tell/optimize.js';
export type { StudyOptions } from './ask-tell/options.js';
export type { Outcome, Told } from './ask-tell/outcome.js';
export type { Journal } from './ask-tell/read-journal.js';
export type { AskTellRecord, Direction, Verdict } from './ask-tell/records.js';
export type { Study } from './ask-tell/study.js';
export type { Trial, TrialResult } from './ask-tell/trial.js';
export type { Importance, ImportanceOptions } from './importance/importance.js';
export { type RegretOptions, regret } from './regret.js';
export { plateau, type StoppingView, type StopRule, stepsBudget, wallTime } from './stopping.js';
export { type EarlierTrial, earlierTrials } from './warm-start.js';
