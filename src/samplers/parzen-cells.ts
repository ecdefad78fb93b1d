import { loneBandwidth, minimumBandwidth, Neighbours } from './parzen-bandwidth.js';
import { isAlone, type KernelColumn } from './parzen-column.js';
import { cellAt, type Dimension } from './parzen-dimension.js';
import type { Memory } from './parzen-memory.js';
import {
  drawTruncated,
  logSqrtTwoPi,
  massInUnit,
  narrow,
  narrowLogDensity,
  normalLogMass,
} from './truncated-normal.js';

/** A whole cell: a kernel leaves most of its probability to the neighbours of its value, or they would hardly be tried. */
const leastCells = 1;

/**
 * One dimension of the kernels over ordered discrete values: normal distributions cut to [0, 1], as over floats, of which
 * each value has the probability of its part of the interval. Kernels at one value are alike, so each value is computed
 * once.
 */
export class CellsColumn implements KernelColumn {
  readonly highest = 0;
  readonly #dimension: Dimension;
  /** For each kernel, which of the different positions it has; -1 where it has none. */
  readonly #indices: Int32Array;
  readonly #positions: Float64Array;
  readonly #bandwidths: Float64Array;
  /** Of each position's kernel within [0, 1]. */
  readonly #logMasses: Float64Array;
  /** log of bandwidth × √2π. */
  readonly #logScales: Float64Array;
  /** Log probabilities of a value (by its position) under each position's kernel and, last, under the prior. */
  readonly #known = new Map<number, Float64Array>();

  /** @param column a position for each kernel, NaN for one that has none */
  constructor(dimension: Dimension, column: Float64Array, memory: Memory) {
    this.#dimension = dimension;
    const indexOf = new Map<number, number>();
    this.#indices = new Int32Array(column.length).fill(-1);
    for (let kernel = 0; kernel < column.length; kernel++) {
      const position = column[kernel]!;
      if (Number.isNaN(position)) continue;
      const index = indexOf.get(position) ?? indexOf.size;
      if (index === indexOf.size) indexOf.set(position, index);
      this.#indices[kernel] = index;
    }
    this.#positions = Float64Array.from(indexOf.keys());
    const neighbours = isAlone(column)
      ? undefined
      : new Neighbours(this.#positions, minimumBandwidth(column.length), memory);
    this.#bandwidths = this.#positions.map((position) => {
      const [from, to] = cellAt(dimension, position);
      return Math.max(neighbours?.bandwidthAt(position) ?? loneBandwidth(position), leastCells * (to - from));
    });
    this.#logScales = this.#bandwidths.map((bandwidth) => Math.log(bandwidth) + logSqrtTwoPi);
    this.#logMasses = this.#positions.map((position, at) => Math.log(massInUnit(position, this.#bandwidths[at]!)));
  }

  draw(kernel: number, next: () => number): number {
    const index = this.#indices[kernel]!;
    return index < 0 ? next() : drawTruncated(this.#positions[index]!, this.#bandwidths[index]!, next);
  }

  priorLogDensity(position: number): number {
    const [from, to] = cellAt(this.#dimension, position);
    return Math.log(to - from);
  }

  addLogDensities(position: number, sums: Float64Array, kernels: Int32Array, count: number, least: number): number {
    const indices = this.#indices;
    const logShares = this.#logSharesAt(position);
    const prior = logShares[logShares.length - 1]!;
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const kernel = kernels[at]!;
      const index = indices[kernel]!;
      const sum = sums[kernel]! + (index < 0 ? prior : logShares[index]!);
      sums[kernel] = sum;
      kernels[kept] = kernel;
      if (sum >= least) kept++;
    }
    return kept;
  }

  #logSharesAt(position: number): Float64Array {
    const known = this.#known.get(position);
    if (known !== undefined) return known;
    const [from, to] = cellAt(this.#dimension, position);
    const middle = (from + to) / 2;
    const logWidth = Math.log(to - from);
    const shares = new Float64Array(this.#positions.length + 1);
    for (let index = 0; index < this.#positions.length; index++) {
      const centre = this.#positions[index]!;
      const precision = 1 / this.#bandwidths[index]!;
      const width = (to - from) * precision;
      const logMass =
        width < narrow
          ? logWidth - this.#logScales[index]! + narrowLogDensity((middle - centre) * precision, width)
          : normalLogMass((from - centre) * precision, (to - centre) * precision);
      shares[index] = logMass - this.#logMasses[index]!;
    }
    shares[shares.length - 1] = logWidth;
    this.#known.set(position, shares);
    return shares;
  }
}
