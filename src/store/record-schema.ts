/** What records must look like, checked before they are appended: a journal that was written can be read. */
import * as z from 'zod';
import type { SpaceDefinition } from '../space/index.js';
import {
  type Command,
  fidelityStrategies,
  type Interval,
  journalFormat,
  type ProposedRecord,
  parseInterval,
  type Schedule,
  type StudyRecord,
  sweepSamplers,
} from '../study/index.js';
import { errors } from './errors.js';

const count = z.int().min(0);
const value = z.union([z.number(), z.string(), z.boolean()]);
const hyperparameters = z.record(z.string(), value);
const metrics = z.record(z.string(), z.number());
const state = z.strictObject({ file: z.string(), bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const population = {
  population: count,
  interval: z.custom<Interval>((given) => parseInterval(given) !== undefined),
  quantile: z.number(),
  resample: z.number(),
  factors: z.array(z.number()).readonly(),
  burnIn: count,
  asynchronous: z.boolean().exactOptional(),
  exploit: z.enum(['truncation', 'tournament', 'ttest']).exactOptional(),
  window: count.exactOptional(),
  significance: z.number().exactOptional(),
  backtrack: z
    .strictObject({ patience: count, tolerance: z.number(), checkpoints: count, who: z.enum(['worst', 'all']) })
    .exactOptional(),
} as const;

const strategy = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pbt'),
    ...population,
    explore: z
      .union([z.enum(['perturb', 'resample']), z.strictObject({ module: z.string().nullable() })])
      .exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('pb2'),
    ...population,
    kappa: z.number().exactOptional(),
    memory: count.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('random'), trials: count, interval: count, parallel: count.exactOptional() }),
  z.strictObject({
    kind: z.literal('replay'),
    trials: count,
    study: z.string(),
    trial: count,
    schedule: z.array(z.strictObject({ fromStep: count, toStep: count, hyperparameters })).readonly(),
  }),
  z.strictObject({
    kind: z.enum(fidelityStrategies),
    trials: count,
    parallel: count,
    interval: count.exactOptional(),
    options: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
]);

const sampler = z.enum(sweepSamplers);

const stop = z.strictObject({
  plateau: z
    .strictObject({
      trials: count.exactOptional(),
      generations: count.exactOptional(),
      minDelta: z.number().exactOptional(),
    })
    .exactOptional(),
  regret: z
    .strictObject({ threshold: z.number(), minTrials: count.exactOptional(), every: count.exactOptional() })
    .exactOptional(),
});

/** Its entries are made by `parseSchedule`, and checked there. */
const schedule = z.custom<Schedule>((given) => Array.isArray(given));

const objective = z.strictObject({
  metric: z.string(),
  direction: z.enum(['maximize', 'minimize']),
  target: z.number().exactOptional(),
});

const outcome = z.strictObject({
  metric: z.string(),
  atMost: z.number().exactOptional(),
  atLeast: z.number().exactOptional(),
});

const journalNumber = z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])]);
const earlier = z.strictObject({
  study: z.string(),
  try: count,
  trials: z
    .array(
      z.strictObject({
        hyperparameters,
        status: z.enum(['complete', 'pruned', 'failed']),
        values: z.array(journalNumber).readonly(),
        constraints: z.record(z.string(), journalNumber),
      }),
    )
    .readonly(),
});

const settings = z.strictObject({
  study: z.string(),
  model: z.string(),
  dataset: z.union([z.string(), z.record(z.string(), z.unknown())]),
  objective,
  objectives: z.array(objective).readonly().exactOptional(),
  outcomes: z.array(outcome).readonly().exactOptional(),
  space: z.custom<SpaceDefinition>((given) => typeof given === 'object' && given !== null),
  constraints: z.array(z.string()).readonly().exactOptional(),
  enqueue: z.array(hyperparameters).readonly().exactOptional(),
  earlier: earlier.exactOptional(),
  sampler: z
    .union([
      sampler,
      z.strictObject({ name: z.union([sampler, z.literal('own')]), options: z.record(z.string(), z.unknown()) }),
    ])
    .exactOptional(),
  schedule: schedule.exactOptional(),
  strategy,
  budget: z.strictObject({
    steps: count,
    totalSteps: count.exactOptional(),
    wallSeconds: z.number().exactOptional(),
  }),
  stop: stop.exactOptional(),
  seed: count,
  training: z.strictObject({
    batchSize: count,
    rows: count.exactOptional(),
    evaluationBatchSize: count,
    compile: z.enum(['auto', 'always', 'never']),
    optimizer: z.string().exactOptional(),
    loss: z.string().exactOptional(),
    initialWeights: z.enum(['saved', 'fresh']).exactOptional(),
  }),
});

const created = z.strictObject({
  kind: z.literal('created'),
  format: z.literal(journalFormat),
  settings,
  datasetDigest: z.string(),
  modelDigest: z.string().exactOptional(),
  versions: z.record(z.string(), z.string()),
  execution: z.strictObject({ mode: z.enum(['compiled', 'plain', 'eager']), reason: z.string() }).exactOptional(),
});

const segmentOf = {
  kind: z.literal('segment'),
  trial: count,
  generation: count,
  fromStep: count,
  toStep: count,
  seconds: z.number(),
} as const;

const segment = z.discriminatedUnion('outcome', [
  z.strictObject({ ...segmentOf, outcome: z.literal('done'), loss: z.number(), metrics, state }),
  z.strictObject({ ...segmentOf, outcome: z.literal('diverged'), message: z.string() }),
]);

const change = z.strictObject({
  name: z.string(),
  from: value.nullable(),
  inherited: value.nullable(),
  to: value,
  how: z.enum(['inherited', 'perturbed', 'resampled', 'chosen']),
  factor: z.number().exactOptional(),
  atBound: z.literal(true).exactOptional(),
});

const decision = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('continue'), trial: count }),
  z.strictObject({
    kind: z.literal('exploit'),
    trial: count,
    parent: count,
    parentGeneration: count.exactOptional(),
    hyperparameters,
    changes: z.array(change).readonly(),
  }),
  z.strictObject({ kind: z.literal('fail'), trial: count, reason: z.string() }),
]);

/** What becomes of a trial, by its multi-fidelity scheduler. */
const verdict = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('continue'), trial: count, toStep: count }),
  z.strictObject({ kind: z.literal('pause'), trial: count }),
  z.strictObject({ kind: z.literal('stop'), trial: count, reason: z.string() }),
  z.strictObject({ kind: z.literal('complete'), trial: count }),
]);

/** JSON of the sampler's. */
const note = z.custom<Exclude<ProposedRecord['note'], undefined>>((given) => given !== undefined);

const attempt = { trial: count, generation: count, code: z.string(), message: z.string() } as const;

/** Its type is exactly {@link StudyRecord}: a test sees to it. */
export const studyRecord = z.discriminatedUnion('kind', [
  created,
  z.strictObject({ kind: z.literal('started'), workers: count, backend: z.string(), resumed: z.boolean() }),
  z.strictObject({
    kind: z.literal('proposed'),
    trial: count,
    hyperparameters,
    toStep: count.exactOptional(),
    note: note.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('resumed'), trial: count, toStep: count }),
  z.strictObject({
    kind: z.literal('verdict'),
    trial: count,
    generation: count,
    step: count,
    verdicts: z.array(verdict).readonly(),
  }),
  segment,
  z.strictObject({ kind: z.literal('failed'), ...attempt, attempts: count }),
  z.strictObject({
    kind: z.literal('decided'),
    generation: count,
    decisions: z.array(decision).readonly(),
    toStep: count.nullable().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('command'),
    command: z.custom<Command>((given) => typeof given === 'object' && given !== null),
  }),
  z.strictObject({ kind: z.literal('incident'), ...attempt, attempt: count }),
  z.strictObject({
    kind: z.literal('ended'),
    reason: z.enum(['budget', 'target', 'wall', 'plateau', 'regret', 'failed']),
  }),
  z.strictObject({ kind: z.literal('interrupted'), by: z.string() }),
]);

/** @throws STORE_RECORD_INVALID, with every place where the record is not as its kind demands */
export function checkRecord(record: StudyRecord): void {
  const { error } = studyRecord.safeParse(record);
  if (!error) return;
  const why = error.issues.map(({ path, message }) => `${path.join('.') || 'the record'}: ${message}`).join('; ');
  throw errors.STORE_RECORD_INVALID({ kind: String((record as { kind?: unknown } | null)?.kind), why });
}
