/** Rungs: the steps at which successive halving compares trials, and who is promoted from one. */
import { Heap } from './heap.js';
import { TopShare } from './top-share.js';

/**
 * The steps of a bracket's rungs, rising: r·eta^s, r·eta^(s+1), … below R, and R itself, where trials are complete.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | r | `minSteps`: steps before the first decision |
 * | eta | `reduction` |
 * | s | `skipped`: the bracket's early-stopping rate; it leaves out the first s rungs |
 * | R | `maxSteps` |
 *
 * Li et al. 2020, "A system for massively parallel hyperparameter tuning", section 3.1, https://arxiv.org/abs/1810.05934.
 * There R is r times a power of eta; where it is not, the last rung is nearer than the others. If r·eta^s is R or more,
 * there is no decision before R.
 */
export function rungSteps(minSteps: number, reduction: number, maxSteps: number, skipped = 0): number[] {
  const steps: number[] = [];
  for (let at = minSteps * reduction ** skipped; at < maxSteps; at *= reduction) steps.push(at);
  return [...steps, maxSteps];
}

/** One trial's result at a rung. */
export interface RungEntry {
  readonly trial: number;
  readonly score: number;
}

/** Higher scores first; trials with the same score by number. */
export function ranksAbove(a: RungEntry, b: RungEntry): boolean {
  return a.score === b.score ? a.trial < b.trial : a.score > b.score;
}

/**
 * A rung of asynchronous successive halving: which of its trials may go on. O(log n) a result, O(1) to see who is promotable.
 *
 * The best trial that was not promoted yet is promotable if and only if any is: all others rank below it.
 */
export class Rung {
  readonly #entries = new TopShare(ranksAbove);
  readonly #unpromoted = new Heap(ranksAbove);
  #failedCount = 0;

  constructor(readonly reduction: number) {}

  add(entry: RungEntry): void {
    this.#entries.add(entry);
    this.#unpromoted.push(entry);
    this.#resize();
  }

  /** A trial that has no score counts as evaluated and as worse than all others: it is never promoted. */
  addFailed(): void {
    this.#failedCount++;
    this.#resize();
  }

  /** The best trial in the top 1/eta of the rung, rounded down, that was not promoted yet. */
  promotable(): RungEntry | undefined {
    const best = this.#unpromoted.peek();
    return best !== undefined && this.#entries.isInTop(best) ? best : undefined;
  }

  /** Promotes `promotable()`. */
  promote(): void {
    this.#unpromoted.pop();
  }

  #resize(): void {
    this.#entries.resizeTop(Math.floor((this.#entries.size + this.#failedCount) / this.reduction));
  }
}
