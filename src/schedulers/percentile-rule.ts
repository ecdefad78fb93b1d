/**
 * Stops a trial whose best result so far is worse than a percentile of what other trials had at the same step: the rule behind
 * median and percentile stopping.
 */
import { integerFrom, type OptionRules, oneOf } from './fidelity-options.js';
import { type IntervalOptions, intervalOptionRules, isDue, nextReport } from './report-steps.js';
import { RunningQuantile } from './running-quantile.js';
import type { StoppingRule } from './stopping-run.js';

export interface PercentileRuleOptions extends IntervalOptions {
  /** Complete trials before which nothing is decided: an integer, at least 0. */
  readonly startupTrials: number;
  /** Other trials with a result at the step, without which nothing is decided: an integer, at least 1. */
  readonly minTrials: number;
  /** What is taken of other trials: their `values` at the step, or the `averages` of their values from `warmupSteps` to it. */
  readonly over: 'values' | 'averages';
  /** Which other trials: those that are `completed`, or `all` that reported at the step, also running and stopped ones. */
  readonly among: 'completed' | 'all';
}

export function percentileOptionRules(byDefault: Omit<PercentileRuleOptions, keyof IntervalOptions>) {
  const rules: OptionRules<PercentileRuleOptions> = {
    ...intervalOptionRules,
    startupTrials: { ...integerFrom(0), byDefault: byDefault.startupTrials },
    minTrials: { ...integerFrom(1), byDefault: byDefault.minTrials },
    over: { ...oneOf('values', 'averages'), byDefault: byDefault.over },
    among: { ...oneOf('completed', 'all'), byDefault: byDefault.among },
  };
  return rules;
}

interface Curve {
  /** Step of the last report; 0 before the first. */
  step: number;
  best: number;
  sum: number;
  count: number;
  /** What others will be compared with once the trial is complete: pairs of step and value. */
  readonly pending: [number, number][];
}

export class PercentileRule implements StoppingRule {
  readonly #curves = new Map<number, Curve>();
  readonly #bySteps = new Map<number, RunningQuantile>();
  #completedCount = 0;

  /** @param keptPercent above 0, below 100: a trial goes on if it is among this share of the others, the best ones */
  constructor(
    readonly keptPercent: number,
    readonly options: PercentileRuleOptions,
    readonly maxSteps: number,
  ) {}

  bracketOf(): number {
    return 0;
  }

  nextReport(_trial: number, step: number): number {
    return nextReport(this.options, step, this.maxSteps);
  }

  judge(trial: number, step: number, score: number): string | undefined {
    const curve = this.#curveOf(trial);
    const due = isDue(this.options, step, curve.step);
    const value = this.#extend(curve, step, score);
    const reason = due ? this.#reason(curve.best, step) : undefined;
    if (this.options.among === 'all') this.#tell(step, value);
    else curve.pending.push([step, value]);
    return reason;
  }

  end(trial: number, completed: boolean): void {
    if (completed) {
      this.#completedCount++;
      for (const [step, value] of this.#curves.get(trial)?.pending ?? []) this.#tell(step, value);
    }
    this.#curves.delete(trial);
  }

  #reason(best: number, step: number): string | undefined {
    const { startupTrials, minTrials, over } = this.options;
    const others = this.#bySteps.get(step);
    if (others === undefined || this.#completedCount < startupTrials || others.count < minTrials) return undefined;
    if (best >= others.value()!) return undefined;
    const what = over === 'values' ? 'results' : 'average results';
    return `its best result is worse than the ${this.keptPercent}% best ${what} of ${others.count} trials at step ${step}`;
  }

  /** Takes in a result, and returns what others are compared with at this step. */
  #extend(curve: Curve, step: number, score: number): number {
    curve.step = step;
    curve.best = Math.max(curve.best, score);
    if (this.options.over === 'values') return score;
    if (step < this.options.warmupSteps) return score;
    curve.sum += score;
    curve.count++;
    // results of both infinities have no average: such a trial has been as bad as can be
    const average = curve.sum / curve.count;
    return Number.isNaN(average) ? Number.NEGATIVE_INFINITY : average;
  }

  #tell(step: number, value: number): void {
    let others = this.#bySteps.get(step);
    if (others === undefined) {
      others = new RunningQuantile(100 - this.keptPercent, 100);
      this.#bySteps.set(step, others);
    }
    others.add(value);
  }

  #curveOf(trial: number): Curve {
    let curve = this.#curves.get(trial);
    if (curve === undefined) {
      curve = { step: 0, best: Number.NEGATIVE_INFINITY, sum: 0, count: 0, pending: [] };
      this.#curves.set(trial, curve);
    }
    return curve;
  }
}
