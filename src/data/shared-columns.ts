import { columnView, type SharedColumn, type SharedDataset, type SplitRange, splitView } from './shared-dataset.js';
import { aligned, allocateShared } from './shared-memory.js';

/**
 * Data sets that differ in their splits alone, with one copy of their columns: as many as `count`, that `load` gives one after another. Where columns
 * differ as well (encoders that are fitted to other rows), they are kept as they are.
 */
export async function sharedColumns(
  count: number,
  load: (index: number) => Promise<SharedDataset>,
): Promise<readonly SharedDataset[]> {
  const first = await load(0);
  const all = [first];
  // one after another, so that no more than two copies are in memory at a time
  for (let index = 1; index < count; index++) all.push(withColumnsOf(first, await load(index)));
  return all;
}

/** The data set on the columns of another, if they are the same; its splits then have memory of their own. */
function withColumnsOf(first: SharedDataset, other: SharedDataset): SharedDataset {
  if (!hasSameColumns(first, other)) return other;
  const { train, validation, test } = other.splits;
  const ranges = [train, validation, ...(test === undefined ? [] : [test])];
  const bytes = ranges.reduce((sum, { count }) => sum + aligned(count * Int32Array.BYTES_PER_ELEMENT), 0);
  const splitBuffer = allocateShared(bytes);
  let end = 0;
  const moved = (split: 'train' | 'validation' | 'test'): SplitRange => {
    const rows = splitView(other, split);
    const byteOffset = end;
    new Int32Array(splitBuffer, byteOffset, rows.length).set(rows);
    end = aligned(end + rows.byteLength);
    return { byteOffset, count: rows.length };
  };
  const required = { train: moved('train'), validation: moved('validation') };
  const splits = test === undefined ? required : { ...required, test: moved('test') };
  return { ...other, buffer: first.buffer, columns: first.columns, splitBuffer, splits };
}

function hasSameColumns(one: SharedDataset, other: SharedDataset): boolean {
  const shapeOf = ({ name, type, rowShape }: SharedColumn) => JSON.stringify([name, type, rowShape]);
  if (one.rowCount !== other.rowCount || one.columns.length !== other.columns.length) return false;
  return one.columns.every((column, i) => {
    if (shapeOf(column) !== shapeOf(other.columns[i]!)) return false;
    const bytesOf = (dataset: SharedDataset) => {
      const { buffer, byteOffset, byteLength } = columnView(dataset, column.name);
      return Buffer.from(buffer as SharedArrayBuffer, byteOffset, byteLength);
    };
    return bytesOf(one).equals(bytesOf(other));
  });
}
