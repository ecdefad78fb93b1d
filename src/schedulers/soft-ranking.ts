/**
 * Whether two rungs rank their trials alike, up to noise: Bohdal et al. 2023, "PASHA: efficient HPO and NAS with progressive resource
 * allocation", section 4, https://arxiv.org/abs/2207.06940.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | epsilon | scores that differ by no more count as equal |
 * | criss-crossing | two trials whose order changed and changed back: their difference is noise |
 */

import { type RungEntry, ranksAbove } from './rungs.js';
import { RunningQuantile } from './running-quantile.js';

/** Scores of a trial by step. */
export type Curve = ReadonlyMap<number, number>;

/**
 * The soft ranking of section 4.1: whether at each place of the top rung stands a trial that could stand at this place of the rung
 * below, among the same trials, too: its score there is within epsilon of the score of the one that does.
 *
 * @param below by trial, for all of `top`
 */
export function isRankingStable(
  top: readonly RungEntry[],
  below: ReadonlyMap<number, number>,
  epsilon: number,
): boolean {
  const sorted = [...top].sort(byRank);
  const places = top.map(({ trial }) => ({ trial, score: below.get(trial)! })).sort(byRank);
  return sorted.every(({ trial }, place) => {
    const [score, other] = [below.get(trial)!, places[place]!.score];
    // equal infinities have no difference
    return score === other || Math.abs(score - other) <= epsilon;
  });
}

function byRank(a: RungEntry, b: RungEntry): number {
  return ranksAbove(a, b) ? -1 : 1;
}

/**
 * Section 4.2: the 90th percentile of the differences between criss-crossing trials, each pair's at the last step above `after` and up to
 * `upTo` that both reported. `undefined` if there are none. O(n² · steps) for n curves that come so far.
 */
export function noiseOf(curves: Iterable<Curve>, after: number, upTo: number): number | undefined {
  const inWindow = (step: number) => step > after && step <= upTo;
  const reaching = [...curves].filter((curve) => [...curve.keys()].some(inWindow));
  const distances = new RunningQuantile(9, 10);
  for (const [at, one] of reaching.entries()) {
    const steps = [...one.keys()].filter((step) => step <= upTo).reverse();
    for (const other of reaching.slice(at + 1)) {
      const last = steps.findIndex((step) => other.has(step));
      if (last === -1 || !inWindow(steps[last]!)) continue;
      if (crossesTwice(one, other, steps.slice(last))) {
        distances.add(Math.abs(one.get(steps[last]!)! - other.get(steps[last]!)!));
      }
    }
  }
  return distances.value();
}

/** @param steps falling, from one that both reported */
function crossesTwice(one: Curve, other: Curve, steps: readonly number[]): boolean {
  const order = (step: number) => Math.sign(compare(one.get(step)!, other.get(step)));
  const last = order(steps[0]!);
  if (last === 0) return false;
  const opposite = steps.findIndex((step) => order(step) === -last);
  return opposite !== -1 && steps.slice(opposite).some((step) => order(step) === last);
}

function compare(a: number, b: number | undefined): number {
  return b === undefined || a === b ? 0 : a > b ? 1 : -1;
}
