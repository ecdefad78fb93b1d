/**
 * Percentile stopping, as in Optuna (`optuna/pruners/_percentile.py`): the median stopping rule of Golovin et al. 2017 (Google
 * Vizier, section 3.2.2, https://doi.org/10.1145/3097983.3098043) with another percentile, on results instead of running averages.
 */
import { finite, type OptionRules, parseOptions } from './fidelity-options.js';
import { PercentileRule, type PercentileRuleOptions, percentileOptionRules } from './percentile-rule.js';
import { type StoppingScheduler, stoppingScheduler } from './stopping-run.js';

interface ParsedOptions extends PercentileRuleOptions {
  /** A trial goes on if it is among this share of the others, the best ones: above 0, below 100. */
  readonly percentile: number;
}

export type PercentileStoppingOptions = Pick<ParsedOptions, 'percentile'> & Partial<PercentileRuleOptions>;

const rules: OptionRules<ParsedOptions> = {
  percentile: finite('a number above 0 and below 100', (given) => given > 0 && given < 100),
  ...percentileOptionRules({ startupTrials: 5, minTrials: 1, over: 'values', among: 'completed' }),
};

/**
 * Stops a trial whose best result so far is worse than the best `percentile` per cent of the others' at the step.
 *
 * Defaults: `interval` 1, `warmupSteps` 0, `startupTrials` 5, `minTrials` 1, `over: 'values'`, `among: 'completed'`.
 */
export function percentileStopping(options: PercentileStoppingOptions): StoppingScheduler {
  const parsed = parseOptions<ParsedOptions>('percentileStopping', rules, options);
  return stoppingScheduler(
    'percentile-stopping',
    ({ maxSteps }) => new PercentileRule(parsed.percentile, parsed, maxSteps),
  );
}
