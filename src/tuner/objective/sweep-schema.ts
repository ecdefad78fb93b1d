/** A sweep of an objective function, as it is written. */
import * as z from 'zod';
import { objectiveSamplers, objectiveStrategies } from '../../study/index.js';
import { goalsShape } from '../sweep-goals.js';
import { isModule, type ModulePath } from '../sweep-sampler.js';
import { stopShape, sweepSchema } from '../sweep-schema.js';

const integer = (least: number, must: string) => z.int({ error: must }).min(least, { error: must });
const trials = integer(1, 'an integer of at least 1');
const parallel = integer(1, 'an integer of at least 1').default(4);
const steps = integer(1, 'an integer of at least 1, in steps');
const time = sweepSchema.shape.budget.shape.wall;
const options = z.record(z.string(), z.unknown(), { error: 'an object of options by name' });

const strategy = z.strictObject(
  Object.fromEntries(objectiveStrategies.map((name) => [name, z.looseObject({ trials, parallel }).optional()])),
);
const sampler = z.strictObject(Object.fromEntries(objectiveSamplers.map((name) => [name, options.optional()])));

/** What sweeps of models have too is as there. Options of samplers and schedulers are for their own rooms to check. */
export const objectiveSweepSchema = z.strictObject({
  study: sweepSchema.shape.study,
  model: sweepSchema.shape.model,
  ...goalsShape,
  space: sweepSchema.shape.space,
  constraints: sweepSchema.shape.constraints,
  enqueue: sweepSchema.shape.enqueue,
  earlier: sweepSchema.shape.earlier,
  sampler: z
    .union([z.enum(objectiveSamplers as [string, ...string[]]), sampler, z.custom<ModulePath>(isModule)], {
      error: `${objectiveSamplers.join(' or ')}, one of them with options, or the path of a module`,
    })
    .optional(),
  strategy,
  budget: z.strictObject({ steps: steps.optional(), totalSteps: steps.optional(), wall: time }).prefault({}),
  stop: z.strictObject(stopShape).exactOptional(),
  timeout: time,
  seed: sweepSchema.shape.seed,
});

export type ParsedObjectiveSweep = z.output<typeof objectiveSweepSchema>;
