/** The stopping variant of asynchronous successive halving: a trial is judged once at each rung, when it comes there. */
import type { RunBrackets } from './bracket-draw.js';
import { RunningQuantile } from './running-quantile.js';
import type { StoppingRule } from './stopping-run.js';
import { TopShare } from './top-share.js';

/**
 * How a result is compared with those that came to the rung before it.
 * - `quantile`: it goes on unless it is below the (1 - 1/eta) quantile of the others, interpolated. The first one goes on.
 * - `rank`: it goes on if it is among the best 1/eta of all, itself included, rounded down but at least one.
 */
export type Cutoff = 'quantile' | 'rank';

interface StoppingRung {
  /** Takes in a result, and says whether its trial goes on. One that equals the last that goes on does, too. */
  admit(score: number): boolean;
}

class QuantileRung implements StoppingRung {
  readonly #scores: RunningQuantile;

  constructor(reduction: number) {
    this.#scores = new RunningQuantile(reduction - 1, reduction);
  }

  admit(score: number): boolean {
    const cutoff = this.#scores.value();
    this.#scores.add(score);
    return cutoff === undefined || score >= cutoff;
  }
}

class RankRung implements StoppingRung {
  readonly #scores = new TopShare<number>((a, b) => a > b);

  constructor(readonly reduction: number) {}

  admit(score: number): boolean {
    this.#scores.add(score);
    this.#scores.resizeTop(Math.max(1, Math.floor(this.#scores.size / this.reduction)));
    return score >= this.#scores.worstOfTop!;
  }
}

const rungKinds = { quantile: QuantileRung, rank: RankRung };

export class RungRule implements StoppingRule {
  readonly #rungs: StoppingRung[][];
  /** By trial: the rung it comes to next. */
  readonly #nextRung = new Map<number, number>();

  constructor(
    cutoff: Cutoff,
    readonly reduction: number,
    readonly brackets: RunBrackets,
  ) {
    this.#rungs = brackets.steps.map((steps) => steps.slice(0, -1).map(() => new rungKinds[cutoff](reduction)));
  }

  bracketOf(trial: number): number {
    return this.brackets.bracketOf(trial);
  }

  nextReport(trial: number, step: number): number {
    return this.brackets.steps[this.bracketOf(trial)]!.find((rung) => rung > step)!;
  }

  /** A trial that comes to several rungs at once is judged at each, from the lowest, until one stops it. */
  judge(trial: number, step: number, score: number): string | undefined {
    const bracket = this.bracketOf(trial);
    const [steps, rungs] = [this.brackets.steps[bracket]!, this.#rungs[bracket]!];
    let at = this.#nextRung.get(trial) ?? 0;
    for (; at < rungs.length && step >= steps[at]!; at++) {
      this.#nextRung.set(trial, at + 1);
      if (!rungs[at]!.admit(score))
        return `it is not among the best 1/${this.reduction} at the rung of ${steps[at]} steps`;
    }
    return undefined;
  }

  end(trial: number): void {
    this.#nextRung.delete(trial);
  }
}
