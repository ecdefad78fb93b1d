import type { RawColumn, RawNumberColumn } from '../raw-table.js';
import type { EncodedTarget } from '../target.js';
import { midRanks } from './mid-ranks.js';

/** Rows that are looked at; of more, every k-th. */
const rowLimit = 100_000;

/** Groups that a column's numbers are put into, each of as many rows, and at least ten. */
const binLimit = 64;

/** Rows that a group must have, for what it says to be no chance. */
const groupRows = 5;

/** Rows from which it is no chance that two columns have the same order. */
const orderRows = 10;

/** How well a column alone predicts the target, from 0 (no better than without it) to 1 (always). */
export interface Predictiveness {
  readonly share: number;
  /** What the share is of: the errors of always guessing the most frequent class, or the variance of the target's values or of their ranks. */
  readonly of: 'errors' | 'values' | 'ranks';
}

/**
 * Gives the function that says how well a column predicts this target: for classes the share of errors that guessing each group's most
 * frequent class avoids, for numbers the share of variance between groups (R²). Groups
 * are a text's cells, or equally many neighbouring numbers; missing cells are a group of their own. Groups of fewer
 * than five rows count as not predicted, so that a column of many values does not predict by chance.
 *
 * Beside this, for numbers: of a classification, runs of neighbouring numbers that all have one class are groups, too, so that a class that is
 * rarer than a group of equally many rows is seen. Of a regression, what is explained of the target's ranks counts as well, and the square of
 * Spearman's correlation: the largest few of a skewed target have most of its variance, and lie in one group.
 */
export function predictivenessFor(target: EncodedTarget): (column: RawColumn) => Predictiveness {
  const step = Math.max(1, Math.ceil(target.rows.length / rowLimit));
  const picked = Int32Array.from({ length: Math.ceil(target.rows.length / step) }, (_, i) => i * step);
  const rows = picked.map((i) => target.rows[i]!);
  if (target.kind === 'class') {
    const classes = picked.map((i) => target.codes[i]!);
    return (column) => {
      const byGroup = errorsAvoided(groupsOf(column, rows), classes);
      if (column.kind === 'text') return { share: byGroup, of: 'errors' };
      return { share: Math.max(byGroup, errorsAvoided(runsOf(column, rows, classes), classes)), of: 'errors' };
    };
  }
  const values = Float64Array.from(picked, (i) => target.values[i]!);
  const ranks = midRanks(values);
  return (column) => {
    const groups = groupsOf(column, rows);
    const ofValues = varianceExplained(groups, values);
    const ofRanks = Math.max(
      varianceExplained(groups, ranks),
      column.kind === 'text' ? 0 : sameOrder(column, rows, ranks),
    );
    return ofValues >= ofRanks ? { share: ofValues, of: 'values' } : { share: ofRanks, of: 'ranks' };
  };
}

/** A group for each row, from 0. */
function groupsOf(column: RawColumn, rows: Int32Array): Int32Array {
  if (column.kind === 'text') return rows.map((row) => column.codes[row]! + 1);
  const { values } = column;
  const sorted = Float64Array.from(rows, (row) => values[row]!).sort();
  let known = sorted.length;
  while (known > 0 && Number.isNaN(sorted[known - 1])) known--;
  const bins = Math.min(binLimit, Math.floor(known / 10));
  const edges = [
    ...new Set(Array.from({ length: Math.max(0, bins - 1) }, (_, i) => sorted[Math.floor(((i + 1) * known) / bins)]!)),
  ];
  return rows.map((row) => (Number.isNaN(values[row]) ? 0 : 1 + above(edges, values[row]!)));
}

/** How many of the edges, ascending, are at most `value`. */
function above(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Groups of neighbouring numbers that have one class; a number that has several is a group of its own, and missing ones are. */
function runsOf({ values }: RawNumberColumn, rows: Int32Array, classes: Int32Array): Int32Array {
  // missing ones come last
  const at = (i: number) => values[rows[i]!]!;
  const order = Int32Array.from(rows, (_, i) => i).sort((a, b) => compared(at(a), at(b)));
  const groups = new Int32Array(rows.length);
  let group = 0;
  /** Of the group so far: `mixed` where there are several. */
  const mixed = -1;
  let groupClass = mixed;
  for (let start = 0, end = 0; start < order.length; start = end) {
    const value = at(order[start]!);
    let own = classes[order[start]!]!;
    while (end < order.length && (at(order[end]!) === value || Number.isNaN(value))) {
      if (classes[order[end]!] !== own) own = mixed;
      end++;
    }
    if (own !== groupClass || own === mixed || Number.isNaN(value)) group++;
    groupClass = own;
    for (let i = start; i < end; i++) groups[order[i]!] = group;
  }
  return groups;
}

function compared(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}

function errorsAvoided(groups: Int32Array, classes: Int32Array): number {
  const byGroup = new Map<number, Map<number, number>>();
  const overall = new Map<number, number>();
  groups.forEach((group, i) => {
    const counts = byGroup.get(group) ?? new Map<number, number>();
    byGroup.set(group, counts);
    const code = classes[i]!;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    overall.set(code, (overall.get(code) ?? 0) + 1);
  });
  const most = Math.max(...overall.values());
  const common = [...overall].find(([, count]) => count === most)![0];
  let right = 0;
  for (const counts of byGroup.values()) {
    const size = [...counts.values()].reduce((sum, count) => sum + count, 0);
    right += size < groupRows ? (counts.get(common) ?? 0) : Math.max(...counts.values());
  }
  const total = groups.length;
  return most === total ? 0 : (right - most) / (total - most);
}

function varianceExplained(groups: Int32Array, values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const size = groups.reduce((most, group) => Math.max(most, group), 0) + 1;
  const [sums, counts] = [new Float64Array(size), new Int32Array(size)];
  let total = 0;
  for (let i = 0; i < groups.length; i++) {
    const difference = values[i]! - mean;
    sums[groups[i]!]! += difference;
    counts[groups[i]!]!++;
    total += difference ** 2;
  }
  let between = 0;
  for (let group = 0; group < size; group++) {
    if (counts[group]! >= groupRows) between += sums[group]! ** 2 / counts[group]!;
  }
  return total === 0 ? 0 : between / total;
}

/**
 * The square of the correlation of two columns' ranks (C. Spearman, "The proof and measurement of association between two things", 1904), times
 * the share of rows in which the column is known; 0 where there are fewer than ten of them.
 */
function sameOrder({ values }: RawNumberColumn, rows: Int32Array, targetRanks: Float64Array): number {
  const known = Int32Array.from(rows.keys()).filter((i) => !Number.isNaN(values[rows[i]!]));
  if (known.length < orderRows) return 0;
  const own = midRanks(Float64Array.from(known, (i) => values[rows[i]!]!));
  const others =
    known.length === rows.length ? targetRanks : midRanks(Float64Array.from(known, (i) => targetRanks[i]!));
  const middle = (known.length - 1) / 2;
  let [product, ownSquares, otherSquares] = [0, 0, 0];
  for (let i = 0; i < known.length; i++) {
    const [a, b] = [own[i]! - middle, others[i]! - middle];
    product += a * b;
    ownSquares += a * a;
    otherSquares += b * b;
  }
  const squares = ownSquares * otherSquares;
  return squares === 0 ? 0 : (product ** 2 / squares) * (known.length / rows.length);
}
