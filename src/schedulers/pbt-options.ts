import { errors } from './errors.js';

/** Options of population-based training. */
export interface PbtOptions {
  /** Trials that train side by side: an integer, at least 2. */
  readonly population: number;
  /** Steps between two decisions: an integer, at least 1. The paper's "ready" condition. */
  readonly interval: number;
  /** Share of the population that is replaced, and that is copied from: above 0, at most 0.5. The paper uses 0.2. */
  readonly quantile: number;
  /** Probability, 0 to 1, that exploring draws a hyperparameter anew instead of perturbing it. */
  readonly resample: number;
  /** What perturbing multiplies by, each as likely: above 0, and not all 1. */
  readonly factors: readonly number[];
  /** Steps before which no member with a score is replaced: an integer, at least 0. */
  readonly burnIn: number;
}

interface Rule<T> {
  /** Follows "must be". */
  readonly must: string;
  readonly holds: (given: unknown) => boolean;
  /** `undefined`: it has to be given. */
  readonly byDefault: T | undefined;
}

const rules: { readonly [N in keyof PbtOptions]: Rule<PbtOptions[N]> } = {
  population: { must: 'an integer of at least 2', holds: isIntegerFrom(2), byDefault: undefined },
  interval: { must: 'an integer of at least 1, in steps', holds: isIntegerFrom(1), byDefault: undefined },
  quantile: {
    must: 'a number above 0 and at most 0.5 (so that the best and the worst never overlap)',
    holds: (given) => isNumber(given) && given > 0 && given <= 0.5,
    byDefault: 0.25,
  },
  resample: {
    must: 'a probability from 0 to 1',
    holds: (given) => isNumber(given) && given >= 0 && given <= 1,
    byDefault: 0.25,
  },
  factors: {
    must: 'a list of numbers above 0, not all of them 1',
    holds: (given) =>
      Array.isArray(given) && given.every((one) => isNumber(one) && one > 0) && given.some((one) => one !== 1),
    byDefault: [0.8, 1.2],
  },
  burnIn: { must: 'an integer of at least 0, in steps', holds: isIntegerFrom(0), byDefault: 0 },
};

const names = Object.keys(rules) as (keyof PbtOptions)[];

/**
 * Checks options as they were written and fills in the defaults: quantile 0.25, resample 0.25, factors [0.8, 1.2], burnIn 0.
 *
 * Errors: SCHEDULERS_PBT_NOT_AN_OBJECT, …_OPTION_UNKNOWN, …_OPTION_MISSING, …_OPTION_INVALID.
 */
export function parsePbtOptions(given: unknown): PbtOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw errors.SCHEDULERS_PBT_NOT_AN_OBJECT({ given });
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name as keyof PbtOptions));
  if (unknown !== undefined) throw errors.SCHEDULERS_PBT_OPTION_UNKNOWN({ name: unknown, known: names });
  const options = given as Partial<Record<keyof PbtOptions, unknown>>;
  return Object.fromEntries(names.map((name) => [name, parseOption(name, options[name])])) as unknown as PbtOptions;
}

function parseOption(name: keyof PbtOptions, given: unknown): unknown {
  const { must, holds, byDefault } = rules[name];
  if (given === undefined && byDefault === undefined) throw errors.SCHEDULERS_PBT_OPTION_MISSING({ name, must });
  if (given === undefined) return byDefault;
  if (!holds(given)) throw errors.SCHEDULERS_PBT_OPTION_INVALID({ name, must, given });
  return given;
}

function isNumber(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given);
}

function isIntegerFrom(least: number): (given: unknown) => boolean {
  return (given) => Number.isSafeInteger(given) && (given as number) >= least;
}
