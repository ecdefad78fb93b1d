/** Writing a data set's Arrow file, a record batch at a time, from wherever its rows are. */
import { makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { type ColumnShape, columnData, columnField, splitCodes, splitData, splitField } from './arrow-columns.js';
import { type DatasetMetadata, writeMetadata } from './arrow-metadata.js';
import { arrowFilePieces } from './arrow-pieces.js';
import { digestWith } from './digest.js';
import { type ColumnView, columnArrays, rowSize, splitEntries } from './shared-dataset.js';
import type { SplitRows } from './shared-layout.js';

/** A data set any rows of which can be asked for, wherever they are. */
export interface DatasetContents extends Omit<DatasetMetadata, 'digest'> {
  readonly rowCount: number;
  readonly columns: readonly (ColumnShape & {
    /** The values of rows `from` to `to` (not included), until the next call. */
    readonly rows: (from: number, to: number) => ColumnView;
  })[];
  readonly splits: SplitRows;
}

/** Bytes of one record batch, about: what is in memory of a file while it is written. */
const batchBytes = 4 << 20;

/** The digest that a data set with these contents has. */
export function contentsDigest(contents: DatasetContents): string {
  const { columns, splits, rowCount } = contents;
  const counted = {
    train: { byteOffset: 0, count: splits.train.length },
    validation: { byteOffset: 0, count: splits.validation.length },
    ...(splits.test === undefined ? {} : { test: { byteOffset: 0, count: splits.test.length } }),
  };
  const described = columns.map(({ name, type, rowShape }) => ({ name, type, rowShape, byteOffset: 0 }));
  return digestWith({ ...contents, columns: described, splits: counted }, (hash) => {
    const step = batchRows(columns);
    for (const { rows } of columns) {
      for (let from = 0; from < rowCount; from += step) hash.update(rows(from, Math.min(rowCount, from + step)));
    }
    for (const [, rows] of splitEntries(splits)) hash.update(rows);
  });
}

/** The bytes of the Arrow file of a data set, a record batch at a time. Equal data sets give equal bytes. */
export function datasetFileOf(contents: DatasetContents, digest: string): Iterable<Uint8Array> {
  return arrowFilePieces(batchesOf(contents, digest));
}

function* batchesOf(contents: DatasetContents, digest: string): Generator<RecordBatch> {
  const { columns, splits, rowCount } = contents;
  const codes = splitCodes(rowCount, splitEntries(splits));
  const fields = [...columns.map(columnField), splitField];
  const schema = new Schema(fields, writeMetadata({ ...contents, digest }));
  const step = batchRows(columns);
  for (let from = 0; from < rowCount; from += step) {
    const to = Math.min(rowCount, from + step);
    const children = columns.map((column) => columnData(column, column.rows(from, to), to - from));
    const rows = { type: new Struct(fields), length: to - from, nullCount: 0 };
    yield new RecordBatch(schema, makeData({ ...rows, children: [...children, splitData(codes.subarray(from, to))] }));
  }
}

function batchRows(columns: readonly ColumnShape[]): number {
  const rowBytes = columns.reduce((sum, { type, rowShape }) => {
    return sum + rowSize(rowShape) * columnArrays[type].BYTES_PER_ELEMENT;
  }, 1);
  return Math.max(1, Math.floor(batchBytes / rowBytes));
}
