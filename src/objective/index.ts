/** `tfjs-tuner/objective`: what the author of an objective function writes against. Loads neither tfjs nor the native library. */
export { boolean, choice, float, type Hyperparameters, int, ordinal, type SpaceDefinition } from '../space/index.js';
export {
  defineObjective,
  isObjectiveDefinition,
  type Metrics,
  type ObjectiveDefinition,
  type ObjectiveResult,
} from './define-objective.js';
export { errors as objectiveErrors } from './errors.js';
export { type Checkpoint, type ObjectiveTrial, TrialInterrupted, TrialPaused, TrialPruned } from './trial.js';
