/** Options of samplers: the rules they are written down as, and the check at the door. */
import { errors } from './errors.js';

/** What an option can be, and what it is when it is not given. */
export interface Rule<T> {
  /** Follows "must be": `an integer of at least 2`. */
  readonly must: string;
  readonly holds: (given: unknown) => boolean;
  /** `undefined`: it has to be given, unless it is `optional`. */
  readonly byDefault: T | undefined;
  /** Whether it may be left out although it has no default; it is `undefined` then. */
  readonly optional?: true;
}

export type Rules<O> = { readonly [N in keyof O]-?: Rule<O[N]> };

/**
 * Checks options as they were written and fills in the defaults.
 *
 * @param sampler its name, for messages
 * @param given `undefined` for the defaults
 *
 * Errors: SAMPLERS_OPTIONS_NOT_AN_OBJECT, SAMPLERS_OPTION_UNKNOWN, …_MISSING, …_INVALID.
 */
export function parseOptions<O extends object>(sampler: string, rules: Rules<O>, given: unknown = {}): O {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw errors.SAMPLERS_OPTIONS_NOT_AN_OBJECT({ sampler, given });
  }
  const known = Object.keys(rules) as (keyof O & string)[];
  const unknown = Object.keys(given).find((name) => !known.includes(name as keyof O & string));
  if (unknown !== undefined) throw errors.SAMPLERS_OPTION_UNKNOWN({ sampler, name: unknown, known });
  const options = given as Record<string, unknown>;
  return Object.fromEntries(
    known.map((name) => [name, parseOption(sampler, name, rules[name], options[name])]),
  ) as unknown as O;
}

function parseOption(sampler: string, name: string, rule: Rule<unknown>, given: unknown): unknown {
  const { must, holds, byDefault, optional } = rule;
  if (given === undefined) {
    if (byDefault === undefined && optional !== true) throw errors.SAMPLERS_OPTION_MISSING({ sampler, name, must });
    return byDefault;
  }
  if (!holds(given)) throw errors.SAMPLERS_OPTION_INVALID({ sampler, name, must, given });
  return given;
}

/** Whether it is a finite number. */
export function isNumber(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given);
}

/** The rule of an integer of at least `least`. */
export function integerFrom(least: number, byDefault?: number): Rule<number> {
  return {
    must: `an integer of at least ${least}`,
    holds: (given) => Number.isSafeInteger(given) && (given as number) >= least,
    byDefault,
  };
}

/** The rule of a probability, both ends included. */
export function probability(byDefault?: number): Rule<number> {
  return { must: 'a number from 0 to 1', holds: (given) => isNumber(given) && given >= 0 && given <= 1, byDefault };
}

/** The rule of a number above 0. */
export function positive(byDefault?: number): Rule<number> {
  return { must: 'a finite number above 0', holds: (given) => isNumber(given) && given > 0, byDefault };
}

/** The rule of `true` or `false`. */
export function flag(byDefault?: boolean): Rule<boolean> {
  return { must: 'true or false', holds: (given) => typeof given === 'boolean', byDefault };
}

/** The rule of one of some names. */
export function oneOf<const T extends string>(names: readonly T[], byDefault?: T): Rule<T> {
  return { must: `one of ${names.join(', ')}`, holds: (given) => names.includes(given as T), byDefault };
}
