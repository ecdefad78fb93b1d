/**
 * Successive halving, synchronous: Jamieson and Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter
 * optimization", Figure 3, https://arxiv.org/abs/1502.07943, with the rungs of Li et al. 2020 (Algorithm 1,
 * https://arxiv.org/abs/1810.05934): n trials train r steps, the best 1/eta of them train eta times as many, and so on up to R.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | n | `trials`: that a bracket starts with |
 * | r, eta | `minSteps`, `reduction` |
 * | R | steps that a trial can train at most |
 */
import { decisionCount } from './brackets.js';
import type { FidelityScheduler } from './fidelity.js';
import {
  checkMaxSteps,
  integerFrom,
  type OptionRules,
  parseOptions,
  type RungOptions,
  rungOptionRules,
} from './fidelity-options.js';
import { rungSteps } from './rungs.js';
import { SynchronousRun } from './synchronous-run.js';

interface ParsedOptions extends RungOptions {
  /** Trials that a bracket starts with: an integer, at least 1. Default: so many that one of them trains all steps. */
  readonly trials: number | null;
}

export type SuccessiveHalvingOptions = Partial<RungOptions> & { readonly trials?: number };

const { must, holds } = integerFrom(1);
const rules: OptionRules<ParsedOptions> = { ...rungOptionRules, trials: { must, holds, byDefault: null } };

/**
 * Defaults: `minSteps` 1, `reduction` 3, `trials` eta^floor(log_eta(R / r)). When a bracket is over, the next one begins. From
 * each rung floor(n · eta^-i) trials go on, at least one.
 */
export function successiveHalving(options: SuccessiveHalvingOptions = {}): FidelityScheduler {
  const { minSteps, reduction, trials } = parseOptions<ParsedOptions>('successiveHalving', rules, options);
  return {
    name: 'successive-halving',
    pauses: true,
    begin: ({ maxSteps }) => {
      checkMaxSteps(maxSteps);
      const steps = rungSteps(minSteps, reduction, maxSteps);
      const trialCount = trials ?? reduction ** decisionCount(minSteps, reduction, maxSteps);
      return new SynchronousRun([{ index: 0, trialCount, steps }], reduction);
    },
  };
}
