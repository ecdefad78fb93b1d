import type { Explore } from './explore.js';
import { type PopulationOptions, parseOptions, populationRules, type Rules } from './population-options.js';

/** Options of population-based training. */
export interface PbtOptions extends PopulationOptions {
  /**
   * What a copy makes of its parent's mutable hyperparameters: `perturb`, with probability `resample` drawn anew instead;
   * `resample`, all drawn anew; or a function of your own, in TypeScript. Default: `perturb`.
   */
  readonly explore?: Explore;
}

const rules: Rules<PbtOptions> = {
  ...populationRules,
  explore: {
    must: 'perturb, resample, or (in TypeScript) a function of { parameter, value, own, key } that returns a value',
    read: (given) =>
      given === 'perturb' || given === 'resample' || typeof given === 'function' ? (given as Explore) : undefined,
    optional: true,
  },
};

/**
 * Checks options as they were written and fills in the defaults: quantile 0.25, resample 0.25, factors [0.8, 1.2], burnIn 0.
 * Options that say their default in their own text are left out where they are not given.
 *
 * Errors: SCHEDULERS_PBT_NOT_AN_OBJECT, …_OPTION_UNKNOWN, …_OPTION_MISSING, …_OPTION_INVALID.
 */
export function parsePbtOptions(given: unknown): PbtOptions {
  return parseOptions('pbt', rules, given);
}
