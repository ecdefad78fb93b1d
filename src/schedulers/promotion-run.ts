/**
 * Asynchronous successive halving by promotion: Li et al. 2020, "A system for massively parallel hyperparameter tuning",
 * Algorithm 2, https://arxiv.org/abs/1810.05934. A free worker promotes a trial from the highest rung that has a promotable
 * one, and starts a new trial where there is none.
 */
import type { RunBrackets } from './bracket-draw.js';
import type { FidelityReport, FidelityRun, Job, Verdict } from './fidelity.js';
import { nextReport } from './report-steps.js';
import { Rung } from './rungs.js';
import { noScore, rankable, TrialBook } from './trial-book.js';

interface Place {
  readonly bracket: number;
  /** The rung it trains for. */
  rung: number;
}

interface Landing {
  readonly bracket: number;
  readonly rung: number;
  /** Steps of the rung above, to which a promotion leads. */
  readonly toStep: number;
}

export interface PromotionOptions {
  readonly reduction: number;
  readonly brackets: RunBrackets;
  /** Steps between reports on the way to a rung. Default: none. */
  readonly interval?: number;
  /** Steps above which nothing is promoted now. Default: no limit. */
  readonly limit?: () => number;
}

/**
 * A trial that ends a rung below the last one is paused, and stays so until it is promoted: any number of trials may still come that
 * it is better than. Trials with the same score are promoted by number. One without a score counts as evaluated, and as worse than
 * all others, at the rung that it was training for.
 */
export class PromotionRun implements FidelityRun {
  readonly #book = new TrialBook<Place>();
  readonly #rungs: readonly (readonly Rung[])[];
  /** All rungs that one can be promoted from, highest first; of the same height by bracket. */
  readonly #landings: readonly Landing[];

  constructor(readonly options: PromotionOptions) {
    const { brackets, reduction } = options;
    this.#rungs = brackets.steps.map((steps) => steps.slice(0, -1).map(() => new Rung(reduction)));
    this.#landings = brackets.steps
      .flatMap((steps, bracket) => steps.slice(1).map((toStep, rung) => ({ bracket, rung, toStep })))
      .sort((a, b) => b.toStep - a.toStep || a.bracket - b.bracket);
  }

  next(newTrial: number | null): Job {
    const promoted = this.#promote();
    if (promoted) return promoted;
    if (newTrial === null) return { kind: this.#book.runningCount > 0 ? 'wait' : 'done' };
    const bracket = this.options.brackets.bracketOf(newTrial);
    this.#book.start(newTrial, { bracket, rung: 0 });
    return { kind: 'start', toStep: this.#toStep({ bracket, rung: 0 }, 0), bracket };
  }

  report(report: FidelityReport): readonly Verdict[] {
    const { memory: place } = this.#book.report(report);
    const { trial, step, score } = report;
    const rung = this.#rungs[place.bracket]![place.rung];
    if (!rankable(score)) {
      rung?.addFailed();
      this.#book.mark(trial, 'over');
      return [{ kind: 'stop', trial, reason: noScore }];
    }
    if (step >= this.#steps(place).at(-1)!) {
      this.#book.mark(trial, 'over');
      return [{ kind: 'complete', trial }];
    }
    if (step < this.#steps(place)[place.rung]!) {
      return [{ kind: 'continue', trial, toStep: this.#toStep(place, step) }];
    }
    rung!.add({ trial, score });
    this.#book.mark(trial, 'paused');
    return [{ kind: 'pause', trial }];
  }

  #promote(): Job | undefined {
    const limit = this.options.limit?.() ?? Number.POSITIVE_INFINITY;
    for (const { bracket, rung, toStep } of this.#landings) {
      if (toStep > limit) continue;
      const rungs = this.#rungs[bracket]!;
      const best = rungs[rung]!.promotable();
      if (best === undefined) continue;
      rungs[rung]!.promote();
      const { memory: place, step } = this.#book.get(best.trial);
      place.rung = rung + 1;
      if (step >= toStep) {
        // it trained further than it was asked to, and has a result for the next rung, too
        rungs[place.rung]!.add(best);
        return this.#promote();
      }
      this.#book.mark(best.trial, 'running');
      return { kind: 'resume', trial: best.trial, toStep: this.#toStep(place, step) };
    }
    return undefined;
  }

  #steps({ bracket }: Place): readonly number[] {
    return this.options.brackets.steps[bracket]!;
  }

  /** Where a trial that stands at `step` reports next. */
  #toStep(place: Place, step: number): number {
    const target = this.#steps(place)[place.rung]!;
    const { interval } = this.options;
    return interval === undefined ? target : nextReport({ interval, warmupSteps: 0 }, step, target);
  }
}
