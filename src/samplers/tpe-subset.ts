/**
 * The best of trials with several losses: whole fronts, and of the last one those that dominate most of the space together.
 *
 * Greedy hypervolume subset selection (Ozaki et al. 2022, section 3.2, https://doi.org/10.1613/jair.1.13188), which
 * reaches at least 1 - 1/e of the best subset's volume; lazily, since what a point adds only falls as others join (Minoux
 * 1978).
 */
import { hypervolume, type Losses, nonDominatedSort } from './pareto.js';

/**
 * Indices of the best `count` points (of all, where there are fewer), best first.
 *
 * @param points all with as many losses, at least two; infinite ones count as a little beyond the finite ones of their front
 */
export function bestSubset(points: readonly Losses[], count: number): readonly number[] {
  const best: number[] = [];
  for (const front of nonDominatedSort(points)) {
    const wanted = count - best.length;
    if (wanted <= 0) break;
    if (front.length <= wanted) best.push(...front);
    else
      best.push(
        ...mostVolume(
          front.map((index) => points[index]!),
          wanted,
        ).map((at) => front[at]!),
      );
  }
  return best;
}

/** Indices of `count` points that dominate much of the space together, each next one adding the most. */
function mostVolume(given: readonly Losses[], count: number): readonly number[] {
  const points = withinReach(given);
  const reference = referenceOf(points);
  const chosen: number[] = [];
  let covered = 0;
  // what a point added when it was looked at last: an upper bound of what it adds now
  const gains = points.map((point) => hypervolume([point], reference));
  const waiting = new Set(points.keys());
  while (chosen.length < count) {
    const fresh = new Set<number>();
    for (;;) {
      const best = largest(waiting, gains);
      if (fresh.has(best)) {
        chosen.push(best);
        covered += gains[best]!;
        waiting.delete(best);
        break;
      }
      gains[best] =
        hypervolume(
          [...chosen, best].map((index) => points[index]!),
          reference,
        ) - covered;
      fresh.add(best);
    }
  }
  return chosen;
}

function largest(candidates: Iterable<number>, gains: readonly number[]): number {
  let best = -1;
  for (const candidate of candidates) if (best < 0 || gains[candidate]! > gains[best]!) best = candidate;
  return best;
}

/** Every objective scaled to [0, 1] over the finite losses; infinite ones lie as far outside as the finite ones are apart. */
function withinReach(points: readonly Losses[]): readonly Losses[] {
  const ranges = points[0]!.map((_, objective) => {
    const finite = points.map((point) => point[objective]!).filter(Number.isFinite);
    const low = finite.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY);
    const high = finite.reduce((most, loss) => Math.max(most, loss), Number.NEGATIVE_INFINITY);
    return { low, high };
  });
  return points.map((point) =>
    point.map((loss, objective) => place(loss, ranges[objective]!.low, ranges[objective]!.high)),
  );
}

function place(loss: number, low: number, high: number): number {
  if (!Number.isFinite(loss)) return loss < 0 ? -1 : 2;
  if (low === high) return 0;
  // halves, since the range of the largest losses is not a number
  return (loss / 2 - low / 2) / (high / 2 - low / 2);
}

/** A tenth beyond the worst, so that the ends of a front count. */
function referenceOf(points: readonly Losses[]): Losses {
  return points[0]!.map((_, objective) => 0.1 + points.reduce((most, point) => Math.max(most, point[objective]!), 0));
}
