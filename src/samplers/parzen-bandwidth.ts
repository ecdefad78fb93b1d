/**
 * Bandwidths of Parzen kernels on the unit interval.
 *
 * The neighbour rule of Bergstra et al. 2011, section 4 (https://papers.nips.cc/paper/4443): a kernel is as wide as the
 * larger of the distances to its neighbours. Its lower limit ("magic clipping") is Watanabe 2023, section 3.3.4
 * (https://arxiv.org/abs/2304.11127), with the exponent 2 and the smallest width 0.03: max(0.03, 1 / (1 + n)²). Optuna's
 * is 1 / min(100, 1 + n), which is so wide for the ten or twenty best trials of a study that it cannot home in on an
 * optimum.
 */

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
 *
 * @param positions one for each kernel, in [0, 1], or NaN for one that has none (its bandwidth means nothing)
 * @param least the lower limit, from 1/128 to 1
 */
export function neighbourBandwidths(positions: Float64Array, least: number): Float64Array {
  const { lowest, highest, before, behind } = bucketsOf(positions);
  const bandwidths = new Float64Array(positions.length);
  for (let kernel = 0; kernel < positions.length; kernel++) {
    const position = positions[kernel]!;
    const bucket = (position * bucketCount) | 0;
    // the gap of an outermost one is infinite
    const below = position === lowest[bucket] ? position - before[bucket]! : 0;
    const above = position === highest[bucket] ? behind[bucket]! - position : 0;
    let bandwidth = least;
    if (below > bandwidth && below <= 1) bandwidth = below;
    if (above > bandwidth && above <= 1) bandwidth = above;
    bandwidths[kernel] = bandwidth;
  }
  return bandwidths;
}

/** The bandwidth of a kernel that has no neighbours: the distance to the farther end. */
export function loneBandwidth(position: number): number {
  return Math.max(position, 1 - position);
}

/**
 * The least and the largest position in each bucket, the largest one in the buckets before it, and the least one in those behind
 * it; infinite where there is none.
 */
function bucketsOf(positions: Float64Array) {
  const [lowest, highest] = [emptyBuckets(Number.POSITIVE_INFINITY), emptyBuckets(Number.NEGATIVE_INFINITY)];
  for (let kernel = 0; kernel < positions.length; kernel++) {
    const position = positions[kernel]!;
    const bucket = (position * bucketCount) | 0;
    if (position < lowest[bucket]!) lowest[bucket] = position;
    if (position > highest[bucket]!) highest[bucket] = position;
  }
  const [before, behind] = [emptyBuckets(Number.NEGATIVE_INFINITY), emptyBuckets(Number.POSITIVE_INFINITY)];
  for (let bucket = 1; bucket <= bucketCount; bucket++) {
    before[bucket] = Math.max(before[bucket - 1]!, highest[bucket - 1]!);
    const fromEnd = bucketCount - bucket;
    behind[fromEnd] = Math.min(behind[fromEnd + 1]!, lowest[fromEnd + 1]!);
  }
  return { lowest, highest, before, behind };
}

/** One more for the position 1. */
function emptyBuckets(value: number): Float64Array {
  return new Float64Array(bucketCount + 1).fill(value);
}
