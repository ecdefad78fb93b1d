import {
  integerFrom,
  numberThat,
  type PopulationOptions,
  parseOptions,
  populationRules,
  type Rules,
} from './population-options.js';

/** Options of population-based bandits. */
export interface Pb2Options extends PopulationOptions {
  /**
   * How much uncertainty is worth: the choice maximises mean + kappa × standard deviation; at least 0. Default: √(0.2 + ln(0.4 n))
   * for n results, as in the paper; the logarithm counts as 0 where it is below.
   */
  readonly kappa?: number;
  /** How many of the newest results the model is fitted to: an integer of at least 2. Default: 200. */
  readonly memory?: number;
}

const rules: Rules<Pb2Options> = {
  ...populationRules,
  kappa: { must: 'a number of at least 0', read: numberThat((given) => given >= 0), optional: true },
  memory: { must: 'an integer of at least 2', read: integerFrom(2), optional: true },
};

/**
 * Checks options as they were written and fills in the defaults, those of `parsePbtOptions`.
 *
 * Errors: SCHEDULERS_PBT_NOT_AN_OBJECT, …_OPTION_UNKNOWN, …_OPTION_MISSING, …_OPTION_INVALID.
 */
export function parsePb2Options(given: unknown): Pb2Options {
  return parseOptions('pb2', rules, given);
}
