/**
 * Shapley values of a regression tree's prediction, exactly and in polynomial time: path-dependent TreeSHAP, Lundberg, Erion and Lee
 * 2018, "Consistent individualized feature attribution for tree ensembles", algorithm 2, https://arxiv.org/abs/1802.03888.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | φ_i | what column i adds to the prediction, averaged over all orders in which columns become known |
 * | m | the path from the root: its unique columns, each with |
 * | z | the share of rows that go this way when the column is not known |
 * | o | 1 if the row goes this way, else 0 |
 * | w | the weight of paths with as many known columns as its position |
 *
 * They sum to the prediction less the mean prediction.
 */
import { maxDepth, type RegressionTree } from './regression-tree.js';

/**
 * Adds φ of every column for one row to `phi`.
 *
 * @param row [columns]
 * @param phi [columns]
 */
export function addShapleyValues(tree: RegressionTree, row: Float64Array, phi: Float64Array): void {
  new Explainer(tree, row, phi).descend(0, 0, 0, 1, 1, -1);
}

/** The mean prediction over the rows that the tree was grown from. */
export function meanPrediction({ value }: RegressionTree): number {
  return value[0]!;
}

/** Paths lie one after another in common arrays, since a path object for each node takes ten times as long. */
class Explainer {
  readonly #column: Int32Array;
  readonly #z: Float64Array;
  readonly #o: Float64Array;
  readonly #w: Float64Array;

  constructor(
    readonly tree: RegressionTree,
    readonly row: Float64Array,
    readonly phi: Float64Array,
  ) {
    // each level's path is at most one step longer than that above, and no longer than there are columns
    const size = (maxDepth + 2) * (row.length + 2);
    this.#column = new Int32Array(size);
    this.#z = new Float64Array(size);
    this.#o = new Float64Array(size);
    this.#w = new Float64Array(size);
  }

  /** RECURSE of the paper; the path so far is the `count` steps from `before` on. */
  descend(node: number, before: number, count: number, z: number, o: number, split: number): void {
    const { tree } = this;
    const from = before + count;
    let length = this.#extend(before, from, count, z, o, split);
    const column = tree.column[node]!;
    if (column < 0) {
      for (let at = 1; at < length; at++) {
        const step = from + at;
        const share = this.#unwoundSum(from, length, at) * (this.#o[step]! - this.#z[step]!);
        this.phi[this.#column[step]!]! += share * tree.value[node]!;
      }
      return;
    }
    const goesLeft = this.row[column]! <= tree.threshold[node]!;
    const hot = goesLeft ? tree.left[node]! : tree.right[node]!;
    const cold = goesLeft ? tree.right[node]! : tree.left[node]!;
    let [hereZ, hereO] = [1, 1];
    const known = this.#indexOf(column, from, length);
    if (known > 0) {
      [hereZ, hereO] = [this.#z[from + known]!, this.#o[from + known]!];
      length = this.#unwind(from, length, known);
    }
    const weight = tree.weight[node]!;
    this.descend(hot, from, length, (hereZ * tree.weight[hot]!) / weight, hereO, column);
    this.descend(cold, from, length, (hereZ * tree.weight[cold]!) / weight, 0, column);
  }

  /** EXTEND, of a copy of the path; returns its length. */
  #extend(before: number, from: number, count: number, z: number, o: number, column: number): number {
    for (const steps of [this.#column, this.#z, this.#o, this.#w]) steps.copyWithin(from, before, before + count);
    const w = this.#w;
    const last = from + count;
    this.#column[last] = column;
    this.#z[last] = z;
    this.#o[last] = o;
    w[last] = count === 0 ? 1 : 0;
    for (let at = count - 1; at >= 0; at--) {
      w[from + at + 1]! += (o * w[from + at]! * (at + 1)) / (count + 1);
      w[from + at] = (z * w[from + at]! * (count - at)) / (count + 1);
    }
    return count + 1;
  }

  /** The place of a column in the path; 0, where the root stands, if it is not there. */
  #indexOf(column: number, from: number, length: number): number {
    for (let at = 1; at < length; at++) if (this.#column[from + at] === column) return at;
    return 0;
  }

  /** UNWIND: takes the step `known` out, as if it had never been; returns the path's length. */
  #unwind(from: number, length: number, known: number): number {
    const last = length - 1;
    const w = this.#w;
    const [z, o] = [this.#z[from + known]!, this.#o[from + known]!];
    let next = w[from + last]!;
    for (let at = last - 1; at >= 0; at--) {
      const own = w[from + at]!;
      w[from + at] = o !== 0 ? (next * length) / ((at + 1) * o) : (own * length) / (z * (last - at));
      if (o !== 0) next = own - (w[from + at]! * z * (last - at)) / length;
    }
    for (const steps of [this.#column, this.#z, this.#o])
      steps.copyWithin(from + known, from + known + 1, from + length);
    return last;
  }

  /** The sum of the weights that UNWIND would leave. */
  #unwoundSum(from: number, length: number, known: number): number {
    const last = length - 1;
    const w = this.#w;
    const [z, o] = [this.#z[from + known]!, this.#o[from + known]!];
    let [next, sum] = [w[from + last]!, 0];
    for (let at = last - 1; at >= 0; at--) {
      if (o !== 0) {
        const own = (next * length) / ((at + 1) * o);
        sum += own;
        next = w[from + at]! - (own * z * (last - at)) / length;
      } else sum += (w[from + at]! * length) / (z * (last - at));
    }
    return sum;
  }
}
