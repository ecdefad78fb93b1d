/** What a study wants of a trial's metrics: one objective or several, and outcomes that have to keep within bounds. */
import type { AskTellSettings } from './ask-tell/records.js';
import { errors } from './errors.js';
import type { Goals, Objective, OutcomeBound } from './settings.js';

type Metrics = Readonly<Record<string, number>>;

/** At least one; the first is the one that a single number stands for. */
export function objectivesOf({ objective, objectives }: Goals): readonly Objective[] {
  return objectives ?? [objective];
}

/** Whether trials are compared by more than one number. */
export function hasSeveralObjectives(goals: Goals): boolean {
  return objectivesOf(goals).length > 1;
}

/** Metrics that a result has to have: those of the objectives, then those of the outcomes; each once. */
export function metricsOfGoals(goals: Goals): readonly string[] {
  return [...new Set([...objectivesOf(goals), ...(goals.outcomes ?? [])].map(({ metric }) => metric))];
}

/** One for each objective, to be minimised. */
export function lossesOf(goals: Goals, metrics: Metrics): number[] {
  // not negated, so that there is no -0
  return objectivesOf(goals).map(({ metric, direction }) => {
    return direction === 'maximize' ? 0 - metrics[metric]! : metrics[metric]!;
  });
}

/** The objectives' metrics, by name. */
export function valuesOf(goals: Goals, metrics: Metrics): Metrics {
  return Object.fromEntries(objectivesOf(goals).map(({ metric }) => [metric, metrics[metric]!]));
}

/** A bound as a number that is at most 0 where it holds. */
interface Bound {
  /** Such as `valLatency <= 5`. */
  readonly name: string;
  readonly violation: (metrics: Metrics) => number;
}

function boundsOf({ outcomes = [] }: Goals): Bound[] {
  return outcomes.flatMap(({ metric, atMost, atLeast }: OutcomeBound): Bound[] => [
    ...(atMost === undefined
      ? []
      : [{ name: `${metric} <= ${atMost}`, violation: (metrics: Metrics) => above(metrics[metric]!, atMost) }]),
    ...(atLeast === undefined
      ? []
      : [{ name: `${metric} >= ${atLeast}`, violation: (metrics: Metrics) => above(atLeast, metrics[metric]!) }]),
  ]);
}

/** By how much; infinite metrics have no difference of their own. */
function above(value: number, bound: number): number {
  return value === bound ? 0 : value - bound;
}

/** A name for each bound, in the order of {@link violationsOf}. */
export function boundNames(goals: Goals): string[] {
  return boundsOf(goals).map(({ name }) => name);
}

/** For each bound of each outcome, by how much it is passed: at most 0 where it holds, in the metric's unit. */
export function violationsOf(goals: Goals, metrics: Metrics): number[] {
  return boundsOf(goals).map(({ violation }) => violation(metrics));
}

/** What an ask-and-tell study calls objectives and bounds. */
export function askTellGoals(goals: Goals): Pick<AskTellSettings, 'directions' | 'outcomeConstraints'> {
  return { directions: objectivesOf(goals).map(({ direction }) => direction), outcomeConstraints: boundNames(goals) };
}

/** Whether all outcomes keep within their bounds. */
export function keepsBounds(goals: Goals, metrics: Metrics): boolean {
  return violationsOf(goals, metrics).every((violation) => violation <= 0);
}

/** Whether the metrics are as good as every target that an objective has; `false` where none has one. */
export function reachesTargets(goals: Goals, metrics: Metrics): boolean {
  const wanted = objectivesOf(goals).filter(({ target }) => target !== undefined);
  return (
    wanted.length > 0 &&
    wanted.every(({ metric, direction, target }) => {
      return direction === 'maximize' ? metrics[metric]! >= target! : metrics[metric]! <= target!;
    })
  );
}

/** @throws STUDY_METRIC_MISSING if an objective or an outcome is not among what is reported */
export function checkMetrics(goals: Goals, reported: readonly string[]): void {
  const named = [
    ...objectivesOf(goals).map(({ metric }) => ({ metric, key: goals.objectives ? 'objectives' : 'objective.metric' })),
    ...(goals.outcomes ?? []).map(({ metric }) => ({ metric, key: 'outcomes' })),
  ];
  for (const { metric, key } of named) {
    if (!reported.includes(metric)) throw errors.STUDY_METRIC_MISSING({ metric, key, reported });
  }
}
