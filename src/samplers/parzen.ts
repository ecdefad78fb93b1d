/**
 * A Parzen estimator over several parameters: Bergstra et al. 2011, section 4 (https://papers.nips.cc/paper/4443), in the
 * multivariate form of Falkner et al. 2018 (https://proceedings.mlr.press/v80/falkner18a.html) and Watanabe 2023, section
 * 3.3 (https://arxiv.org/abs/2304.11127).
 *
 * p(x) = w₀ p₀(x) + Σ wₙ Π kₙ(x_d): a mixture of the prior and of one kernel an observation, each a product over the
 * dimensions.
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | x | positions on the unit interval, NaN where a parameter is not active | [dimensions] |
 * | N | kernels, the prior's among them, which is the last one | |
 * | w | weights of the kernels, sum 1 | [N] |
 * | k | density of a kernel in one dimension (`parzen-column.ts`) | |
 *
 * On the unit interval the prior is uniform, so that its density is 1, and a discrete value's probability is the width of
 * its cell. A kernel whose observation has no value for a parameter (it was not active, or not in the space) is the prior
 * there; hence the prior itself is a kernel that has no values at all. Only active dimensions count in a density.
 */
import { CategoriesColumn } from './parzen-categories.js';
import { CellsColumn } from './parzen-cells.js';
import type { KernelColumn } from './parzen-column.js';
import { ContinuousColumn } from './parzen-continuous.js';
import type { Dimension } from './parzen-dimension.js';
import { Memory } from './parzen-memory.js';

/** e^-40 of the largest term changes no digit of a sum. */
const neglected = 40;

/** Kernels that a first look takes in. */
const newest = 64;

/** Positions by dimension index, NaN where there is none. */
export type Row = Float64Array;

export class ParzenEstimator {
  readonly #dimensions: readonly Dimension[];
  readonly #columns: readonly KernelColumn[];
  /** Rising to 1: the sum of the weights so far. */
  readonly #shares: Float64Array;
  readonly #logWeights: Float64Array;
  /** Log densities of the kernels at the point that is asked for. */
  readonly #sums: Float64Array;
  /** Those kernels that may still matter there, in order. */
  readonly #kernels: Int32Array;
  /** Every kernel. */
  readonly #all: Int32Array;

  /**
   * @param dimensions those it is over, of all that rows have
   * @param rows of the observations
   * @param weights one for each row, above 0; that of the prior is 1 beside them
   * @param memory where its arrays are: another estimator may be made in it until it is reset, and this one is of no use afterwards
   */
  constructor(
    dimensions: readonly Dimension[],
    rows: readonly Row[],
    weights: ArrayLike<number>,
    memory = new Memory(),
  ) {
    const count = rows.length + 1;
    this.#dimensions = dimensions;
    this.#columns = makeColumns(dimensions, rows, memory);
    this.#sums = memory.take(count);
    this.#kernels = new Int32Array(count);
    this.#all = new Int32Array(count).map((_, at) => at);
    this.#shares = memory.take(count);
    let total = 0;
    for (let kernel = 0; kernel < count; kernel++) this.#shares[kernel] = total += weights[kernel] ?? 1;
    this.#logWeights = memory.take(count);
    for (let kernel = 0; kernel < count; kernel++) {
      this.#logWeights[kernel] = Math.log((weights[kernel] ?? 1) / total);
      this.#shares[kernel]! /= total;
    }
  }

  /** A kernel, as likely as its weight. */
  drawKernel(next: () => number): number {
    const drawn = next();
    const found = this.#shares.findIndex((share) => drawn < share);
    return found < 0 ? this.#shares.length - 1 : found;
  }

  /** A position from a kernel, in the dimension that is at `at` in the list it was made with; decoded, it is a value. */
  drawPosition(kernel: number, at: number, next: () => number): number {
    return this.#columns[at]!.draw(kernel, next);
  }

  /**
   * The log density at a point whose positions are those of values, as `encode` gives them.
   *
   * @param least as `leastLogDensity` says
   */
  logDensity(row: Row, least = this.leastLogDensity(row)): number {
    return this.#logSum(row, 0, least - Math.log(newest + 1));
  }

  /**
   * What the log density has at least, in a tenth of the time: the part of the prior and of the newest kernels, which in a study that homes in
   * on an optimum are those nearby.
   */
  leastLogDensity(row: Row): number {
    const prior = this.#logWeights.length - 1;
    // a little less, for rounding
    return this.#logSum(row, Math.max(0, prior - newest), this.#priorLogDensity(row)) - 1e-9;
  }

  /**
   * The logarithm of the sum of the kernels from one on.
   *
   * Dimension by dimension, kernels are left out that cannot come near the largest term any more, whatever the dimensions that
   * are left add: most are, after two or three.
   *
   * @param least the largest term is not below it
   */
  #logSum(row: Row, from: number, least: number): number {
    const sums = this.#sums;
    const kernels = this.#kernels;
    sums.set(this.#logWeights);
    kernels.set(this.#all);
    let count = sums.length - from;
    if (from > 0) kernels.copyWithin(0, from);
    // below it a kernel does not count in the sum; a little less, for rounding
    const floor = least - neglected - 1;
    let left = this.#mostAt(row);
    for (let at = 0; at < this.#columns.length; at++) {
      const position = row[this.#dimensions[at]!.index]!;
      if (Number.isNaN(position)) continue;
      const column = this.#columns[at]!;
      left -= column.highest;
      count = column.addLogDensities(position, sums, kernels, count, floor - left);
    }
    return logSumExp(sums, kernels, count);
  }

  /** The part of the density that is the prior's: the logarithm of w₀ p₀. */
  #priorLogDensity(row: Row): number {
    let sum = this.#logWeights[this.#logWeights.length - 1]!;
    for (let at = 0; at < this.#columns.length; at++) {
      const position = row[this.#dimensions[at]!.index]!;
      if (!Number.isNaN(position)) sum += this.#columns[at]!.priorLogDensity(position);
    }
    return sum;
  }

  /** The most that the columns can add to a kernel's log density there. */
  #mostAt(row: Row): number {
    let most = 0;
    for (let at = 0; at < this.#columns.length; at++) {
      if (!Number.isNaN(row[this.#dimensions[at]!.index]!)) most += this.#columns[at]!.highest;
    }
    return most;
  }
}

/** Row by row: they lie all over the memory. */
function makeColumns(dimensions: readonly Dimension[], rows: readonly Row[], memory: Memory): readonly KernelColumn[] {
  const columns = dimensions.map(() => memory.take(rows.length + 1));
  const indices = dimensions.map(({ index }) => index);
  for (let kernel = 0; kernel < rows.length; kernel++) {
    const row = rows[kernel]!;
    for (let at = 0; at < columns.length; at++) columns[at]![kernel] = row[indices[at]!]!;
  }
  for (const column of columns) column[rows.length] = Number.NaN;
  return dimensions.map((dimension, at) => makeColumn(dimension, columns[at]!, memory));
}

function makeColumn(dimension: Dimension, column: Float64Array, memory: Memory): KernelColumn {
  const { parameter, kind } = dimension;
  switch (kind) {
    case 'continuous':
      return new ContinuousColumn(column, memory);
    case 'cells':
      return new CellsColumn(dimension, column, memory);
    case 'categories':
      return new CategoriesColumn(column, parameter.kind === 'choice' ? parameter.items.length : 1);
    default:
      return kind satisfies never;
  }
}

/** Of the terms that the first `count` indices name. */
function logSumExp(terms: Float64Array, indices: Int32Array, count: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) if (terms[indices[i]!]! > largest) largest = terms[indices[i]!]!;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const below = terms[indices[i]!]! - largest;
    if (below > -neglected) sum += Math.exp(below);
  }
  return largest + Math.log(sum);
}
