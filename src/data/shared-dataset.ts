import { errors } from './errors.js';
import type { TabularEncoder } from './feature-encoder.js';
import type { Stream } from './streaming/stream.js';

export type ColumnType = 'uint8' | 'int32' | 'float32';
export type SplitName = 'train' | 'validation' | 'test';

export type ColumnView = Uint8Array | Int32Array | Float32Array;

interface ColumnArray {
  new (buffer: SharedArrayBuffer, byteOffset: number, length: number): ColumnView;
  readonly BYTES_PER_ELEMENT: number;
}

/** The array type that a column of each type is viewed through. */
export const columnArrays: Readonly<Record<ColumnType, ColumnArray>> = {
  uint8: Uint8Array,
  int32: Int32Array,
  float32: Float32Array,
};

export interface SharedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Shape of one row, `[]` for a scalar. The column holds `rowCount` × its product values, row by row. */
  readonly rowShape: readonly number[];
  /** Into the data set's buffer; a multiple of 64. */
  readonly byteOffset: number;
}

/** A list of `count` row numbers (int32) in the data set's buffer; `byteOffset` is a multiple of 64. */
export interface SplitRange {
  readonly byteOffset: number;
  readonly count: number;
}

/** The feature column is read as float32: value × `scale` + `offset` (pixels in uint8: scale 1/255, offset 0). */
interface FeatureDescription {
  readonly column: string;
  readonly scale: number;
  readonly offset: number;
  /** Names of the encoded features, in order, when the data set is tabular. */
  readonly names?: readonly string[];
  /** Given for text: the column holds indices into it, and is read as int32, neither scaled nor shifted. */
  readonly vocabulary?: readonly string[];
}

/** Columns of a table that are kept as indices of categories, in one int32 or uint8 column of shape `[names]`. */
interface CategoryColumns {
  readonly column: string;
  readonly names: readonly string[];
  /** Values of each are 0 to its size - 1; 0 stands for what is missing, or was not seen in training. */
  readonly sizes: readonly number[];
}

/** How windows of a series are made, so that later times are read as the training times were. */
export interface SeriesWindows {
  /** Columns that are read, in order: a value less `mean`, divided by `deviation`, both of the training times. */
  readonly columns: readonly { readonly column: string; readonly mean: number; readonly deviation: number }[];
  /** Times that are read for a forecast, at least 1. */
  readonly window: number;
  /** Times from the last one that is read to the one that is forecast, at least 1. */
  readonly horizon: number;
}

interface Labelled {
  /** The target's name in the source: what predictions are called. */
  readonly label?: string;
}

/**
 * What is predicted. `class`: an int32 or uint8 column of indices into `classes`. `number`: a float32 column, not scaled,
 * with its training rows' mean and deviation (1 if they do not vary). `none`: nothing.
 */
type TargetDescription =
  | (Labelled & { readonly kind: 'class'; readonly column: string; readonly classes: readonly string[] })
  | (Labelled & { readonly kind: 'number'; readonly column: string; readonly mean: number; readonly deviation: number })
  | { readonly kind: 'none' };

/**
 * A whole data set in one block of shared memory. It is structured-cloneable: posted to a worker thread, the memory is
 * shared, not copied. Row numbers count from 0. Nobody writes to the buffer once the data set is made.
 */
export interface SharedDataset {
  readonly name: string;
  readonly rowCount: number;
  /** Page-aligned, with every column and split on a 64-byte boundary: TensorFlow takes them without a copy. */
  readonly buffer: SharedArrayBuffer;
  readonly columns: readonly SharedColumn[];
  readonly features: FeatureDescription;
  readonly categories?: CategoryColumns;
  readonly target: TargetDescription;
  /** Where splits are, if not in `buffer`: of folds that have the rest of it in common. */
  readonly splitBuffer?: SharedArrayBuffer;
  /** Disjoint, each in ascending order of row numbers. */
  readonly splits: { readonly train: SplitRange; readonly validation: SplitRange; readonly test?: SplitRange };
  /** How features were made from the columns of a table; JSON. Absent where features are raw, such as pixels. */
  readonly encoder?: TabularEncoder;
  /** Given for a series: rows are windows of it. */
  readonly series?: SeriesWindows;
  /** Rows of the source that were left out because their target is missing. */
  readonly droppedRowCount: number;
  /** SHA-256 over schema, contents and splits, hex; neither the name nor the place of the source matters. */
  readonly digest: string;
  /**
   * Given for a data set that is larger than the memory it may take. The buffer then has room for some blocks of rows, columns
   * begin where their first such row is, and splits have counts only: values are read through `openRowSource`.
   */
  readonly stream?: Stream;
}

/** Values in one row of a column: the product of its row shape, 1 for a scalar. */
export function rowSize(rowShape: readonly number[]): number {
  return rowShape.reduce((product, size) => product * size, 1);
}

/**
 * All values of a column, in place: `rowCount` × the row shape, row by row. Not a copy: do not write to it.
 *
 * @throws DATA_SHARED_COLUMN if there is no such column, DATA_SHARED_STREAMED if values are not in memory.
 */
export function columnView(dataset: SharedDataset, name: string): ColumnView {
  if (dataset.stream !== undefined) throw errors.DATA_SHARED_STREAMED({ dataset: dataset.name });
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const columns = dataset.columns.map((candidate) => candidate.name);
    throw errors.DATA_SHARED_COLUMN({ dataset: dataset.name, column: name, columns });
  }
  const length = dataset.rowCount * rowSize(column.rowShape);
  return new columnArrays[column.type](dataset.buffer, column.byteOffset, length);
}

/**
 * The row numbers of a split, ascending, in place: do not write to it.
 *
 * @throws DATA_SHARED_SPLIT if the data set has no such split, DATA_SHARED_STREAMED if row numbers are not in memory.
 */
export function splitView(dataset: SharedDataset, split: SplitName): Int32Array {
  if (dataset.stream !== undefined) throw errors.DATA_SHARED_STREAMED({ dataset: dataset.name });
  const range = dataset.splits[split];
  if (range === undefined) throw errors.DATA_SHARED_SPLIT({ dataset: dataset.name, split });
  return new Int32Array(dataset.splitBuffer ?? dataset.buffer, range.byteOffset, range.count);
}

/** The splits that there are, in a fixed order. */
export function splitEntries<T>(splits: {
  readonly train: T;
  readonly validation: T;
  readonly test?: T;
}): [SplitName, T][] {
  const entries: [SplitName, T][] = [
    ['train', splits.train],
    ['validation', splits.validation],
  ];
  if (splits.test !== undefined) entries.push(['test', splits.test]);
  return entries;
}

/** @throws DATA_DIGEST if the data set has another digest than it must have. */
export function checkDigest({ name, digest }: SharedDataset, expected: string): void {
  if (digest !== expected) throw errors.DATA_DIGEST({ name, expected, actual: digest });
}
