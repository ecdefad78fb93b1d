/**
 * ASHA, asynchronous successive halving: Li et al. 2020, "A system for massively parallel hyperparameter tuning", Algorithm 2,
 * https://arxiv.org/abs/1810.05934.
 *
 * The paper's variant is `promotion`: a trial is paused at each rung, and resumed if it is among the best 1/eta there. `stopping` is
 * what Ray Tune (`python/ray/tune/schedulers/async_hyperband.py`) and Optuna (SuccessiveHalvingPruner) do: a trial that comes to a
 * rung is compared with those that came before it, and goes on at once or stops for good.
 */

import { drawnBrackets, type RunBrackets } from './bracket-draw.js';
import { bracketShares } from './brackets.js';
import type { FidelityContext, FidelityScheduler } from './fidelity.js';
import {
  checkMaxSteps,
  integerFrom,
  type OptionRules,
  oneOf,
  parseOptions,
  type RungOptions,
  rungOptionRules,
} from './fidelity-options.js';
import { PromotionRun } from './promotion-run.js';
import { type Cutoff, RungRule } from './rung-rule.js';
import { rungSteps } from './rungs.js';
import { type StoppingScheduler, stoppingScheduler } from './stopping-run.js';

interface ParsedOptions extends RungOptions {
  readonly variant: 'promotion' | 'stopping';
  /** How the stopping variant compares: see `Cutoff`. */
  readonly cutoff: Cutoff;
  /**
   * Brackets that run at the same time, an integer of at least 1: each leaves out one rung more than the one before, and gets fewer trials.
   * No more than there are rungs.
   */
  readonly brackets: number;
}

export type AshaOptions = Partial<ParsedOptions>;

const rules: OptionRules<ParsedOptions> = {
  ...rungOptionRules,
  variant: { ...oneOf('promotion', 'stopping'), byDefault: 'promotion' },
  cutoff: { ...oneOf('quantile', 'rank'), byDefault: 'quantile' },
  brackets: { ...integerFrom(1), byDefault: 1 },
};

/**
 * Defaults: `minSteps` 1, `reduction` 3, `variant: 'promotion'`, `brackets` 1; of the stopping variant `cutoff: 'quantile'`, which is
 * Ray Tune's; `'rank'` is Optuna's.
 */
export function asha(options: AshaOptions & { readonly variant: 'stopping' }): StoppingScheduler;
export function asha(options?: AshaOptions): FidelityScheduler;
export function asha(options: AshaOptions = {}): FidelityScheduler {
  const parsed = parseOptions<ParsedOptions>('asha', rules, options);
  if (parsed.variant === 'stopping') {
    return stoppingScheduler('asha', (context) => {
      return new RungRule(parsed.cutoff, parsed.reduction, ashaBrackets(parsed, context));
    });
  }
  const begin = (context: FidelityContext) =>
    new PromotionRun({ reduction: parsed.reduction, brackets: ashaBrackets(parsed, context) });
  return { name: 'asha', pauses: true, begin };
}

function ashaBrackets(
  { minSteps, reduction, brackets }: ParsedOptions,
  { key, maxSteps }: FidelityContext,
): RunBrackets {
  checkMaxSteps(maxSteps);
  const shares = bracketShares(minSteps, reduction, maxSteps, brackets);
  const steps = shares.map((_, skipped) => rungSteps(minSteps, reduction, maxSteps, skipped));
  return drawnBrackets(key, steps, shares);
}
