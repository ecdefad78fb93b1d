import { type OptionRules, parseOptions } from './fidelity-options.js';
import { intervalRule, nextReport } from './report-steps.js';
import { type StoppingScheduler, stoppingScheduler } from './stopping-run.js';

export interface FifoOptions {
  /** Steps between two reports: an integer, at least 1. Default: none but the last. */
  readonly interval?: number;
}

const rules: OptionRules<{ readonly interval: number }> = {
  interval: { ...intervalRule, byDefault: Number.MAX_SAFE_INTEGER },
};

/** First in, first out: every trial trains all its steps, in segments of `interval`. Only one without a score is stopped. */
export function fifo(options: FifoOptions = {}): StoppingScheduler {
  const { interval } = parseOptions('fifo', rules, options);
  return stoppingScheduler('fifo', ({ maxSteps }) => ({
    bracketOf: () => 0,
    nextReport: (_trial, step) => nextReport({ interval, warmupSteps: 0 }, step, maxSteps),
    judge: () => undefined,
    end: () => {},
  }));
}
