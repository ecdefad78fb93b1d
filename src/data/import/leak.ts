import type { RawColumn, RawNumberColumn } from '../raw-table.js';
import type { EncodedTarget } from '../target.js';
import { midRanks } from './mid-ranks.js';

/** Rows that are looked at; of more, every k-th. */
const rowLimit = 100_000;

/** Groups that a column's numbers are put into, each of as many rows, and at least so many. */
const binLimit = 64;
const binRows = 10;

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
 * rarer than a group of equally many rows is seen. Of a regression, what is explained of the target's ranks counts as well, and in small tables the square of
 * Spearman's correlation: the largest few of a skewed target have most of its variance, and lie in one group.
 */
export function predictivenessFor(target: EncodedTarget): (column: RawColumn) => Predictiveness {
  const rows = everyKth(target.rows);
  // the functions that are returned keep these rows, and not the whole target
  return target.kind === 'class'
    ? predictsClasses(rows, everyKth(target.codes))
    : predictsNumbers(rows, Float64Array.from(everyKth(target.values)));
}

/** As many values of a target as are looked at. */
function everyKth<A extends Int32Array | Float32Array>(values: A): A {
  const step = Math.max(1, Math.ceil(values.length / rowLimit));
  return values.filter((_, i) => i % step === 0) as A;
}

function predictsClasses(rows: Int32Array, classes: Int32Array): (column: RawColumn) => Predictiveness {
  return (column) => {
    const share = errorsAvoided(groupsOf(column, rows), classes);
    if (column.kind === 'text') return { share, of: 'errors' };
    return { share: Math.max(share, errorsAvoided(runsOf(column, rows, classes), classes)), of: 'errors' };
  };
}

function predictsNumbers(rows: Int32Array, values: Float64Array): (column: RawColumn) => Predictiveness {
  const ranks = midRanks(values);
  return (column) => {
    const groups = groupsOf(column, rows);
    const ofValues = varianceExplained(groups, values);
    const byGroup = varianceExplained(groups, ranks);
    // with as many groups as there may be, the same order is seen in them, too
    const isSmall = column.kind === 'number' && rows.length < binLimit * binRows;
    const ofRanks = isSmall ? Math.max(byGroup, sameOrder(column, rows, ranks)) : byGroup;
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
  const bins = Math.min(binLimit, Math.floor(known / binRows));
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

/**
 * Groups of neighbouring numbers that have one class; a number that has several is a group of its own, and missing ones are.
 */
function runsOf({ values }: RawNumberColumn, rows: Int32Array, classes: Int32Array): Int32Array {
  /** Stands for several classes. */
  const mixed = -1;
  const classOf = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    const known = Number.isNaN(value) ? mixed : classOf.get(value);
    if (known === undefined) classOf.set(value, classes[i]!);
    else if (known !== mixed && known !== classes[i]) classOf.set(value, mixed);
  }
  const groupOf = new Map<number, number>();
  let group = 0;
  let last = mixed;
  for (const value of Float64Array.from(classOf.keys()).sort()) {
    const own = classOf.get(value)!;
    if (own === mixed || own !== last) group++;
    last = own;
    groupOf.set(value, group);
  }
  return rows.map((row) => groupOf.get(values[row]!) ?? 0);
}

/** Rows of each group from `starts[group]` on, and the end of the last one. */
function rowsByGroup(groups: Int32Array): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(mostOf(groups) + 2);
  for (const group of groups) starts[group + 1]!++;
  for (let group = 1; group < starts.length; group++) starts[group]! += starts[group - 1]!;
  const next = starts.slice();
  const order = new Int32Array(groups.length);
  for (let i = 0; i < groups.length; i++) order[next[groups[i]!]!++] = i;
  return { order, starts };
}

function mostOf(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function errorsAvoided(groups: Int32Array, classes: Int32Array): number {
  const counts = new Int32Array(mostOf(classes) + 1);
  for (const code of classes) counts[code]!++;
  const most = mostOf(counts);
  const common = counts.indexOf(most);
  counts.fill(0);
  const { order, starts } = rowsByGroup(groups);
  let right = 0;
  for (let group = 0; group + 1 < starts.length; group++) {
    const [start, end] = [starts[group]!, starts[group + 1]!];
    let largest = 0;
    for (let i = start; i < end; i++) largest = Math.max(largest, ++counts[classes[order[i]!]!]!);
    right += end - start < groupRows ? counts[common]! : largest;
    for (let i = start; i < end; i++) counts[classes[order[i]!]!] = 0;
  }
  const total = groups.length;
  return most === total ? 0 : (right - most) / (total - most);
}

function varianceExplained(groups: Int32Array, values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const size = mostOf(groups) + 1;
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
