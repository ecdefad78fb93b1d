import { datasetDigest } from './digest.js';
import {
  type ColumnView,
  columnArrays,
  columnView,
  rowSize,
  type SharedColumn,
  type SharedDataset,
  type SplitRange,
  splitEntries,
  splitView,
} from './shared-dataset.js';
import { aligned, allocateShared } from './shared-memory.js';

/** What a data set is made of; values of `columns` are written by `fill`, straight into shared memory. */
export interface DatasetParts extends Omit<SharedDataset, 'buffer' | 'columns' | 'splits' | 'digest'> {
  readonly columns: readonly (Omit<SharedColumn, 'byteOffset'> & {
    /** Writes all `rowCount` rows; the view is zeroed. */
    readonly fill: (view: ColumnView) => void;
  })[];
  readonly splits: SplitRows;
}

/** Row numbers of each split: disjoint, each ascending. */
export interface SplitRows {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test?: Int32Array;
}

/**
 * Lays a data set out in one block of shared memory, columns first, then splits, each on a 64-byte boundary; fills it;
 * and computes its digest.
 *
 * @throws DATA_TOO_LARGE if the memory cannot be had.
 */
export function layOutDataset(parts: DatasetParts): SharedDataset {
  let end = 0;
  const place = (bytes: number) => {
    const byteOffset = end;
    end = aligned(end + bytes);
    return byteOffset;
  };
  const columns = parts.columns.map(({ name, type, rowShape }) => {
    const bytes = parts.rowCount * rowSize(rowShape) * columnArrays[type].BYTES_PER_ELEMENT;
    return { name, type, rowShape, byteOffset: place(bytes) };
  });
  const splits = placeSplits(parts.splits, place);
  const unsealed = { ...parts, columns, splits, buffer: allocateShared(end), digest: '' };
  for (const { name, fill } of parts.columns) fill(columnView(unsealed, name));
  for (const [split, rows] of splitEntries(parts.splits)) splitView(unsealed, split).set(rows);
  return { ...unsealed, digest: datasetDigest(unsealed) };
}

function placeSplits(splits: SplitRows, place: (bytes: number) => number): SharedDataset['splits'] {
  const range = (rows: Int32Array): SplitRange => ({ byteOffset: place(rows.byteLength), count: rows.length });
  const { train, validation, test } = splits;
  const required = { train: range(train), validation: range(validation) };
  return test === undefined ? required : { ...required, test: range(test) };
}
