import { loneBandwidth, minimumBandwidth, Neighbours } from './parzen-bandwidth.js';
import { isAlone, type KernelColumn } from './parzen-column.js';
import type { Memory } from './parzen-memory.js';
import { drawTruncated, massInUnit } from './truncated-normal.js';

const sqrtTwoPi = Math.sqrt(2 * Math.PI);

/**
 * One dimension of the kernels over floats: normal distributions around the observed positions, cut to [0, 1]. A kernel is made when it is
 * asked for: in the later ones of many dimensions most never are.
 */
export class ContinuousColumn implements KernelColumn {
  readonly highest: number;
  readonly #centres: Float64Array;
  /** 1 / bandwidth. A kernel without a position has 0, and a peak of 1: the uniform density. NaN: not made yet. */
  readonly #precisions: Float64Array;
  readonly #logPeaks: Float64Array;
  readonly #least: number;
  /** Of a kernel with the least bandwidth that lies well inside, as most of a long study do. */
  readonly #usualLogPeak: number;
  /** `undefined`: just one kernel has a position. */
  readonly #neighbours: Neighbours | undefined;

  /** @param column a position in [0, 1] for each kernel, NaN for one that has none */
  constructor(column: Float64Array, memory: Memory) {
    const least = minimumBandwidth(column.length);
    this.#least = least;
    this.#usualLogPeak = -Math.log(least * sqrtTwoPi);
    // a narrow kernel at a bound; a lone one is at least half as wide as the interval
    const narrowest = Math.min(least, 0.5);
    this.highest = Math.max(0, -Math.log(narrowest * sqrtTwoPi * massInUnit(0, narrowest)));
    this.#neighbours = isAlone(column) ? undefined : new Neighbours(column, least, memory);
    this.#centres = column;
    this.#precisions = memory.take(column.length).fill(Number.NaN);
    this.#logPeaks = memory.take(column.length);
  }

  draw(kernel: number, next: () => number): number {
    if (Number.isNaN(this.#precisions[kernel]!)) this.#make(kernel);
    const precision = this.#precisions[kernel]!;
    return precision === 0 ? next() : drawTruncated(this.#centres[kernel]!, 1 / precision, next);
  }

  priorLogDensity(): number {
    return 0;
  }

  addLogDensities(position: number, sums: Float64Array, kernels: Int32Array, count: number, least: number): number {
    const centres = this.#centres;
    const precisions = this.#precisions;
    const logPeaks = this.#logPeaks;
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const kernel = kernels[at]!;
      if (Number.isNaN(precisions[kernel]!)) this.#make(kernel);
      const z = (position - centres[kernel]!) * precisions[kernel]!;
      const sum = sums[kernel]! + (logPeaks[kernel]! - 0.5 * z * z);
      sums[kernel] = sum;
      kernels[kept] = kernel;
      if (sum >= least) kept++;
    }
    return kept;
  }

  #make(kernel: number): void {
    const centre = this.#centres[kernel]!;
    if (Number.isNaN(centre)) {
      this.#centres[kernel] = 0;
      this.#precisions[kernel] = 0;
      this.#logPeaks[kernel] = 0;
      return;
    }
    const bandwidth = this.#neighbours?.bandwidthAt(centre) ?? loneBandwidth(centre);
    const isUsual = bandwidth === this.#least && isInside(centre, bandwidth);
    this.#precisions[kernel] = 1 / bandwidth;
    this.#logPeaks[kernel] = isUsual
      ? this.#usualLogPeak
      : -Math.log(bandwidth * sqrtTwoPi * massInUnit(centre, bandwidth));
  }
}

/** Whether the bounds cut off less than 1e-14 of a kernel. */
function isInside(centre: number, bandwidth: number): boolean {
  return centre > 8 * bandwidth && 1 - centre > 8 * bandwidth;
}
