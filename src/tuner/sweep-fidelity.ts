/** Strategies that stop, pause and resume trials one by one: as they are written in a sweep, and as they are kept. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { type FidelityStrategy, fidelityStrategies, roundOfHyperband } from '../study/index.js';
import { integer, number, steps } from './sweep-rules.js';
import { isModule, type ModulePath } from './sweep-sampler.js';

/** What these strategies have in common. */
interface TrialsSweep {
  /** Trials that are started at most: an integer, at least 1. */
  readonly trials: number;
  /**
   * Trials that are under way at a time, as far as decisions are concerned: an integer, at least 1. It is part of the study, and the number of
   * workers is not: have as many as workers, or more. Default: 4.
   */
  readonly parallel?: number;
  /** Steps between two evaluations: an integer, at least 1. */
  readonly interval?: number;
}

interface RungsSweep {
  /** Steps before the first decision: an integer, at least 1. Default: the budget's steps divided by reduction³. */
  readonly minSteps?: number;
  /** One trial in this many goes on from each decision: an integer, at least 2. Default: 3. */
  readonly reduction?: number;
}

/** Asynchronous successive halving as it is written. */
export interface AshaSweep extends TrialsSweep, RungsSweep {
  /** Whether trials are paused at each rung, and the best are resumed, or judged once, to go on or stop. Default: `promotion`. */
  readonly variant?: 'promotion' | 'stopping';
  /** How the stopping variant compares. Default: `quantile`. */
  readonly cutoff?: 'quantile' | 'rank';
  /** Brackets that run at the same time, each with one rung less. Default: 1. */
  readonly brackets?: number;
}

/** Successive halving as it is written: one bracket of `trials`. */
export type SuccessiveHalvingSweep = TrialsSweep & RungsSweep;

/** Hyperband as it is written, and BOHB, which is Hyperband with the sampler `bohb`. */
export interface HyperbandSweep extends Omit<TrialsSweep, 'trials'>, RungsSweep {
  /** Default: those of all its brackets. */
  readonly trials?: number;
  readonly variant?: 'synchronous' | 'promotion' | 'stopping';
  readonly cutoff?: 'quantile' | 'rank';
}

/** PASHA as it is written. */
export type PashaSweep = TrialsSweep & RungsSweep;

/** Median stopping as it is written. `interval` is a twentieth of the budget by default. */
export interface MedianSweep extends TrialsSweep {
  /** Steps before which nothing is decided. Default: 0. */
  readonly warmupSteps?: number;
  /** Complete trials before which nothing is decided. Default: 5. */
  readonly startupTrials?: number;
  /** Other trials with a result at the step, without which nothing is decided. Default: 1. */
  readonly minTrials?: number;
  readonly over?: 'values' | 'averages';
  readonly among?: 'completed' | 'all';
}

/** Percentile stopping as it is written. */
export interface PercentileSweep extends MedianSweep {
  /** A trial goes on if it is among this share of the others, the best ones: above 0, below 100. */
  readonly percentile: number;
}

/** Patience as it is written. */
export interface PatienceSweep extends TrialsSweep {
  /** Evaluations without an improvement after which a trial stops: an integer, at least 1. */
  readonly reports: number;
  /** What an improvement must be above, in the objective's unit: at least 0, the default. */
  readonly minDelta?: number;
}

/** A scheduler of one's own as it is written. */
export interface OwnSchedulerSweep extends TrialsSweep {
  /** The path of a module whose default export is a scheduler, or a function that returns one. */
  readonly scheduler: ModulePath;
}

const trials = integer(1, 'an integer of at least 1');
const parallel = integer(1, 'an integer of at least 1');
const common = { trials, parallel: parallel.exactOptional(), interval: steps.exactOptional() };
const rungs = {
  minSteps: steps.exactOptional(),
  reduction: integer(2, 'an integer of at least 2').exactOptional(),
};
const cutoff = z.enum(['quantile', 'rank']).exactOptional();
const percentile = {
  ...common,
  warmupSteps: integer(0, 'an integer of at least 0, in steps').exactOptional(),
  startupTrials: integer(0, 'an integer of at least 0').exactOptional(),
  minTrials: integer(1, 'an integer of at least 1').exactOptional(),
  over: z.enum(['values', 'averages']).exactOptional(),
  among: z.enum(['completed', 'all']).exactOptional(),
};
const hyperband = z.strictObject({
  ...common,
  ...rungs,
  trials: trials.exactOptional(),
  variant: z.enum(['synchronous', 'promotion', 'stopping']).exactOptional(),
  cutoff,
});

/** What a scheduler of one's own is written as. */
export const schedulerMust = 'the path of a module such as ./my-scheduler.ts';

/** By strategy. */
export const fidelitySchemas = {
  asha: z.strictObject({
    ...common,
    ...rungs,
    variant: z.enum(['promotion', 'stopping']).exactOptional(),
    cutoff,
    brackets: integer(1, 'an integer of at least 1').exactOptional(),
  }),
  successiveHalving: z.strictObject({ ...common, ...rungs }),
  hyperband,
  bohb: hyperband,
  pasha: z.strictObject({ ...common, ...rungs }),
  median: z.strictObject(percentile),
  percentile: z.strictObject({
    ...percentile,
    percentile: number('a number above 0 and below 100', (given) => given > 0 && given < 100),
  }),
  patience: z.strictObject({
    ...common,
    reports: integer(1, 'an integer of at least 1'),
    minDelta: number("a number of at least 0, in the objective's unit", (given) => given >= 0).exactOptional(),
  }),
  own: z.strictObject({ ...common, scheduler: z.custom<ModulePath>(isModule, { error: schedulerMust }) }),
};

type Written = { readonly [K in FidelityStrategy['kind']]?: z.output<(typeof fidelitySchemas)[K]> | undefined };

/** Trials under way at a time unless a sweep says otherwise. */
export const defaultParallel = 4;

/**
 * The strategy of a sweep with every default filled in; `undefined` if it is none of these.
 *
 * @param baseDirectory where relative paths start
 */
export function fidelityStrategyOf(
  written: Written,
  budgetSteps: number,
  baseDirectory = '',
): FidelityStrategy | undefined {
  const kind = fidelityStrategies.find((one) => written[one] !== undefined);
  if (kind === undefined) return undefined;
  const { trials: given, parallel: places, interval, ...own } = written[kind]!;
  const { scheduler } = own as { readonly scheduler?: string };
  const options =
    scheduler === undefined
      ? optionsOf(kind, own, interval, budgetSteps)
      : { scheduler: resolve(baseDirectory, scheduler) };
  const count = given ?? roundOfHyperband(options, budgetSteps);
  return {
    kind,
    trials: count,
    parallel: places ?? Math.min(defaultParallel, count),
    ...(interval === undefined || reportsEvery(kind) ? {} : { interval }),
    options: kind === 'successiveHalving' ? { ...options, trials: count } : options,
  };
}

/** Whether the interval is the scheduler's own, which decides at each report. */
function reportsEvery(kind: FidelityStrategy['kind']): boolean {
  return kind === 'median' || kind === 'percentile' || kind === 'patience' || kind === 'pasha';
}

function optionsOf(
  kind: FidelityStrategy['kind'],
  own: FidelityStrategy['options'],
  interval: number | undefined,
  budgetSteps: number,
): FidelityStrategy['options'] {
  const reports = interval === undefined || !reportsEvery(kind) ? {} : { interval };
  if (kind === 'median' || kind === 'percentile' || kind === 'patience') {
    return { interval: Math.ceil(budgetSteps / 20), ...reports, ...own };
  }
  const { reduction = 3 } = own;
  const minSteps = Math.max(1, Math.round(budgetSteps / Number(reduction) ** 3));
  return { minSteps, ...own, reduction, ...reports };
}
