/**
 * Hyperband: Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar 2018, "Hyperband: a novel bandit-based approach to hyperparameter
 * optimization", JMLR 18(185), Algorithm 1, https://jmlr.org/papers/v18/16-558.html: successive halving in brackets, from
 * many trials that are decided on early to a few that are not decided on at all. Notation: `brackets.ts`.
 *
 * With the sampler `bohb` this is BOHB (Falkner, Klein and Hutter 2018, https://arxiv.org/abs/1807.01774).
 */
import { drawnBrackets, type RunBrackets } from './bracket-draw.js';
import { bracketShares, hyperbandBrackets } from './brackets.js';
import type { FidelityContext, FidelityRun, FidelityScheduler } from './fidelity.js';
import {
  checkMaxSteps,
  type OptionRules,
  oneOf,
  parseOptions,
  type RungOptions,
  rungOptionRules,
} from './fidelity-options.js';
import { PromotionRun } from './promotion-run.js';
import { type Cutoff, RungRule } from './rung-rule.js';
import { type StoppingScheduler, stoppingScheduler } from './stopping-run.js';
import { SynchronousRun } from './synchronous-run.js';

interface ParsedOptions extends RungOptions {
  /**
   * - `synchronous`: Algorithm 1, bracket after bracket; a rung is decided as a whole.
   * - `promotion`, `stopping`: all brackets at the same time, each with that variant of ASHA; trials are dealt to them at random,
   *   in proportion to the n of Algorithm 1.
   */
  readonly variant: 'synchronous' | 'promotion' | 'stopping';
  /** How the stopping variant compares: see `Cutoff`. */
  readonly cutoff: Cutoff;
}

export type HyperbandOptions = Partial<ParsedOptions>;

const rules: OptionRules<ParsedOptions> = {
  ...rungOptionRules,
  variant: { ...oneOf('synchronous', 'promotion', 'stopping'), byDefault: 'synchronous' },
  cutoff: { ...oneOf('quantile', 'rank'), byDefault: 'quantile' },
};

/** Defaults: `minSteps` 1, `reduction` 3, `variant: 'synchronous'`; of the stopping variant `cutoff: 'quantile'`. */
export function hyperband(options: HyperbandOptions & { readonly variant: 'stopping' }): StoppingScheduler;
export function hyperband(options?: HyperbandOptions): FidelityScheduler;
export function hyperband(options: HyperbandOptions = {}): FidelityScheduler {
  const parsed = parseOptions<ParsedOptions>('hyperband', rules, options);
  const { variant, cutoff, reduction } = parsed;
  if (variant === 'stopping') {
    return stoppingScheduler('hyperband', (context) => new RungRule(cutoff, reduction, dealt(parsed, context)));
  }
  return { name: 'hyperband', pauses: true, begin: (context) => pausingRun(parsed, context) };
}

function pausingRun(options: ParsedOptions, context: FidelityContext): FidelityRun {
  const { minSteps, reduction, variant } = options;
  checkMaxSteps(context.maxSteps);
  if (variant === 'promotion') return new PromotionRun({ reduction, brackets: dealt(options, context) });
  return new SynchronousRun(hyperbandBrackets(minSteps, reduction, context.maxSteps), reduction);
}

function dealt({ minSteps, reduction }: ParsedOptions, { key, maxSteps }: FidelityContext): RunBrackets {
  const brackets = hyperbandBrackets(minSteps, reduction, maxSteps);
  return drawnBrackets(
    key,
    brackets.map(({ steps }) => steps),
    bracketShares(minSteps, reduction, maxSteps, brackets.length),
  );
}
