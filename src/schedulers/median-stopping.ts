/**
 * The median stopping rule: Golovin et al. 2017, "Google Vizier: a service for black-box optimization", section 3.2.2,
 * https://doi.org/10.1145/3097983.3098043: a trial is stopped at step s if its best result up to s is strictly worse than the
 * median of the running averages, up to s, of all completed trials.
 *
 * Others' rules are options: Ray Tune's MedianStoppingRule averages from `warmupSteps` on and takes `among: 'all'` trials that came as
 * far; Optuna's MedianPruner compares with the completed trials' `over: 'values'` at s.
 */
import { parseOptions } from './fidelity-options.js';
import { PercentileRule, type PercentileRuleOptions, percentileOptionRules } from './percentile-rule.js';
import { type StoppingScheduler, stoppingScheduler } from './stopping-run.js';

export type MedianStoppingOptions = Partial<PercentileRuleOptions>;

const rules = percentileOptionRules({ startupTrials: 5, minTrials: 1, over: 'averages', among: 'completed' });

/**
 * Defaults: `interval` 1, `warmupSteps` 0, `startupTrials` 5, `minTrials` 1, `over: 'averages'`, `among: 'completed'`.
 *
 * A trial as good as the median goes on. Where trials report at different steps, those count that reported at this one.
 */
export function medianStopping(options: MedianStoppingOptions = {}): StoppingScheduler {
  const parsed = parseOptions('medianStopping', rules, options);
  return stoppingScheduler('median-stopping', ({ maxSteps }) => new PercentileRule(50, parsed, maxSteps));
}
