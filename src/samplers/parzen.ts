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

  /**
   * @param dimensions those it is over, of all that rows have
   * @param rows of the observations
   * @param weights one for each row, above 0; that of the prior is 1 beside them
   */
  constructor(dimensions: readonly Dimension[], rows: readonly Row[], weights: ArrayLike<number>) {
    const count = rows.length + 1;
    this.#dimensions = dimensions;
    this.#columns = dimensions.map((dimension) => makeColumn(dimension, rows));
    this.#sums = new Float64Array(count);
    this.#shares = new Float64Array(count);
    let total = 0;
    for (let kernel = 0; kernel < count; kernel++) this.#shares[kernel] = total += weights[kernel] ?? 1;
    this.#logWeights = new Float64Array(count);
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

  /** The log density at a point whose positions are those of values, as `encode` gives them. */
  logDensity(row: Row): number {
    const sums = this.#sums;
    sums.set(this.#logWeights);
    for (let at = 0; at < this.#columns.length; at++) {
      const position = row[this.#dimensions[at]!.index]!;
      if (!Number.isNaN(position)) this.#columns[at]!.addLogDensities(position, sums);
    }
    return logSumExp(sums);
  }
}

function makeColumn(dimension: Dimension, rows: readonly Row[]): KernelColumn {
  const { parameter, kind, index } = dimension;
  const column = new Float64Array(rows.length + 1);
  for (let kernel = 0; kernel < rows.length; kernel++) column[kernel] = rows[kernel]![index]!;
  column[rows.length] = Number.NaN;
  switch (kind) {
    case 'continuous':
      return new ContinuousColumn(column);
    case 'cells':
      return new CellsColumn(dimension, column);
    case 'categories':
      return new CategoriesColumn(column, parameter.kind === 'choice' ? parameter.items.length : 1);
    default:
      return kind satisfies never;
  }
}

function logSumExp(terms: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < terms.length; i++) if (terms[i]! > largest) largest = terms[i]!;
  let sum = 0;
  for (let i = 0; i < terms.length; i++) {
    const below = terms[i]! - largest;
    // e^-40 of the largest changes no digit of the sum
    if (below > -40) sum += Math.exp(below);
  }
  return largest + Math.log(sum);
}
