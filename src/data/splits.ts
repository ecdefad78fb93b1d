import { foldIn, type Key, permutation, seedKey } from '../random/index.js';
import { errors } from './errors.js';
import type { SplitRows } from './shared-layout.js';

/** How rows are divided. What is neither validation nor test is for training. */
export interface SplitSizes {
  /** A fraction of the rows (0 < f < 1, rounded to the nearest count) or a count (1 or more). */
  readonly validation: number;
  /** The same, or 0 for no test split. */
  readonly test: number;
  /** Of the division; it belongs to the data set, not to a study, so that studies compare. 0 to 2^53 - 1. */
  readonly seed: number;
}

/** A fifth of the rows for validation, none for test, seed 0. */
export const defaultSplitSizes: SplitSizes = { validation: 0.2, test: 0, seed: 0 };

/** Class of each row, as indices into `names`. */
export interface RowClasses {
  readonly codes: Int32Array;
  readonly names: readonly string[];
}

/**
 * Divides rows 0 to `rowCount` - 1 at random, keyed by the seed alone. With classes the division is stratified: each
 * class gives its share of every split, to the row (largest remainder; ties to the lower class), and keeps at least one
 * training row. Each split is in ascending order.
 *
 * @throws DATA_SPLIT_EMPTY if a split would have no row, DATA_CLASS_TOO_SMALL if a class has one row only,
 * DATA_SPLIT_TOO_LARGE if too few rows would be left for training.
 */
export function splitRows(rowCount: number, sizes: SplitSizes, classes?: RowClasses): SplitRows {
  const validation = requestedCount('validation', sizes.validation, rowCount);
  const test = sizes.test === 0 ? 0 : requestedCount('test', sizes.test, rowCount);
  const strata = classes === undefined ? [everyRow(rowCount)] : rowsByClass(rowCount, classes);
  const room = strata.map((rows) => rows.length - 1);
  const tooLarge = () =>
    errors.DATA_SPLIT_TOO_LARGE({
      validation,
      test,
      rows: rowCount,
      reserved: classes === undefined ? 1 : room.length,
    });
  const validationShares = shares(validation, strata, room) ?? raise(tooLarge());
  const roomForTest = room.map((rows, stratum) => rows - validationShares[stratum]!);
  const testShares = shares(test, strata, roomForTest) ?? raise(tooLarge());
  const key = foldIn(seedKey(sizes.seed), 'split');
  return divide(key, strata, validationShares, testShares);
}

function raise(error: Error): never {
  throw error;
}

function requestedCount(split: string, requested: number, rows: number): number {
  const count = requested < 1 ? Math.round(requested * rows) : requested;
  // The negation also refuses NaN.
  if (!(count >= 1)) throw errors.DATA_SPLIT_EMPTY({ split, requested, rows });
  return count;
}

function everyRow(rowCount: number): Int32Array {
  return Int32Array.from({ length: rowCount }, (_, row) => row);
}

/** The rows of each class, ascending; classes that have no row at all are left out. */
function rowsByClass(rowCount: number, { codes, names }: RowClasses): Int32Array[] {
  const counts = new Array<number>(names.length).fill(0);
  for (let row = 0; row < rowCount; row++) counts[codes[row]!]!++;
  const lonely = counts.indexOf(1);
  if (lonely !== -1) throw errors.DATA_CLASS_TOO_SMALL({ name: names[lonely]!, count: 1 });
  const members = counts.map((count) => new Int32Array(count));
  const filled = new Array<number>(names.length).fill(0);
  for (let row = 0; row < rowCount; row++) {
    const code = codes[row]!;
    members[code]![filled[code]!++] = row;
  }
  return members.filter((rows) => rows.length > 0);
}

/**
 * Divides `total` among strata in proportion to their sizes by largest remainder (Hamilton's method), no stratum giving
 * more than its `room`. `undefined` when there is not room enough.
 */
function shares(total: number, strata: readonly Int32Array[], room: readonly number[]): number[] | undefined {
  const rows = strata.reduce((sum, stratum) => sum + stratum.length, 0);
  const result = strata.map((stratum, i) => Math.min(room[i]!, Math.floor((total * stratum.length) / rows)));
  const remainder = (i: number) => (total * strata[i]!.length) % rows;
  const order = strata.map((_, i) => i).sort((a, b) => remainder(b) - remainder(a) || a - b);
  let left = total - result.reduce((sum, share) => sum + share, 0);
  if (left > room.reduce((sum, most, i) => sum + most - result[i]!, 0)) return undefined;
  // One each in order of remainder; more than one round only where small classes had no room.
  while (left > 0) {
    for (const i of order) {
      if (left > 0 && result[i]! < room[i]!) {
        result[i]!++;
        left--;
      }
    }
  }
  return result;
}

function divide(
  key: Key,
  strata: readonly Int32Array[],
  validationShares: readonly number[],
  testShares: readonly number[],
): SplitRows {
  const parts = { train: [] as number[][], validation: [] as number[][], test: [] as number[][] };
  strata.forEach((rows, stratum) => {
    const order = permutation(foldIn(key, 'stratum', stratum), rows.length);
    const shuffled = Array.from(rows, (_, position) => rows[order.at(position)]!);
    const validationEnd = validationShares[stratum]!;
    const testEnd = validationEnd + testShares[stratum]!;
    parts.validation.push(shuffled.slice(0, validationEnd));
    parts.test.push(shuffled.slice(validationEnd, testEnd));
    parts.train.push(shuffled.slice(testEnd));
  });
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map((part) =>
    Int32Array.from(part.flat()).sort(),
  );
  return test!.length === 0
    ? { train: train!, validation: validation! }
    : { train: train!, validation: validation!, test: test! };
}
