import type { KernelColumn } from './parzen-column.js';

/**
 * One dimension of the kernels over unordered choices: the observed item with weight 1 + 1/n, every other one with 1/n,
 * for n kernels (the prior's among them). The rule of Optuna and hyperopt; a kernel of Aitchison and Aitken 1976 whose
 * width falls as 1/n.
 */
export class CategoriesColumn implements KernelColumn {
  /** The item of each kernel; -1 where it has none. */
  readonly #items: Int32Array;
  readonly #count: number;
  readonly highest = 0;
  /** Probability of an item that a kernel has not. */
  readonly #other: number;

  /**
   * @param column a position in [0, 1] for each kernel, NaN for one that has none
   * @param count of items, at least 2
   */
  constructor(column: Float64Array, count: number) {
    this.#items = new Int32Array(column.length);
    for (let kernel = 0; kernel < column.length; kernel++) this.#items[kernel] = itemAt(column[kernel]!, count);
    this.#count = count;
    this.#other = 1 / (column.length + count);
  }

  draw(kernel: number, next: () => number): number {
    const count = this.#count;
    const item = this.#items[kernel]!;
    const drawn = next();
    // the items other than its own share the first part of the interval: all of it where there is no own one
    const anywhere = item < 0 || drawn < this.#other * count;
    const chosen = anywhere ? Math.floor((item < 0 ? drawn : drawn / (this.#other * count)) * count) : item;
    return (Math.min(chosen, count - 1) + 0.5) / count;
  }

  priorLogDensity(): number {
    return Math.log(1 / this.#count);
  }

  addLogDensities(position: number, sums: Float64Array, kernels: Int32Array, count: number, least: number): number {
    const items = this.#items;
    const asked = itemAt(position, this.#count);
    const prior = this.priorLogDensity();
    const other = Math.log(this.#other);
    const same = Math.log(1 - this.#other * (this.#count - 1));
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const kernel = kernels[at]!;
      const item = items[kernel]!;
      const sum = sums[kernel]! + (item < 0 ? prior : item === asked ? same : other);
      sums[kernel] = sum;
      kernels[kept] = kernel;
      if (sum >= least) kept++;
    }
    return kept;
  }
}

function itemAt(position: number, count: number): number {
  return Number.isNaN(position) ? -1 : Math.min(count - 1, Math.floor(position * count));
}
