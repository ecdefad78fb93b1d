/** The part that all schedulers share which stop trials and never pause them: a rule says who stops, this does the rest. */

import type { FidelityContext, FidelityReport, FidelityRun, FidelityScheduler, Job, Verdict } from './fidelity.js';
import { checkMaxSteps } from './fidelity-options.js';
import { noScore, rankable, TrialBook } from './trial-book.js';

/** Who stops. It may be asked again about a trial that it stopped: another rule that wraps it may have let it go on. */
export interface StoppingRule {
  /** Hyperband's bracket of a trial; 0 elsewhere. */
  bracketOf(trial: number): number;
  /** The first step after `step` at which a report is wanted, at most the most that a trial can train. */
  nextReport(trial: number, step: number): number;
  /** Takes in a result. Returns why the trial stops, or `undefined` if it goes on. */
  judge(trial: number, step: number, score: number): string | undefined;
  /** A trial is over; `completed`: it had its full budget. */
  end(trial: number, completed: boolean): void;
}

/** A scheduler that never pauses, and that others can wrap. */
export interface StoppingScheduler extends FidelityScheduler {
  readonly pauses: false;
  rule(context: FidelityContext): StoppingRule;
}

/**
 * A scheduler that does as `rule` says. A trial without a score is stopped, one that trained its full budget complete, whatever the
 * rule says. There is never a job but to start trials: a trial goes on where it is.
 */
export function stoppingScheduler(name: string, rule: (context: FidelityContext) => StoppingRule): StoppingScheduler {
  return {
    name,
    pauses: false,
    rule,
    begin: (context) => {
      checkMaxSteps(context.maxSteps);
      return new StoppingRun(rule(context), context.maxSteps);
    },
  };
}

class StoppingRun implements FidelityRun {
  readonly #book = new TrialBook<undefined>();

  constructor(
    readonly rule: StoppingRule,
    readonly maxSteps: number,
  ) {}

  next(newTrial: number | null): Job {
    if (newTrial === null) return { kind: 'done' };
    this.#book.start(newTrial, undefined);
    return { kind: 'start', toStep: this.rule.nextReport(newTrial, 0), bracket: this.rule.bracketOf(newTrial) };
  }

  report(report: FidelityReport): readonly Verdict[] {
    this.#book.report(report);
    const { trial, step, score } = report;
    if (!rankable(score)) return this.#end({ kind: 'stop', trial, reason: noScore });
    if (step >= this.maxSteps) return this.#end({ kind: 'complete', trial });
    const reason = this.rule.judge(trial, step, score);
    if (reason !== undefined) return this.#end({ kind: 'stop', trial, reason });
    return [{ kind: 'continue', trial, toStep: this.rule.nextReport(trial, step) }];
  }

  #end(verdict: Verdict): Verdict[] {
    this.#book.mark(verdict.trial, 'over');
    this.rule.end(verdict.trial, verdict.kind === 'complete');
    return [verdict];
  }
}
