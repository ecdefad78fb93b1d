/**
 * fANOVA: Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance", sections 3 and 4,
 * https://proceedings.mlr.press/v32/hutter14.html: the share of a forest's variance over the whole space that one parameter
 * alone explains, averaged over the trees.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | ŷ(x) | a tree's prediction: constant on each leaf's box |
 * | a_U(x_U) | its mean over all parameters but those of U, at x_U: the marginal |
 * | V | variance of ŷ over the space |
 * | V_U | variance of a_U: what U explains alone (for one parameter, F_U = V_U / V) |
 *
 * A choice's items are equally likely. (Optuna takes each column of a one-hot choice for itself, also points where none or
 * several are 1, which takes 2^items evaluations.)
 */
import type { ParameterColumns } from './columns.js';
import type { RegressionTree } from './regression-tree.js';

/** A leaf: its value, and the part of each parameter's range that its box covers. */
interface Leaf {
  readonly value: number;
  /** Share of the space: the product of its shares of all parameters. */
  readonly volume: number;
  readonly parts: readonly Part[];
}

/** Of a number: an interval in [0, 1]. Of an unordered choice: its items. */
type Part =
  | { readonly low: number; readonly high: number }
  | { readonly items: readonly number[]; readonly of: number };

export interface TreeVariance {
  /** V, at least 0. */
  readonly total: number;
  /** V_U of each parameter alone, in the layout's order. */
  readonly single: readonly number[];
}

/** How a tree's variance comes about. */
export function decomposeVariance(tree: RegressionTree, layout: readonly ParameterColumns[]): TreeVariance {
  const leaves = leavesOf(tree, layout);
  const mean = leaves.reduce((sum, { value, volume }) => sum + value * volume, 0);
  const total = leaves.reduce((sum, { value, volume }) => sum + volume * (value - mean) ** 2, 0);
  return { total, single: layout.map((_, at) => marginalVariance(leaves, at, mean)) };
}

/** V_U for one parameter: the mean square of a_U - mean over its cells. */
function marginalVariance(leaves: readonly Leaf[], at: number, mean: number): number {
  let variance = 0;
  for (const { size, value } of marginal(leaves, at)) variance += size * (value - mean) ** 2;
  return variance;
}

/** a_U, constant on each cell of a parameter's range; the sizes sum to 1. */
function marginal(leaves: readonly Leaf[], at: number): { size: number; value: number }[] {
  const ends = cellEnds(leaves, at);
  const indexOf = new Map(ends.map((end, index) => [end, index]));
  const sums = new Float64Array(ends.length - 1);
  for (const { value, volume, parts } of leaves) {
    const part = parts[at]!;
    // what is left of the leaf's volume without this parameter
    const rest = volume / shareOf(part);
    if ('items' in part) for (const item of part.items) sums[item]! += value * rest;
    else for (let cell = indexOf.get(part.low)!; ends[cell]! < part.high; cell++) sums[cell]! += value * rest;
  }
  return Array.from(sums, (value, cell) => ({ size: ends[cell + 1]! - ends[cell]!, value }));
}

/** Where a parameter's cells begin, and 1. */
function cellEnds(leaves: readonly Leaf[], at: number): number[] {
  const first = leaves[0]!.parts[at]!;
  if ('items' in first) return Array.from({ length: first.of + 1 }, (_, item) => item / first.of);
  const ends = new Set([0, 1]);
  for (const { parts } of leaves) ends.add((parts[at] as { high: number }).high);
  return [...ends].sort((a, b) => a - b);
}

function leavesOf(tree: RegressionTree, layout: readonly ParameterColumns[]): Leaf[] {
  const parameterOf = layout.flatMap(({ count }, at) => Array<number>(count).fill(at));
  const whole = layout.map(({ count }): Part => {
    return count === 1 ? { low: 0, high: 1 } : { items: Array.from({ length: count }, (_, item) => item), of: count };
  });
  const leaves: Leaf[] = [];
  const pending = [{ node: 0, parts: whole as readonly Part[] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parts } = next;
    const column = tree.column[node]!;
    if (column < 0) {
      leaves.push({
        value: tree.value[node]!,
        volume: parts.reduce((product, part) => product * shareOf(part), 1),
        parts,
      });
      continue;
    }
    const at = parameterOf[column]!;
    const [left, right] = cut(parts[at]!, column - layout[at]!.from, tree.threshold[node]!);
    pending.push({ node: tree.left[node]!, parts: parts.with(at, left) });
    pending.push({ node: tree.right[node]!, parts: parts.with(at, right) });
  }
  return leaves;
}

function cut(part: Part, item: number, threshold: number): [left: Part, right: Part] {
  if (!('items' in part))
    return [
      { ...part, high: threshold },
      { ...part, low: threshold },
    ];
  // a column is 0 for every item but its own
  return [
    { ...part, items: part.items.filter((one) => one !== item) },
    { ...part, items: [item] },
  ];
}

function shareOf(part: Part): number {
  return 'items' in part ? part.items.length / part.of : part.high - part.low;
}
