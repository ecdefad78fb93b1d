import { foldIn, type Key, permutation } from '../../random/index.js';
import { errors } from '../errors.js';
import type { RawColumn } from '../raw-table.js';
import type { SplitName } from '../shared-dataset.js';
import type { Parts } from './parts.js';
import { requestedCount, type SplitPlan } from './plan.js';

/**
 * Divides whole groups: rows with the same value in `column` are in the same split, and those without a value are one group. Groups
 * come in a random order; each split takes them until it is as near to the rows asked for as it gets, and one at least.
 *
 * @throws DATA_SPLIT_EMPTY; DATA_SPLIT_GROUPS if there are too few groups; DATA_SPLIT_ROUNDED if some may have become one
 */
export function groupedSplits(key: Key, rowCount: number, plan: SplitPlan, column: RawColumn): Parts {
  refuseRounded(column);
  const groups = groupsOf(column, rowCount);
  const order = permutation(foldIn(key, 'groups'), groups.length);
  const queue = groups.map((_, position) => groups[order.at(position)]!);
  const { folds, fold = 0 } = plan.rule ?? {};
  const wanted = (folds ?? 2) + (plan.test === 0 ? 0 : 1);
  if (groups.length < wanted) throw tooFew(column, groups.length, wanted);
  const [test, others] = taken(queue, requestedCount('test', plan.test, rowCount), wanted - 1);
  if (folds !== undefined) return dealt(others, test, folds, fold);
  const [validation, train] = taken(others, requestedCount('validation', plan.validation, rowCount), 1);
  return { train: train.flat(), validation, test };
}

function tooFew(column: RawColumn, groups: number, least: number): Error {
  return errors.DATA_SPLIT_GROUPS({ column: column.name, groups, least });
}

function refuseRounded(column: RawColumn): void {
  if (column.kind === 'text') return;
  const row = column.values.findIndex((value) => Number.isInteger(value) && !Number.isSafeInteger(value));
  if (row === -1) return;
  throw errors.DATA_SPLIT_ROUNDED({ column: column.name, row: row + 1, value: String(column.values[row]) });
}

/** Rows of each value, in order of appearance. */
function groupsOf(column: RawColumn, rowCount: number): number[][] {
  const valueByRow = column.kind === 'text' ? column.codes : column.values;
  const groups = new Map<number, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const value = valueByRow[row]!;
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** Rows of the first groups, and the groups that are left: `reserved` of them at least. */
function taken(
  groups: readonly number[][],
  wanted: number,
  reserved: number,
): [rows: number[], left: readonly number[][]] {
  const rows: number[] = [];
  let count = 0;
  while (groups.length - count > reserved && rows.length < wanted) {
    const next = groups[count]!;
    const isFarther = rows.length + next.length - wanted > wanted - rows.length;
    if (rows.length > 0 && isFarther) break;
    for (const row of next) rows.push(row);
    count++;
  }
  return [rows, groups.slice(count)];
}

/** Each group to the fold that has the fewest rows so far, larger groups first. */
function dealt(queue: readonly number[][], test: readonly number[], folds: number, fold: number): Parts {
  const sizes = new Array<number>(folds).fill(0);
  const parts: Record<SplitName, number[]> = { train: [], validation: [], test: [...test] };
  for (const group of [...queue].sort((a, b) => b.length - a.length)) {
    const smallest = sizes.indexOf(Math.min(...sizes));
    sizes[smallest]! += group.length;
    const split = smallest === fold ? parts.validation : parts.train;
    for (const row of group) split.push(row);
  }
  return parts;
}
