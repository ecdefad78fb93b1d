/** What a sweep wants of its trials' metrics, as it is written: an objective or several, and bounds of outcomes. */
import * as z from 'zod';
import type { Goals, Objective } from '../study/index.js';
import type { Problem } from './sweep-problem.js';
import { notEmpty } from './sweep-rules.js';

/** An objective as it is written. */
export interface GoalSweep {
  /** A metric that the model's evaluation reports, with its split: `valAccuracy`; or one that an objective function returns. */
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
  /** The study ends once a trial reaches it; of several objectives, all that there are. Default: none. */
  readonly target?: number;
}

/** Bounds of a metric, as they are written: at least one of the two. */
export interface OutcomeSweep {
  readonly metric: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface GoalsSweep {
  readonly objective?: GoalSweep | undefined;
  /** In place of `objective`: at least two, for a Pareto front. With the strategy `random` only. */
  readonly objectives?: readonly GoalSweep[];
  /**
   * What a trial's metrics have to keep to be feasible: only feasible trials can be the best, reach the target or be on the front. Not for
   * populations. Default: nothing.
   */
  readonly outcomes?: readonly OutcomeSweep[];
}

const finite = z.number({ error: 'a finite number' });
const goal = z.strictObject({
  metric: notEmpty('the name of a metric that the model reports, such as valAccuracy'),
  direction: z.enum(['maximize', 'minimize']),
  target: finite.optional(),
});
const outcome = z.strictObject({
  metric: notEmpty('the name of a metric, such as valLoss'),
  atMost: finite.optional(),
  atLeast: finite.optional(),
});
const several = 'a list of at least 2 objectives, such as { metric: valLoss, direction: minimize }';
const bounds = 'a list of bounds, such as { metric: valLoss, atMost: 0.5 }';

/** Keys of a sweep's schema. */
export const goalsShape = {
  objective: goal.optional(),
  objectives: z.array(goal, { error: several }).min(2, { error: several }).optional(),
  outcomes: z.array(outcome, { error: bounds }).min(1, { error: bounds }).optional(),
};

type Written = { readonly [K in keyof typeof goalsShape]?: z.output<(typeof goalsShape)[K]> };

/** That there is exactly one of `objective` and `objectives`, of any value so far. */
export function goalProblems(sweep: unknown): Problem[] {
  if (typeof sweep !== 'object' || sweep === null || Array.isArray(sweep)) return [];
  const { objective, objectives } = sweep as { readonly objective?: unknown; readonly objectives?: unknown };
  if (objective !== undefined && objectives !== undefined) {
    return [{ path: ['objectives'], text: 'must stand in place of objective, and both are there' }];
  }
  if (objective !== undefined || objectives !== undefined) return [];
  const text = `must be an object with the keys ${Object.keys(goal.shape).join(', ')}, and is missing`;
  return [{ path: ['objective'], text }];
}

/** What goals of a sound shape may not be. */
export function goalContents({ objectives = [], outcomes = [] }: Written): Problem[] {
  const repeated = objectives.flatMap(({ metric }, index): Problem[] => {
    const first = objectives.findIndex((one) => one.metric === metric);
    if (first === index) return [];
    return [{ path: ['objectives', index, 'metric'], text: `must be another than that of objective ${first + 1}` }];
  });
  const empty = outcomes.flatMap(({ metric, atMost, atLeast }, index): Problem[] => {
    const path = ['outcomes', index];
    const first = outcomes.findIndex((one) => one.metric === metric);
    if (first !== index) {
      const text = `must be another than that of outcome ${first + 1}, which may have both bounds`;
      return [{ path: [...path, 'metric'], text }];
    }
    if (atMost === undefined && atLeast === undefined) return [{ path, text: 'must have atMost or atLeast, or both' }];
    if (!(atMost! < atLeast!)) return [];
    return [{ path, text: `must leave values of ${metric}, and none is at most ${atMost} and at least ${atLeast}` }];
  });
  return [...repeated, ...empty];
}

/** As they are kept; those of a sweep without problems. */
export function goalsOf({ objective, objectives, outcomes }: Written): Goals {
  const all = (objectives ?? [objective!]).map(objectiveOf);
  return {
    objective: all[0]!,
    ...(objectives === undefined ? {} : { objectives: all }),
    ...(outcomes === undefined
      ? {}
      : {
          outcomes: outcomes.map(({ metric, atMost, atLeast }) => ({
            metric,
            ...(atMost === undefined ? {} : { atMost }),
            ...(atLeast === undefined ? {} : { atLeast }),
          })),
        }),
  };
}

function objectiveOf({ target, ...rest }: z.output<typeof goal>): Objective {
  return target === undefined ? rest : { ...rest, target };
}
