/** Checks the options of multi-fidelity schedulers as they were written, and fills in the defaults. */
import { errors } from './errors.js';

export interface OptionRule<T> {
  /** Follows "must be". */
  readonly must: string;
  readonly holds: (given: unknown) => boolean;
  /** Absent: it has to be given. */
  readonly byDefault?: T;
}

export type OptionRules<O> = { readonly [N in keyof O]-?: OptionRule<O[N]> };

/**
 * The options, one for every rule.
 *
 * Errors: SCHEDULERS_OPTIONS_NOT_AN_OBJECT, SCHEDULERS_OPTION_UNKNOWN, SCHEDULERS_OPTION_MISSING, SCHEDULERS_OPTION_INVALID.
 *
 * @param scheduler its name, for messages
 */
export function parseOptions<O extends object>(scheduler: string, rules: OptionRules<O>, given: unknown): O {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw errors.SCHEDULERS_OPTIONS_NOT_AN_OBJECT({ scheduler, given });
  }
  const known = Object.keys(rules);
  const name = Object.keys(given).find((one) => !known.includes(one));
  if (name !== undefined) throw errors.SCHEDULERS_OPTION_UNKNOWN({ scheduler, name, known });
  const written = given as Record<string, unknown>;
  const parsed = Object.entries<OptionRule<unknown>>(rules).map(([one, rule]) => {
    return [one, parseOption(scheduler, one, rule, written[one])];
  });
  return Object.fromEntries(parsed) as O;
}

function parseOption(scheduler: string, name: string, rule: OptionRule<unknown>, given: unknown): unknown {
  const { must, holds } = rule;
  if (given === undefined) {
    if (!('byDefault' in rule)) throw errors.SCHEDULERS_OPTION_MISSING({ scheduler, name, must });
    return rule.byDefault;
  }
  if (!holds(given)) throw errors.SCHEDULERS_OPTION_INVALID({ scheduler, name, must, given });
  return given;
}

/** An integer of at least `least`; `what` follows the number, as in ", in steps". */
export function integerFrom(least: number, what = ''): OptionRule<number> {
  const holds = (given: unknown) => Number.isSafeInteger(given) && (given as number) >= least;
  return { must: `an integer of at least ${least}${what}`, holds };
}

export function oneOf<T extends string>(...names: readonly T[]): OptionRule<T> {
  return { must: `one of ${names.join(', ')}`, holds: (given) => names.includes(given as T) };
}

/** A finite number for which `holds`. */
export function finite(must: string, holds: (given: number) => boolean): OptionRule<number> {
  return { must, holds: (given) => typeof given === 'number' && Number.isFinite(given) && holds(given) };
}

/** The rungs' options, which successive halving, ASHA, PASHA and Hyperband share. */
export interface RungOptions {
  /** Steps before the first decision: an integer, at least 1 (the default). The papers' r. */
  readonly minSteps: number;
  /** One trial in this many goes on from each rung: an integer, at least 2. Default: 3. The papers' eta. */
  readonly reduction: number;
}

export const rungOptionRules: OptionRules<RungOptions> = {
  minSteps: { ...integerFrom(1, ', in steps'), byDefault: 1 },
  reduction: { ...integerFrom(2), byDefault: 3 },
};

/** Errors: SCHEDULERS_MAX_STEPS_INVALID unless `maxSteps` is an integer of at least 1. */
export function checkMaxSteps(maxSteps: number): void {
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) throw errors.SCHEDULERS_MAX_STEPS_INVALID({ given: maxSteps });
}
