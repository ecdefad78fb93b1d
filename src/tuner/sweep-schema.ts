/** A sweep as it is written: its type for TypeScript, and the schema that files are checked against. */
import * as z from 'zod';
import type { DatasetReference } from '../data/index.js';
import type { ParameterDefinition, SpaceDefinition, Value } from '../space/index.js';
import { type ExploreFunction, type Interval, intervalMust, parseInterval } from '../study/index.js';
import { type EarlierSweep, earlierSchema } from './earlier-trials.js';
import type { ObjectiveSweep } from './objective/objective-sweep.js';
import { durationSeconds } from './sweep-duration.js';
import {
  type AshaSweep,
  fidelitySchemas,
  type HyperbandSweep,
  type MedianSweep,
  type OwnSchedulerSweep,
  type PashaSweep,
  type PatienceSweep,
  type PercentileSweep,
  type SuccessiveHalvingSweep,
} from './sweep-fidelity.js';
import { type GoalsSweep, goalsShape } from './sweep-goals.js';
import { integer, notEmpty, number, steps } from './sweep-rules.js';
import type { SamplerSweep } from './sweep-sampler.js';

/** A number of steps, or of epochs: passes over the training rows. */
export type SpanSweep =
  | number
  | `${number} step${'s' | ''}`
  | `${number} epoch${'s' | ''}`
  | { readonly epochs: number };

/** When a population decides. */
export type IntervalSweep =
  | SpanSweep
  | { readonly plateau: { readonly patience?: number; readonly minDelta?: number; readonly every: SpanSweep } };

/** Population-based training as it is written. */
export interface PbtSweep {
  /** Trials that train side by side: an integer, at least 2. */
  readonly population: number;
  /**
   * When members are decided on: after so many steps (an integer, at least 1), epochs (`2 epochs`, or `{ epochs: 2 }`), or once the best score
   * (asynchronous: the member's own) has not improved for a while (`{ plateau: { patience: 3, minDelta: 0.001, every: 125 } }`). Default: a
   * twentieth of the budget.
   */
  readonly interval?: IntervalSweep;
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
  /**
   * Whether each member is decided on when it has trained its interval, against the last results of the others, instead of all together.
   * Default: `false`.
   */
  readonly asynchronous?: boolean;
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
  /**
   * `resample`: all mutable hyperparameters of a copy are drawn anew. A function of one's own, or the path of a module whose default export it
   * is: it is given each parameter with the parent's value and a key for randomness, and returns what the copy goes on with. It has to be
   * pure. Default: `perturb`.
   */
  readonly explore?:
    | 'perturb'
    | 'resample'
    | `${string}.${'ts' | 'js' | 'mts' | 'mjs' | 'cts' | 'cjs'}`
    | ExploreFunction;
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
  /** When members are decided on. */
  readonly interval?: IntervalSweep;
  /** The study ends once a trial reaches it. */
  readonly target?: number;
};

/** Random search as it is written. */
export interface RandomSweep {
  /** An integer, at least 1. */
  readonly trials: number;
  /** Steps between two evaluations: an integer, at least 1. Default: a twentieth of the budget. */
  readonly interval?: number;
  /**
   * Trials that are under way at a time, as far as the sampler is concerned: an integer, at least 1. Default: all of them, or 4 with a
   * sampler that learns from results.
   */
  readonly parallel?: number;
}

/** Fresh models under the schedule of hyperparameters that a trial of an earlier study lived through, as it is written. */
export interface ReplaySweep {
  /** Name of the earlier study, in the same folder of studies. */
  readonly study: string;
  /** Number of its trial. Default: the best one, up to its best moment. */
  readonly trial?: number;
  /** How many fresh models, each with other weights and batches: an integer, at least 1. Default: 1. */
  readonly trials?: number;
}

/** A sweep as it is written in a file, or given to `tune`. */
export interface Sweep extends GoalsSweep {
  /** The study's name. Default: the file's name without its extension; a sweep without a file needs one. */
  readonly study?: string;
  /** One of the models that ship, the path of a module, or that of a saved model (`model.json`, or its folder). */
  readonly model: string;
  /** One of the data sets that ship, the path of a file, or files with how to read them. */
  readonly dataset: DatasetReference;
  /** Replaces parameters of the model's own space. Default: the model's. */
  readonly space?: SpaceDefinition;
  /** Relations that every trial must satisfy, such as `hidden2 <= hidden1`. Default: none. */
  readonly constraints?: readonly string[];
  /** Points to try first, one a trial; what they leave out has its default, or is drawn. Default: none. */
  readonly enqueue?: readonly Readonly<Record<string, Value>>[];
  /**
   * A study whose trials the sampler sees before this one's own, as far as they mean something in this space. They become part of this study's
   * journal. Default: none.
   */
  readonly earlier?: EarlierSweep;
  /**
   * Where trials' hyperparameters come from, those of a population's first generation: `tpe`, or with options `{ tpe: { startupTrials: 5 } }`,
   * or the path of a module whose default export is a sampler (or a function that returns one): `./my-sampler.ts`.
   * Default: `random`; with the strategy `bohb`, `bohb`.
   */
  readonly sampler?: SamplerSweep;
  /** What changes while a population trains. Default: nothing. */
  readonly schedule?: readonly SweepChange[];
  readonly strategy:
    | { readonly pbt: PbtSweep }
    | { readonly pb2: Pb2Sweep }
    | { readonly random: RandomSweep }
    | { readonly replay: ReplaySweep }
    | { readonly asha: AshaSweep }
    | { readonly successiveHalving: SuccessiveHalvingSweep }
    | { readonly hyperband: HyperbandSweep }
    | { readonly bohb: HyperbandSweep }
    | { readonly pasha: PashaSweep }
    | { readonly median: MedianSweep }
    | { readonly percentile: PercentileSweep }
    | { readonly patience: PatienceSweep }
    | { readonly own: OwnSchedulerSweep };
  readonly budget: {
    /** Steps that a trial trains, at most: an integer, at least 1. */
    readonly steps: number;
    /** Steps that all trials train together: the study ends at the first decision after them. Default: no limit. */
    readonly totalSteps?: number;
    /**
     * Wall time after which no new generation starts; where trials are decided on one by one, the study ends then. `30m`, `1h30m`, `90s`, or
     * seconds. Above 0. Default: none.
     */
    readonly wall?: string | number;
  };
  /** Rules that end the study. Default: none. */
  readonly stop?: {
    /**
     * After so many trials in a row that were not better than the best before them by more than `minDelta` (0); of a population, after so many
     * generations (an asynchronous one: as many results as it has members each) without a better score.
     */
    readonly plateau?:
      | { readonly trials: number; readonly minDelta?: number }
      | { readonly generations: number; readonly minDelta?: number };
    /**
     * Not for populations: once better hyperparameters can gain less than `threshold` (in the objective's unit), as a Gaussian process bounds it; looked at after
     * `minTrials` (20) and then with every fifth (`every`) trial that is over.
     */
    readonly regret?: { readonly threshold: number; readonly minTrials?: number; readonly every?: number };
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

const backtrack = z.strictObject({
  patience: integer(1, 'an integer of at least 1, in generations').default(3),
  tolerance: number("a number of at least 0, in the objective's unit", (given) => given >= 0).default(0),
  checkpoints: integer(1, 'an integer of at least 1').default(1),
  who: z.enum(['worst', 'all']).default('worst'),
});

const interval = z.unknown().transform((given, context): Interval => {
  const read = parseInterval(given);
  if (read === undefined) context.addIssue(intervalMust);
  return read ?? z.NEVER;
});

const population = {
  population: integer(2, 'an integer of at least 2'),
  interval: interval.exactOptional(),
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
  asynchronous: z.boolean({ error: 'true or false' }).exactOptional(),
  backtrack: backtrack.exactOptional(),
};

const explore = z.custom<'perturb' | 'resample' | `./${string}` | ExploreFunction>(
  (given) =>
    typeof given === 'function' || (typeof given === 'string' && /^(perturb|resample|.+\.[cm]?[jt]s)$/.test(given)),
  { error: 'perturb, resample, the path of a module such as ./explore.ts, or in TypeScript a function' },
);

const pbt = z.strictObject({ ...population, explore: explore.exactOptional() });

const replay = z.strictObject({
  study: notEmpty('the name of an earlier study'),
  trial: integer(0, 'the number of a trial, at least 0').exactOptional(),
  trials: integer(1, 'an integer of at least 1').default(1),
});

const pb2 = z.strictObject({
  ...population,
  kappa: number('a number of at least 0', (given) => given >= 0).exactOptional(),
  memory: integer(2, 'an integer of at least 2').exactOptional(),
});

const random = z.strictObject({
  trials: integer(1, 'an integer of at least 1'),
  interval: steps.optional(),
  parallel: integer(1, 'an integer of at least 1').optional(),
});

/** Rules that end a study. */
export const stopShape = {
  plateau: z
    .strictObject({
      trials: integer(1, 'an integer of at least 1').exactOptional(),
      generations: integer(1, 'an integer of at least 1').exactOptional(),
      minDelta: number("a number of at least 0, in the objective's unit", (given) => given >= 0).exactOptional(),
    })
    .exactOptional(),
  regret: z
    .strictObject({
      threshold: number("a number above 0, in the objective's unit", (given) => given > 0),
      minTrials: integer(2, 'an integer of at least 2').exactOptional(),
      every: integer(1, 'an integer of at least 1').exactOptional(),
    })
    .exactOptional(),
};
const stop = z.strictObject(stopShape);

const time = 'a time above 0 such as 90s, 30m, 2h or 1h30m, or a number of seconds';
const wall = z.union([z.number(), z.string()], { error: time }).transform((given, context) => {
  const seconds = durationSeconds(given);
  if (seconds === undefined) context.addIssue(time);
  return seconds ?? z.NEVER;
});

const hyperparameter = z.union([z.number(), z.string(), z.boolean()], { error: 'a number, string or boolean' });

const { asha, successiveHalving, hyperband, bohb, pasha, median, percentile, patience, own } = fidelitySchemas;
const fidelity = {
  asha: asha.optional(),
  successiveHalving: successiveHalving.optional(),
  hyperband: hyperband.optional(),
  bohb: bohb.optional(),
  pasha: pasha.optional(),
  median: median.optional(),
  percentile: percentile.optional(),
  patience: patience.optional(),
  own: own.optional(),
};

/** The shape of a sweep. What is in `space` and `dataset` is for their own rooms to check. */
export const sweepSchema = z.strictObject({
  study: z.string({ error: 'a name' }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
    error: 'a name of 1 to 100 letters (a-z, A-Z), digits, ".", "_" or "-" that begins with a letter or digit',
  }),
  model: notEmpty('the name of a model that ships, or the path of a module'),
  dataset: z.unknown().refine((given) => given !== undefined && given !== null, { error: 'a data set' }),
  ...goalsShape,
  space: z.record(z.string(), z.unknown(), { error: 'an object of parameters by name' }).optional(),
  constraints: z
    .array(notEmpty('a comparison as text, such as hidden2 <= hidden1'), { error: 'a list of comparisons as text' })
    .optional(),
  enqueue: z
    .array(z.record(z.string(), hyperparameter, { error: 'an object of values by name' }), {
      error: 'a list of points, each an object of values by name',
    })
    .optional(),
  earlier: earlierSchema.exactOptional(),
  sampler: z.custom<SamplerSweep>(() => true).exactOptional(),
  schedule: z.array(z.unknown(), { error: 'a list of changes, such as { at: 10, freeze: [dropout] }' }).optional(),
  strategy: z.strictObject({
    pbt: pbt.optional(),
    pb2: pb2.optional(),
    random: random.optional(),
    replay: replay.optional(),
    ...fidelity,
  }),
  budget: z.strictObject({ steps, totalSteps: steps.exactOptional(), wall: wall.optional() }),
  stop: stop.exactOptional(),
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
