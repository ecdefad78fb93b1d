/**
 * Bandwidths of Parzen kernels on the unit interval.
 *
 * The neighbour rule of Bergstra et al. 2011, section 4 (https://papers.nips.cc/paper/4443): a kernel is as wide as the
 * larger of the distances to its neighbours. Its lower limit ("magic clipping") is Watanabe 2023, section 3.3.4
 * (https://arxiv.org/abs/2304.11127), with the exponent 2 and the smallest width 0.03: max(0.03, 1 / (1 + n)²). Optuna's
 * is 1 / min(100, 1 + n), which is so wide for the ten or twenty best trials of a study that it cannot home in on an
 * optimum.
 */
import type { Memory } from './parzen-memory.js';

/** The narrowest kernel, as a share of the range. */
const smallest = 0.03;

/** Neighbours in one bucket are so near that the lower limit holds, and it need not be known how near. */
const bucketCount = 128;

/** The lower limit of bandwidths among `count` kernels, the prior's among them. */
export function minimumBandwidth(count: number): number {
  return Math.max(smallest, 1 / (1 + count) ** 2);
}

/**
 * The bandwidths of kernels in one dimension, by buckets instead of by sorting. Kernels at the same position are one to
 * their neighbours: a grid has many of them. The outermost ones look inwards only, and where all are at one position they
 * are as narrow as it gets.
 */
export class Neighbours {
  readonly #least: number;
  /** The least and the largest position in each bucket; infinite where there is none. */
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;
  /** The largest position in the buckets before it, and the least one in those behind it. */
  readonly #before: Float64Array;
  readonly #behind: Float64Array;

  /**
   * @param positions one for each kernel, in [0, 1], or NaN for one that has none
   * @param least the lower limit, from 1/128 to 1
   */
  constructor(positions: Float64Array, least: number, memory: Memory) {
    this.#least = least;
    // one more for the position 1
    const [lowest, highest] = [memory.take(bucketCount + 1), memory.take(bucketCount + 1)];
    const [before, behind] = [memory.take(bucketCount + 1), memory.take(bucketCount + 1)];
    lowest.fill(Number.POSITIVE_INFINITY);
    highest.fill(Number.NEGATIVE_INFINITY);
    for (let kernel = 0; kernel < positions.length; kernel++) {
      const position = positions[kernel]!;
      const bucket = (position * bucketCount) | 0;
      if (position < lowest[bucket]!) lowest[bucket] = position;
      if (position > highest[bucket]!) highest[bucket] = position;
    }
    before[0] = Number.NEGATIVE_INFINITY;
    behind[bucketCount] = Number.POSITIVE_INFINITY;
    for (let bucket = 1; bucket <= bucketCount; bucket++) {
      before[bucket] = Math.max(before[bucket - 1]!, highest[bucket - 1]!);
      const fromEnd = bucketCount - bucket;
      behind[fromEnd] = Math.min(behind[fromEnd + 1]!, lowest[fromEnd + 1]!);
    }
    this.#lowest = lowest;
    this.#highest = highest;
    this.#before = before;
    this.#behind = behind;
  }

  /** Of a kernel at one of the positions. */
  bandwidthAt(position: number): number {
    const bucket = (position * bucketCount) | 0;
    // the gap of an outermost one is infinite
    const below = position === this.#lowest[bucket] ? position - this.#before[bucket]! : 0;
    const above = position === this.#highest[bucket] ? this.#behind[bucket]! - position : 0;
    let bandwidth = this.#least;
    if (below > bandwidth && below <= 1) bandwidth = below;
    if (above > bandwidth && above <= 1) bandwidth = above;
    return bandwidth;
  }
}

/** The bandwidth of a kernel that has no neighbours: the distance to the farther end. */
export function loneBandwidth(position: number): number {
  return Math.max(position, 1 - position);
}
