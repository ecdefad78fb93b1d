import type { RawColumn } from '../raw-table.js';
import type { EncodedTarget } from '../target.js';

/** Rows that are looked at; of more, every k-th. */
const rowLimit = 100_000;

/** Groups that a column's numbers are put into, each of as many rows. */
const binLimit = 64;

/** Rows that a group must have, for what it says to be no chance. */
const groupRows = 5;

/**
 * How well a column alone predicts the target, from 0 (no better than without it) to 1 (always): for classes
 * the share of errors that guessing each group's most frequent class avoids, for numbers the share of variance between groups (R²). Groups
 * are a text's cells, or equally many neighbouring numbers; missing cells are a group of their own. Groups of fewer
 * than five rows count as not predicted, so that a column of many values does not predict by chance.
 */
export function predictiveness(column: RawColumn, target: EncodedTarget): number {
  const step = Math.max(1, Math.ceil(target.rows.length / rowLimit));
  const picked = Int32Array.from({ length: Math.ceil(target.rows.length / step) }, (_, i) => i * step);
  const groups = groupsOf(
    column,
    picked.map((i) => target.rows[i]!),
  );
  return target.kind === 'class'
    ? errorsAvoided(
        groups,
        picked.map((i) => target.codes[i]!),
      )
    : varianceExplained(
        groups,
        Float64Array.from(picked, (i) => target.values[i]!),
      );
}

/** A group for each row, from 0. */
function groupsOf(column: RawColumn, rows: Int32Array): Int32Array {
  if (column.kind === 'text') return rows.map((row) => column.codes[row]! + 2);
  const { values } = column;
  const sorted = Float64Array.from(rows, (row) => values[row]!).sort();
  let known = sorted.length;
  while (known > 0 && Number.isNaN(sorted[known - 1])) known--;
  const edges = [
    ...new Set(Array.from({ length: binLimit - 1 }, (_, i) => sorted[Math.floor(((i + 1) * known) / binLimit)]!)),
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
  const sums = new Map<number, { sum: number; count: number }>();
  let total = 0;
  groups.forEach((group, i) => {
    const one = sums.get(group) ?? { sum: 0, count: 0 };
    one.sum += values[i]! - mean;
    one.count++;
    sums.set(group, one);
    total += (values[i]! - mean) ** 2;
  });
  let between = 0;
  for (const { sum, count } of sums.values()) if (count >= groupRows) between += sum ** 2 / count;
  return total === 0 ? 0 : between / total;
}
