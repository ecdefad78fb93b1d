/** When trials report and are judged: every `interval` steps, from `warmupSteps` on. */
import { integerFrom, type OptionRules } from './fidelity-options.js';

export interface IntervalOptions {
  /** Steps between two decisions: an integer, at least 1 (the default). */
  readonly interval: number;
  /** Steps before which nothing is decided: an integer, at least 0 (the default). The first decision is at this step. */
  readonly warmupSteps: number;
}

export const intervalRule = { ...integerFrom(1, ', in steps'), byDefault: 1 };

export const intervalOptionRules: OptionRules<IntervalOptions> = {
  interval: intervalRule,
  warmupSteps: { ...integerFrom(0, ', in steps'), byDefault: 0 },
};

/** The first step after `step` at which a report is wanted, at most `maxSteps`: `warmupSteps` plus or minus whole intervals. */
export function nextReport({ interval, warmupSteps }: IntervalOptions, step: number, maxSteps: number): number {
  const passed = Math.floor((step - warmupSteps) / interval);
  return Math.min(maxSteps, warmupSteps + (passed + 1) * interval);
}

/**
 * Whether a report is the first one at or after a decision's step. A trial may report more often than it is judged, or at
 * other steps, as in Optuna (`optuna/pruners/_percentile.py`, `_is_first_in_interval_step`).
 *
 * @param previous the trial's report before; 0 if there is none
 */
export function isDue({ interval, warmupSteps }: IntervalOptions, step: number, previous: number): boolean {
  if (step < warmupSteps) return false;
  const decision = Math.floor((step - warmupSteps) / interval) * interval + warmupSteps;
  return previous < decision || previous === 0;
}
