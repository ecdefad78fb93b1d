/** A sweep as it is written: its type for TypeScript, and the schema that files are checked against. */
import * as z from 'zod';
import type { DatasetReference } from '../data/index.js';
import type { ParameterDefinition, SpaceDefinition, Value } from '../space/index.js';
import { type SweepSampler, sweepSamplers } from '../study/index.js';
import type { ObjectiveSweep } from './objective/objective-sweep.js';
import { durationSeconds } from './sweep-duration.js';

/** Population-based training as it is written. */
export interface PbtSweep {
  /** Trials that train side by side: an integer, at least 2. */
  readonly population: number;
  /** Steps between two decisions: an integer, at least 1. Default: a twentieth of the budget. */
  readonly interval?: number;
  /** Share of the population that is replaced, and that is copied from: above 0, at most 0.5. Default: 0.25. */
  readonly quantile?: number;
  /** Probability, 0 to 1, that a copy draws a hyperparameter anew instead of perturbing it. Default: 0.25. */
  readonly resample?: number;
  /** What perturbing multiplies by, each as likely: above 0, not all 1. Default: 0.8 and 1.2. */
  readonly factors?: readonly number[];
  /** Steps before which nobody is replaced: an integer, at least 0. Default: 0. */
  readonly burnIn?: number;
  /**
   * Who is replaced, and by whom: the worst `quantile` by the best (`truncation`); each member by another drawn at random that is
   * better (`tournament`), or better by Welch's t-test (`ttest`). Default: `truncation`.
   */
  readonly exploit?: 'truncation' | 'tournament' | 'ttest';
  /** `ttest`: scores that a member is judged by, at least 2. Default: 10. */
  readonly window?: number;
  /** `ttest`: the p-value below which two members differ. Default: 0.05. */
  readonly significance?: number;
  /** Going back to older checkpoints when the population has collapsed. Default: never. */
  readonly backtrack?: {
    /** Generations in a row whose best score fell. Default: 3. */
    readonly patience?: number;
    /** How far it may fall, in the objective's unit. Default: 0. */
    readonly tolerance?: number;
    /** How many of the best checkpoints are kept. Default: 1. */
    readonly checkpoints?: number;
    /** Who goes back. Default: `worst`, the worst quantile. */
    readonly who?: 'worst' | 'all';
  };
  /** `resample`: all mutable hyperparameters of a copy are drawn anew. Default: `perturb`. */
  readonly explore?: 'perturb' | 'resample';
}

/** Population-based bandits (PB2) as it is written: as `pbt`, with a model of how hyperparameters act in place of perturbing. */
export interface Pb2Sweep extends Omit<PbtSweep, 'explore'> {
  /** How much uncertainty is worth, at least 0. Default: it grows with the number of results. */
  readonly kappa?: number;
  /** Newest results that the model is fitted to, at least 2. Default: 200. */
  readonly memory?: number;
}

/** What changes while a population trains: from a generation (`at`) or a step on, one or more of the rest. */
export type SweepChange = ({ readonly at: number } | { readonly step: number }) & {
  /** Mutable hyperparameters that copies keep as their parent has them. */
  readonly freeze?: string | readonly string[];
  readonly unfreeze?: string | readonly string[];
  /** Mutable hyperparameters with their range; until then all trials have `start` (default: the range's lowest value). */
  readonly introduce?: Readonly<Record<string, ParameterDefinition & { readonly start?: Value }>>;
  /** Steps between two decisions. */
  readonly interval?: number;
  /** The study ends once a trial reaches it. */
  readonly target?: number;
};

/** Random search as it is written. */
export interface RandomSweep {
  /** An integer, at least 1. */
  readonly trials: number;
  /** Steps between two evaluations: an integer, at least 1. Default: a twentieth of the budget. */
  readonly interval?: number;
}

/** A sweep as it is written in a file, or given to `tune`. */
export interface Sweep {
  /** The study's name. Default: the file's name without its extension; a sweep without a file needs one. */
  readonly study?: string;
  /** One of the models that ship, the path of a module, or that of a saved model (`model.json`, or its folder). */
  readonly model: string;
  /** One of the data sets that ship, the path of a file, or files with how to read them. */
  readonly dataset: DatasetReference;
  readonly objective: {
    /** A metric that the model's evaluation reports, with its split: `valAccuracy`. */
    readonly metric: string;
    readonly direction: 'maximize' | 'minimize';
    /** The study ends once a trial reaches it. Default: none. */
    readonly target?: number;
  };
  /** Replaces parameters of the model's own space. Default: the model's. */
  readonly space?: SpaceDefinition;
  /** Relations that every trial must satisfy, such as `hidden2 <= hidden1`. Default: none. */
  readonly constraints?: readonly string[];
  /** Points to try first, one a trial; what they leave out has its default, or is drawn. Default: none. */
  readonly enqueue?: readonly Readonly<Record<string, Value>>[];
  /** Where the first trials' hyperparameters come from. Default: `random`. */
  readonly sampler?: SweepSampler;
  /** What changes while a population trains. Default: nothing. */
  readonly schedule?: readonly SweepChange[];
  readonly strategy: { readonly pbt: PbtSweep } | { readonly pb2: Pb2Sweep } | { readonly random: RandomSweep };
  readonly budget: {
    /** Steps that a trial trains: an integer, at least 1. */
    readonly steps: number;
    /** Wall time after which no new generation starts: `30m`, `1h30m`, `90s`, or seconds. Above 0. Default: none. */
    readonly wall?: string | number;
  };
  /** An integer, 0 to 2^53 - 1. Default: 0. */
  readonly seed?: number;
  readonly training?: {
    /** Rows a step. Default: 64. */
    readonly batchSize?: number;
    /** Rows an evaluation step. Default: 500. */
    readonly evaluationBatchSize?: number;
    /** Whether steps are compiled with XLA. Default: `auto`. */
    readonly compile?: 'auto' | 'always' | 'never';
    /** Of a saved model: `adam`, `momentum`, … Default: the one that it was compiled with. */
    readonly optimizer?: string;
    /** Of a saved model: `categoricalCrossentropy`, `meanSquaredError`, … Default: the one that it was compiled with. */
    readonly loss?: string;
    /** Of a saved model: whether trials start from its weights or from ones of their own. Default: `saved`, if it has any. */
    readonly initialWeights?: 'saved' | 'fresh';
  };
}

/** The sweep itself, with its type checked: the default export of a sweep in TypeScript. */
export function defineSweep<const S extends Sweep | ObjectiveSweep>(sweep: S): S {
  return sweep;
}

/** An integer with a phrase for what it must be, to follow "must be". */
const integer = (least: number, must: string) => z.int({ error: must }).min(least, { error: must });
const number = (must: string, holds: (given: number) => boolean) =>
  z.number({ error: must }).refine(holds, { error: must });

const steps = integer(1, 'an integer of at least 1, in steps');
const notEmpty = (must: string) => z.string({ error: must }).min(1, { error: must });

const backtrack = z.strictObject({
  patience: integer(1, 'an integer of at least 1, in generations').default(3),
  tolerance: number("a number of at least 0, in the objective's unit", (given) => given >= 0).default(0),
  checkpoints: integer(1, 'an integer of at least 1').default(1),
  who: z.enum(['worst', 'all']).default('worst'),
});

const population = {
  population: integer(2, 'an integer of at least 2'),
  interval: steps.optional(),
  quantile: number('a number above 0 and at most 0.5', (share) => share > 0 && share <= 0.5).default(0.25),
  resample: number('a probability from 0 to 1', (probability) => probability >= 0 && probability <= 1).default(0.25),
  factors: z
    .array(z.number({ error: 'a number above 0' }), { error: 'a list of numbers above 0, not all of them 1' })
    .refine((factors) => factors.every((one) => one > 0) && factors.some((one) => one !== 1), {
      error: 'a list of numbers above 0, not all of them 1',
    })
    .default([0.8, 1.2]),
  burnIn: integer(0, 'an integer of at least 0, in steps').default(0),
  exploit: z.enum(['truncation', 'tournament', 'ttest']).exactOptional(),
  window: integer(2, 'an integer of at least 2').exactOptional(),
  significance: number('a number above 0 and below 1', (given) => given > 0 && given < 1).exactOptional(),
  backtrack: backtrack.exactOptional(),
};

const pbt = z.strictObject({ ...population, explore: z.enum(['perturb', 'resample']).exactOptional() });

const pb2 = z.strictObject({
  ...population,
  kappa: number('a number of at least 0', (given) => given >= 0).exactOptional(),
  memory: integer(2, 'an integer of at least 2').exactOptional(),
});

const random = z.strictObject({ trials: integer(1, 'an integer of at least 1'), interval: steps.optional() });

const time = 'a time above 0 such as 90s, 30m, 2h or 1h30m, or a number of seconds';
const wall = z.union([z.number(), z.string()], { error: time }).transform((given, context) => {
  const seconds = durationSeconds(given);
  if (seconds === undefined) context.addIssue(time);
  return seconds ?? z.NEVER;
});

const hyperparameter = z.union([z.number(), z.string(), z.boolean()], { error: 'a number, string or boolean' });

/** The shape of a sweep. What is in `space` and `dataset` is for their own rooms to check. */
export const sweepSchema = z.strictObject({
  study: z.string({ error: 'a name' }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
    error: 'a name of 1 to 100 letters (a-z, A-Z), digits, ".", "_" or "-" that begins with a letter or digit',
  }),
  model: notEmpty('the name of a model that ships, or the path of a module'),
  dataset: z.unknown().refine((given) => given !== undefined && given !== null, { error: 'a data set' }),
  objective: z.strictObject({
    metric: notEmpty('the name of a metric that the model reports, such as valAccuracy'),
    direction: z.enum(['maximize', 'minimize']),
    target: z.number({ error: 'a finite number' }).optional(),
  }),
  space: z.record(z.string(), z.unknown(), { error: 'an object of parameters by name' }).optional(),
  constraints: z
    .array(notEmpty('a comparison as text, such as hidden2 <= hidden1'), { error: 'a list of comparisons as text' })
    .optional(),
  enqueue: z
    .array(z.record(z.string(), hyperparameter, { error: 'an object of values by name' }), {
      error: 'a list of points, each an object of values by name',
    })
    .optional(),
  sampler: z.enum(sweepSamplers).exactOptional(),
  schedule: z.array(z.unknown(), { error: 'a list of changes, such as { at: 10, freeze: [dropout] }' }).optional(),
  strategy: z.strictObject({ pbt: pbt.optional(), pb2: pb2.optional(), random: random.optional() }),
  budget: z.strictObject({ steps, wall: wall.optional() }),
  seed: integer(0, 'an integer from 0 to 2^53 - 1').default(0),
  training: z
    .strictObject({
      batchSize: integer(1, 'an integer of at least 1, in rows').default(64),
      evaluationBatchSize: integer(1, 'an integer of at least 1, in rows').default(500),
      compile: z.enum(['auto', 'always', 'never']).default('auto'),
      optimizer: notEmpty('the name of an optimizer, such as adam').exactOptional(),
      loss: notEmpty('the name of a loss, such as categoricalCrossentropy').exactOptional(),
      initialWeights: z.enum(['saved', 'fresh']).exactOptional(),
    })
    .prefault({}),
});

/** A sweep with a sound shape. */
export type ParsedSweep = z.output<typeof sweepSchema>;
