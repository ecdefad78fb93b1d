import type { InferHyperparameters, SpaceDefinition } from '../space/index.js';
import type { ObjectiveTrial } from './trial.js';

/** Numbers by name; those that the sweep's objectives and outcomes name are what counts. May be infinite; NaN means that the trial failed. */
export type Metrics = Readonly<Record<string, number>>;

/** What `run` ends with: the metric, or several by name. Nothing: the last report is the result. */
// biome-ignore lint/suspicious/noConfusingVoidType: an async function that returns nothing returns void
export type ObjectiveResult = number | Metrics | undefined | void;

/** A function that is tuned. */
export interface ObjectiveDefinition<S extends SpaceDefinition = SpaceDefinition> {
  /** Ranges a sweep starts from, parameter by parameter. */
  readonly space: S;
  /**
   * Runs one trial, in a thread that runs nothing else meanwhile. What it throws makes the trial a failed one, and the study goes on. What
   * the module keeps outside of it is seen by the trials that follow in that thread: keep nothing there that a result depends on.
   */
  run(trial: ObjectiveTrial<InferHyperparameters<S>>): ObjectiveResult | Promise<ObjectiveResult>;
}

/**
 * Defines an objective: the default export of a module that a sweep names as its `model`.
 *
 * ```js
 * export default defineObjective({
 *   space: { x: float(-10, 10) },
 *   run: async (trial) => (trial.hyperparameters.x - 2) ** 2,
 * });
 * ```
 */
export function defineObjective<const S extends SpaceDefinition>(
  definition: ObjectiveDefinition<S>,
): ObjectiveDefinition<S> {
  return definition;
}

/** Whether a module's default export can be an objective. */
export function isObjectiveDefinition(value: unknown): value is ObjectiveDefinition {
  if (typeof value !== 'object' || value === null || 'build' in value) return false;
  const { space, run } = value as Partial<ObjectiveDefinition>;
  return typeof run === 'function' && typeof space === 'object' && space !== null;
}
