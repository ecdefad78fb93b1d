/** What pbt and pb2 have in common: their options, the rules they are written down as, and the check at the door. */
import type { Backtrack } from './backtracking.js';
import { errors } from './errors.js';
import { type Interval, intervalMust, parseInterval } from './interval.js';
import type { Exploit } from './selection.js';

/** Options of every strategy that trains a population. Those with a default in their text may be left out, also later on. */
export interface PopulationOptions {
  /** Trials that train side by side: an integer, at least 2. */
  readonly population: number;
  /** When members are decided on: a number of steps, of epochs, or a plateau. The paper's "ready" condition. */
  readonly interval: Interval;
  /** Share of the population that is replaced, and that is copied from: above 0, at most 0.5. The paper uses 0.2. */
  readonly quantile: number;
  /** Probability, 0 to 1, that exploring draws a hyperparameter anew instead of perturbing it. */
  readonly resample: number;
  /** What perturbing multiplies by, each as likely: above 0, and not all 1. */
  readonly factors: readonly number[];
  /** Steps before which no member with a score is replaced: an integer, at least 0. */
  readonly burnIn: number;
  /** Who is replaced, and by whom. Default: `truncation`. `quantile` counts for it only (and for backtracking). */
  readonly exploit?: Exploit;
  /** `ttest`: how many of its last scores a member is judged by, an integer of at least 2. Default: 10, as in the paper. */
  readonly window?: number;
  /** `ttest`: the p-value below which two members differ, above 0 and below 1. Default: 0.05. */
  readonly significance?: number;
  /**
   * Whether each member is decided on when it is ready, against the last results of the others, instead of all together after
   * the same number of steps. It keeps workers busy; which results are there depends on timing. Default: `false`.
   */
  readonly asynchronous?: boolean;
  /** Going back to older checkpoints when the population has collapsed. Default: never. */
  readonly backtrack?: Backtrack;
}

/** What an option can be, and what it is when it is not given. */
export interface Rule<T> {
  /** Follows "must be". */
  readonly must: string;
  /** The option as it is kept; `undefined` if it breaks the rule. */
  readonly read: (given: unknown) => T | undefined;
  /** `undefined`: it has to be given, unless it is `optional`. */
  readonly byDefault?: T;
  /** Left out where it is not given. */
  readonly optional?: true;
}

export type Rules<O> = { readonly [N in keyof O]-?: Rule<NonNullable<O[N]>> };

export const populationRules: Rules<PopulationOptions> = {
  population: { must: 'an integer of at least 2', read: integerFrom(2) },
  interval: { must: intervalMust, read: parseInterval },
  quantile: {
    must: 'a number above 0 and at most 0.5 (so that the best and the worst never overlap)',
    read: numberThat((given) => given > 0 && given <= 0.5),
    byDefault: 0.25,
  },
  resample: {
    must: 'a probability from 0 to 1',
    read: numberThat((given) => given >= 0 && given <= 1),
    byDefault: 0.25,
  },
  factors: { must: 'a list of numbers above 0, not all of them 1', read: readFactors, byDefault: [0.8, 1.2] },
  burnIn: { must: 'an integer of at least 0, in steps', read: integerFrom(0), byDefault: 0 },
  exploit: oneOf('truncation', 'tournament', 'ttest'),
  window: { must: 'an integer of at least 2', read: integerFrom(2), optional: true },
  significance: {
    must: 'a number above 0 and below 1',
    read: numberThat((given) => given > 0 && given < 1),
    optional: true,
  },
  asynchronous: {
    must: 'true or false',
    read: (given) => (typeof given === 'boolean' ? given : undefined),
    optional: true,
  },
  backtrack: {
    must: 'an object such as { patience: 3, tolerance: 0.01, checkpoints: 1, who: worst }, each of which may be left out',
    read: readBacktrack,
    optional: true,
  },
};

/**
 * Checks options as they were written and fills in the defaults.
 *
 * Errors: SCHEDULERS_PBT_NOT_AN_OBJECT, …_OPTION_UNKNOWN, …_OPTION_MISSING, …_OPTION_INVALID.
 */
export function parseOptions<O extends object>(strategy: string, rules: Rules<O>, given: unknown): O {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw errors.SCHEDULERS_PBT_NOT_AN_OBJECT({ strategy, given });
  }
  const known = Object.keys(rules) as (keyof O & string)[];
  const unknown = Object.keys(given).find((name) => !known.includes(name as never));
  if (unknown !== undefined) throw errors.SCHEDULERS_PBT_OPTION_UNKNOWN({ strategy, name: unknown, known });
  const options = given as Record<string, unknown>;
  const parsed = known.map((name) => [name, parseOption(strategy, name, rules[name], options[name])] as const);
  return Object.fromEntries(parsed.filter(([, value]) => value !== undefined)) as O;
}

function parseOption(strategy: string, name: string, rule: Rule<unknown>, given: unknown): unknown {
  const { must, read, byDefault, optional } = rule;
  if (given === undefined && byDefault === undefined && !optional)
    throw errors.SCHEDULERS_PBT_OPTION_MISSING({ strategy, name, must });
  if (given === undefined) return byDefault;
  const value = read(given);
  if (value === undefined) throw errors.SCHEDULERS_PBT_OPTION_INVALID({ strategy, name, must, given });
  return value;
}

/** Reads a finite number for which `holds`. */
export function numberThat(holds: (given: number) => boolean): (given: unknown) => number | undefined {
  return (given) => (typeof given === 'number' && Number.isFinite(given) && holds(given) ? given : undefined);
}

/** Reads an integer of at least `least`. */
export function integerFrom(least: number): (given: unknown) => number | undefined {
  return numberThat((given) => Number.isSafeInteger(given) && given >= least);
}

function oneOf<const T extends string>(...names: readonly T[]): Rule<T> {
  const must = `one of ${names.join(', ')}`;
  return { must, read: (given) => names.find((name) => name === given), optional: true };
}

function readFactors(given: unknown): readonly number[] | undefined {
  const read = numberThat((one) => one > 0);
  if (!Array.isArray(given) || !given.every((one) => read(one) !== undefined)) return undefined;
  return given.some((one) => one !== 1) ? given : undefined;
}

const backtrackReaders: { readonly [N in keyof Backtrack]: (given: unknown) => Backtrack[N] | undefined } = {
  patience: (given = 3) => integerFrom(1)(given),
  tolerance: (given = 0) => numberThat((one) => one >= 0)(given),
  checkpoints: (given = 1) => integerFrom(1)(given),
  who: (given = 'worst') => (given === 'worst' || given === 'all' ? given : undefined),
};

function readBacktrack(given: unknown): Backtrack | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  if (Object.keys(given).some((name) => !Object.hasOwn(backtrackReaders, name))) return undefined;
  const read = Object.entries(backtrackReaders).map(([name, reader]) => [name, reader((given as never)[name])]);
  return read.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(read);
}
