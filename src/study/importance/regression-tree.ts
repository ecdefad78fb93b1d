/**
 * A regression tree: Breiman, Friedman, Olshen and Stone 1984, "Classification and regression trees", chapter 8, grown until its
 * leaves are pure, as scikit-learn's `DecisionTreeRegressor` does by default.
 *
 * A split takes the column and the threshold that leave the least squared error; a threshold lies half-way between two values. Of
 * equally good columns, the first in a random order is taken.
 */

/** Nodes by index; 0 is the root, and children come after their parent. */
export interface RegressionTree {
  /** The column that a node splits; -1: it is a leaf. */
  readonly column: Int32Array;
  /** Rows at or below it go left. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Mean of the node's rows. */
  readonly value: Float64Array;
  /** How many rows of the sample came to the node, repeated ones counted again. */
  readonly weight: Float64Array;
  readonly nodeCount: number;
}

/** What a tree is grown from. */
export interface TreeData {
  /** [columns, rows] */
  readonly columns: readonly Float64Array[];
  /** Rows by rising value of each column. */
  readonly orders: readonly Uint32Array[];
  readonly targets: Float64Array;
}

/** Of the leaves, as in Optuna. */
export const maxDepth = 64;
/** Values nearer than this are taken as equal, as in scikit-learn. */
const leastDifference = 1e-7;
/** A node whose variance is at most this is pure, as in scikit-learn. */
const pure = Number.EPSILON;

/** The rows' orders that trees of one data set share. */
export function sortRows(columns: readonly Float64Array[]): Uint32Array[] {
  return columns.map((column) => Uint32Array.from(column.keys()).sort((a, b) => column[a]! - column[b]! || a - b));
}

/**
 * @param weights how often each row counts: integers from 0, one at least above
 * @param next draws in [0, 1) that break ties between columns
 */
export function growTree(data: TreeData, weights: Uint32Array, next: () => number): RegressionTree {
  return new Grower(data, weights, next).grow();
}

interface Split {
  readonly column: number;
  readonly threshold: number;
}

class Grower {
  readonly #columns: number[] = [];
  readonly #thresholds: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #values: number[] = [];
  readonly #nodeWeights: number[] = [];
  /** Rows of the sample by rising value of each column; a node owns the same stretch of each. */
  readonly #orders: readonly Uint32Array[];
  readonly #goesLeft: Uint8Array;
  readonly #moved: Uint32Array;

  constructor(
    readonly data: TreeData,
    readonly weights: Uint32Array,
    readonly next: () => number,
  ) {
    this.#orders = data.orders.map((order) => order.filter((row) => weights[row]! > 0));
    this.#goesLeft = new Uint8Array(weights.length);
    this.#moved = new Uint32Array(weights.length);
  }

  grow(): RegressionTree {
    const rowCount = this.#orders[0]?.length ?? 0;
    const pending = [{ from: 0, to: rowCount, depth: 0, node: this.#addNode(0, rowCount) }];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const { from, to, depth, node } = at;
      const split =
        depth < maxDepth && this.#variance(from, to, this.#values[node]!) > pure ? this.#best(from, to) : null;
      if (split === null) continue;
      const middle = this.#partition(from, to, split);
      this.#columns[node] = split.column;
      this.#thresholds[node] = split.threshold;
      this.#left[node] = this.#addNode(from, middle);
      this.#right[node] = this.#addNode(middle, to);
      pending.push({ from, to: middle, depth: depth + 1, node: this.#left[node]! });
      pending.push({ from: middle, to, depth: depth + 1, node: this.#right[node]! });
    }
    return this.#finish();
  }

  #addNode(from: number, to: number): number {
    let [weight, sum] = [0, 0];
    for (let at = from; at < to; at++) {
      const row = this.#orders[0]![at]!;
      weight += this.weights[row]!;
      sum += this.weights[row]! * this.data.targets[row]!;
    }
    this.#columns.push(-1);
    this.#thresholds.push(Number.NaN);
    this.#left.push(-1);
    this.#right.push(-1);
    this.#nodeWeights.push(weight);
    return this.#values.push(sum / weight) - 1;
  }

  #variance(from: number, to: number, mean: number): number {
    let [weight, sum] = [0, 0];
    for (let at = from; at < to; at++) {
      const row = this.#orders[0]![at]!;
      weight += this.weights[row]!;
      sum += this.weights[row]! * (this.data.targets[row]! - mean) ** 2;
    }
    return sum / weight;
  }

  /** `null`: the rows differ in no column. */
  #best(from: number, to: number): Split | null {
    let best: Split | null = null;
    let bestGain = Number.NEGATIVE_INFINITY;
    const count = this.#orders.length;
    // a random first column and direction: cheaper than a shuffle, and no column is favoured
    const [start, direction] = [Math.floor(this.next() * count), this.next() < 0.5 ? 1 : count - 1];
    for (let turn = 0; turn < count; turn++) {
      const column = (start + turn * direction) % count;
      const found = this.#bestOf(column, from, to, bestGain);
      if (found === null) continue;
      bestGain = found.gain;
      best = { column, threshold: found.threshold };
    }
    return best;
  }

  /** The best split of one column, if it is better than `least`. What is maximised is the squared error that it takes away. */
  #bestOf(column: number, from: number, to: number, least: number): { gain: number; threshold: number } | null {
    const [order, values, { targets }, weights] = [
      this.#orders[column]!,
      this.data.columns[column]!,
      this.data,
      this.weights,
    ];
    let [totalWeight, totalSum] = [0, 0];
    for (let at = from; at < to; at++) {
      totalWeight += weights[order[at]!]!;
      totalSum += weights[order[at]!]! * targets[order[at]!]!;
    }
    let [weight, sum, gain, threshold] = [0, 0, least, Number.NaN];
    for (let at = from; at < to - 1; at++) {
      const row = order[at]!;
      weight += weights[row]!;
      sum += weights[row]! * targets[row]!;
      const [value, following] = [values[row]!, values[order[at + 1]!]!];
      if (following <= value + leastDifference) continue;
      const own = (sum * sum) / weight + (totalSum - sum) ** 2 / (totalWeight - weight);
      if (own <= gain) continue;
      gain = own;
      threshold = (value + following) / 2;
    }
    return Number.isNaN(threshold) ? null : { gain, threshold };
  }

  /** Moves the rows that go left to the front of the stretch, in every order; returns where the others begin. */
  #partition(from: number, to: number, { column, threshold }: Split): number {
    const values = this.data.columns[column]!;
    for (let at = from; at < to; at++) {
      const row = this.#orders[column]![at]!;
      this.#goesLeft[row] = values[row]! <= threshold ? 1 : 0;
    }
    let middle = from;
    for (const order of this.#orders) {
      let movedCount = 0;
      middle = from;
      for (let at = from; at < to; at++) {
        const row = order[at]!;
        if (this.#goesLeft[row] === 1) order[middle++] = row;
        else this.#moved[movedCount++] = row;
      }
      order.set(this.#moved.subarray(0, movedCount), middle);
    }
    return middle;
  }

  #finish(): RegressionTree {
    return {
      column: Int32Array.from(this.#columns),
      threshold: Float64Array.from(this.#thresholds),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      value: Float64Array.from(this.#values),
      weight: Float64Array.from(this.#nodeWeights),
      nodeCount: this.#columns.length,
    };
  }
}
