/**
 * Pareto fronts of several losses, all to be minimised: who dominates whom, how crowded a front is, how much it dominates.
 *
 * A point dominates another if it is nowhere worse and somewhere better: equal points do not dominate each other. Losses may be
 * infinite, never NaN; all points have as many.
 */

/** The losses of one point. */
export type Losses = readonly number[];

/** Whether `a` is nowhere worse than `b`, and somewhere better. */
export function dominates(a: Losses, b: Losses): boolean {
  let isBetter = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) return false;
    if (a[i]! < b[i]!) isBetter = true;
  }
  return isBetter;
}

/** Indices of the points that no other dominates, rising; equal points all together. None for no points. */
export function paretoFront(points: readonly Losses[]): number[] {
  return nonDominatedSort(points)[0] ?? [];
}

/**
 * Indices of the points by front, rising within each: the first front is dominated by nobody, the next one by points of the first
 * alone, and so on.
 *
 * Efficient non-dominated sort with bisection (Zhang, Tian, Cheng and Jin 2015, https://doi.org/10.1109/TEVC.2014.2308305):
 * N log² N comparisons for two objectives, and at worst N² / 2 for more; the sort of Deb et al. 2002 always takes N².
 */
export function nonDominatedSort(points: readonly Losses[]): number[][] {
  const order = [...points.keys()].sort((a, b) => lexicographically(points[a]!, points[b]!) || a - b);
  const fronts: number[][] = [];
  for (const index of order) {
    const front = firstUndominated(points, fronts, points[index]!);
    const members = fronts[front];
    if (members === undefined) fronts.push([index]);
    else members.push(index);
  }
  return fronts.map((front) => front.sort((a, b) => a - b));
}

/** Whom a front's member dominates, a member of each earlier front dominates too: so bisection finds the first that has none. */
function firstUndominated(points: readonly Losses[], fronts: readonly (readonly number[])[], point: Losses): number {
  let [from, to] = [0, fronts.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (isDominated(points, fronts[middle]!, point)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** `point` is not before any member in lexicographic order, the order in which they joined. */
function isDominated(points: readonly Losses[], members: readonly number[], point: Losses): boolean {
  // of two objectives, the one that joined last has the least of the second
  if (point.length === 2) return dominates(points[members.at(-1)!]!, point);
  for (let at = members.length - 1; at >= 0; at--) if (dominates(points[members[at]!]!, point)) return true;
  return false;
}

function lexicographically(a: Losses, b: Losses): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}

/**
 * The crowding distance of each point of one front: the sum over the objectives of the gap between its neighbours, as a share of the
 * objective's range; infinite for those at an end. Deb et al. 2002, section III-B.
 *
 * An objective in which all are equal adds nothing; its range is of finite losses only, and the gap between two equal
 * infinities is 0 (as in Optuna, where the paper says nothing).
 */
export function crowdingDistances(front: readonly Losses[]): number[] {
  const distances = new Array<number>(front.length).fill(0);
  for (let objective = 0; objective < (front[0]?.length ?? 0); objective++) addGaps(front, objective, distances);
  return distances;
}

function addGaps(front: readonly Losses[], objective: number, distances: number[]): void {
  const loss = (index: number) => front[index]![objective]!;
  const order = [...front.keys()].sort((a, b) => (loss(a) === loss(b) ? a - b : loss(a) < loss(b) ? -1 : 1));
  const sorted = [Number.NEGATIVE_INFINITY, ...order.map(loss), Number.POSITIVE_INFINITY];
  if (sorted[1] === sorted.at(-2)) return;
  const finite = sorted.filter(Number.isFinite);
  const width = finite.length > 1 ? finite.at(-1)! - finite[0]! : 0;
  order.forEach((index, at) => {
    const [below, above] = [sorted[at]!, sorted[at + 2]!];
    if (below !== above) distances[index]! += (above - below) / (width > 0 ? width : 1);
  });
}

/**
 * The volume that the points dominate, up to `reference`: exactly, for any number of objectives.
 *
 * Two objectives take N log N, three N² log N; each further one N times more at worst. Above two: the sum of what each
 * point dominates alone, among those that are no worse in the last objective (While, Bradstreet and Barone 2012, "A fast
 * way of calculating exact hypervolumes", section III, https://doi.org/10.1109/TEVC.2010.2077298).
 *
 * @param reference a finite point; points that are not better in every objective add nothing
 * @returns 0 for no points; infinite if a point has a loss of minus infinity and dominates anything
 */
export function hypervolume(points: readonly Losses[], reference: Losses): number {
  const inside = points.filter((point) => point.every((loss, i) => loss < reference[i]!));
  return volume(inside, reference, reference.length);
}

/** In the first `count` objectives. No loss is above the reference. */
function volume(points: readonly Losses[], reference: Losses, count: number): number {
  if (points.length === 0 || count === 0) return 0;
  if (count === 1) return reference[0]! - Math.min(...points.map((point) => point[0]!));
  if (count === 2) return area(points, reference);
  const last = count - 1;
  const sorted = points.toSorted((a, b) => descending(a[last]!, b[last]!));
  return sorted.reduce((sum, point, at) => {
    // later points are as deep, so what they take from this one is the same at every depth
    const shared = sorted.slice(at + 1).map((other) => point.map((loss, i) => Math.max(loss, other[i]!)));
    const alone = box(point, reference, last) - volume(front(shared, last), reference, last);
    return alone > 0 ? sum + alone * (reference[last]! - point[last]!) : sum;
  }, 0);
}

function front(points: readonly Losses[], count: number): readonly Losses[] {
  const cut = points.map((point) => point.slice(0, count));
  return count > 2 ? paretoFront(cut).map((index) => cut[index]!) : cut;
}

function box(point: Losses, reference: Losses, count: number): number {
  let product = 1;
  for (let i = 0; i < count; i++) product *= reference[i]! - point[i]!;
  return product;
}

function area(points: readonly Losses[], [right = 0, top = 0]: Losses): number {
  let [sum, lowest] = [0, top];
  for (const [x = 0, y = 0] of points.toSorted(lexicographically)) {
    if (y >= lowest || x >= right) continue;
    sum += (right - x) * (lowest - y);
    lowest = y;
  }
  return sum;
}

function descending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}
