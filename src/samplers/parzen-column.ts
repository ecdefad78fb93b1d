/** One dimension of all kernels of a Parzen estimator. A kernel that has no position in it is the prior there. */
export interface KernelColumn {
  /** A position drawn from the kernel; where values are discrete, one that decodes to the value. */
  draw(kernel: number, next: () => number): number;
  /** No log density is above this; at least 0. */
  readonly highest: number;
  /** That of the prior at `position`. */
  priorLogDensity(position: number): number;
  /**
   * Adds to some kernels' sums the logarithm of their density at `position`; where values are discrete, of the probability
   * of the value there. Moves those kernels to the front whose sum is at least `least` then, in order.
   *
   * @param position that of a value, as `encode` gives it
   * @param kernels the first `count` of them are those that are asked for
   * @returns how many have such a sum
   */
  addLogDensities(position: number, sums: Float64Array, kernels: Int32Array, count: number, least: number): number;
}

/** Whether just one kernel has a position. */
export function isAlone(column: Float64Array): boolean {
  let count = 0;
  for (let kernel = 0; kernel < column.length && count < 2; kernel++) if (column[kernel]! >= 0) count++;
  return count === 1;
}
