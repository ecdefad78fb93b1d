import { foldIn, type Key, permutation } from '../../random/index.js';
import { errors } from '../errors.js';

/** Class of each row, as indices into `names`. */
export interface RowClasses {
  readonly codes: Int32Array;
  readonly names: readonly string[];
}

/** Rows that are divided in one proportion: those of each class, or all of them. */
export function strataOf(rowCount: number, classes: RowClasses | undefined): Int32Array[] {
  if (classes !== undefined) return rowsByClass(rowCount, classes);
  return [Int32Array.from({ length: rowCount }, (_, row) => row)];
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

/** The rows of each stratum in a random order. */
export function shuffledStrata(key: Key, strata: readonly Int32Array[]): number[][] {
  return strata.map((rows, stratum) => {
    const order = permutation(foldIn(key, 'stratum', stratum), rows.length);
    return Array.from(rows, (_, position) => rows[order.at(position)]!);
  });
}

/**
 * Divides `total` among strata in proportion to their sizes by largest remainder (Hamilton's method; ties to the lower
 * stratum), no stratum giving more than its `room`. `undefined` when there is not room enough.
 */
export function shares(total: number, strata: readonly Int32Array[], room: readonly number[]): number[] | undefined {
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
