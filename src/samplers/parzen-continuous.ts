import { loneBandwidth, minimumBandwidth, neighbourBandwidths } from './parzen-bandwidth.js';
import { isAlone, type KernelColumn } from './parzen-column.js';
import { drawTruncated, massInUnit } from './truncated-normal.js';

const sqrtTwoPi = Math.sqrt(2 * Math.PI);

/** One dimension of the kernels over floats: normal distributions around the observed positions, cut to [0, 1]. */
export class ContinuousColumn implements KernelColumn {
  readonly #centres: Float64Array;
  /** 1 / bandwidth. A kernel without a position has 0, and a peak of 1: the uniform density. */
  readonly #precisions: Float64Array;
  readonly #logPeaks: Float64Array;

  /** @param column a position in [0, 1] for each kernel, NaN for one that has none */
  constructor(column: Float64Array) {
    const least = minimumBandwidth(column.length);
    // most kernels of a long study are like this one
    const logPeak = -Math.log(least * sqrtTwoPi);
    const bandwidths = isAlone(column) ? column.map(loneBandwidth) : neighbourBandwidths(column, least);
    this.#centres = column;
    this.#precisions = new Float64Array(column.length);
    this.#logPeaks = new Float64Array(column.length);
    for (let kernel = 0; kernel < column.length; kernel++) {
      const centre = column[kernel]!;
      const bandwidth = bandwidths[kernel]!;
      if (Number.isNaN(centre)) {
        column[kernel] = 0;
        continue;
      }
      this.#precisions[kernel] = 1 / bandwidth;
      this.#logPeaks[kernel] = bandwidth === least && isInside(centre, least) ? logPeak : logPeakOf(centre, bandwidth);
    }
  }

  draw(kernel: number, next: () => number): number {
    const precision = this.#precisions[kernel]!;
    return precision === 0 ? next() : drawTruncated(this.#centres[kernel]!, 1 / precision, next);
  }

  addLogDensities(position: number, sums: Float64Array): void {
    const centres = this.#centres;
    const precisions = this.#precisions;
    const logPeaks = this.#logPeaks;
    for (let kernel = 0; kernel < sums.length; kernel++) {
      const z = (position - centres[kernel]!) * precisions[kernel]!;
      sums[kernel]! += logPeaks[kernel]! - 0.5 * z * z;
    }
  }
}

/** Whether the bounds cut off less than 1e-14 of a kernel. */
function isInside(centre: number, bandwidth: number): boolean {
  return centre > 8 * bandwidth && 1 - centre > 8 * bandwidth;
}

function logPeakOf(centre: number, bandwidth: number): number {
  return -Math.log(bandwidth * sqrtTwoPi * massInUnit(centre, bandwidth));
}
