/**
 * Patience: a trial stops when it did not improve for some reports. Prechelt 1998, "Early stopping – but when?",
 * https://doi.org/10.1007/3-540-49430-8_3, criterion UP; improvement is meant as in Keras's EarlyStopping.
 *
 * Optuna's PatientPruner differs in `min_delta`: there it is how far the last results may fall below the best before them, here how
 * far they must rise above it. With 0, and no two results equal, `reports: n` is its `patience: n - 1`.
 */
import { finite, integerFrom, type OptionRules, parseOptions } from './fidelity-options.js';
import { intervalRule, nextReport } from './report-steps.js';
import { type StoppingRule, type StoppingScheduler, stoppingScheduler } from './stopping-run.js';

interface ParsedOptions {
  /** Reports without an improvement after which a trial stops: an integer, at least 1. */
  readonly reports: number;
  /** What a result must be above the best one by (strictly) to count as an improvement: at least 0, the default. */
  readonly minDelta: number;
  /** Steps between two reports: an integer, at least 1 (the default). */
  readonly interval: number;
  /** A scheduler that never pauses, and without whose consent a trial does not stop. Default: `null`, none. */
  readonly wrapped: StoppingScheduler | null;
}

export type PatienceOptions = Pick<ParsedOptions, 'reports'> & Partial<ParsedOptions>;

const rules: OptionRules<ParsedOptions> = {
  reports: integerFrom(1),
  minDelta: { ...finite('a number of at least 0', (given) => given >= 0), byDefault: 0 },
  interval: intervalRule,
  wrapped: {
    must: 'a scheduler that never pauses trials, or null',
    holds: (given) => given === null || isStoppingScheduler(given),
    byDefault: null,
  },
};

function isStoppingScheduler(given: unknown): given is StoppingScheduler {
  return typeof given === 'object' && given !== null && typeof (given as StoppingScheduler).rule === 'function';
}

/**
 * Stops a trial once `reports` reports in a row did not exceed the best one before them by more than `minDelta`; with `wrapped`,
 * only when it would stop the trial, too. `wrapped` sees every report.
 */
export function patience(options: PatienceOptions): StoppingScheduler {
  const parsed = parseOptions<ParsedOptions>('patience', rules, options);
  return stoppingScheduler('patience', (context) => {
    return new PatienceRule(parsed, parsed.wrapped?.rule(context), context.maxSteps);
  });
}

class PatienceRule implements StoppingRule {
  readonly #trials = new Map<number, { best: number; without: number }>();

  constructor(
    readonly options: ParsedOptions,
    readonly wrapped: StoppingRule | undefined,
    readonly maxSteps: number,
  ) {}

  bracketOf(trial: number): number {
    return this.wrapped?.bracketOf(trial) ?? 0;
  }

  nextReport(trial: number, step: number): number {
    const own = nextReport({ interval: this.options.interval, warmupSteps: 0 }, step, this.maxSteps);
    return Math.min(own, this.wrapped?.nextReport(trial, step) ?? own);
  }

  judge(trial: number, step: number, score: number): string | undefined {
    const without = this.#reportsWithout(trial, score);
    const consent = this.wrapped?.judge(trial, step, score);
    if (without < this.options.reports) return undefined;
    const reason = `it did not improve for ${without} reports`;
    return this.wrapped ? consent && `${reason}, and ${consent}` : reason;
  }

  end(trial: number, completed: boolean): void {
    this.#trials.delete(trial);
    this.wrapped?.end(trial, completed);
  }

  /** Reports since the best one, this one included; 0 if it is the best. */
  #reportsWithout(trial: number, score: number): number {
    const seen = this.#trials.get(trial);
    if (seen === undefined || score > seen.best + this.options.minDelta) {
      this.#trials.set(trial, { best: score, without: 0 });
      return 0;
    }
    return ++seen.without;
  }
}
