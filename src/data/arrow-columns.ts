/** A data set's columns, and the splits of its rows, as Arrow has them. */
import {
  type Data,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Int8,
  Int32,
  makeData,
  Uint8,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { rowShapeKey } from './arrow-metadata.js';
import { errors } from './errors.js';
import { type ColumnType, type ColumnView, rowSize, type SharedColumn, type SplitName } from './shared-dataset.js';

/** The column that says which split a row belongs to. */
export const splitColumn = 'split';
const splitNames: readonly SplitName[] = ['train', 'validation', 'test'];

export type ColumnShape = Pick<SharedColumn, 'name' | 'type' | 'rowShape'>;

const valueTypes = { uint8: new Uint8(), int32: new Int32(), float32: new Float32() } as const;

export function columnField({ name, type, rowShape }: ColumnShape): Field {
  if (rowShape.length === 0) return new Field(name, valueTypes[type], false);
  return new Field(name, listType(type, rowShape), false, new Map([[rowShapeKey, JSON.stringify(rowShape)]]));
}

function listType(type: ColumnType, rowShape: readonly number[]): FixedSizeList {
  return new FixedSizeList(rowSize(rowShape), new Field('item', valueTypes[type], false));
}

/** @param view the values of `length` rows */
export function columnData({ type, rowShape }: ColumnShape, view: ColumnView, length: number): Data {
  const values = makeData({ type: valueTypes[type], data: view, length: view.length, nullCount: 0 } as never) as Data;
  if (rowShape.length === 0) return values;
  return makeData({ type: listType(type, rowShape), child: values, length, nullCount: 0 });
}

/**
 * The split of each row, as an index into `splitNames`; -1 for none.
 *
 * @throws DATA_SPLITS_UNORDERED if splits overlap or are not ascending
 */
export function splitCodes(rowCount: number, splits: readonly (readonly [SplitName, Int32Array])[]): Int8Array {
  const codes = new Int8Array(rowCount).fill(-1);
  splits.forEach(([split, rows], code) => {
    let last = -1;
    for (const row of rows) {
      if (row <= last || codes[row] !== -1) throw errors.DATA_SPLITS_UNORDERED({ split, row });
      codes[row] = code;
      last = row;
    }
  });
  return codes;
}

const dictionary = vectorFromArray(splitNames, new Utf8());
// With a number of its own: else it is counted over the process, and equal tables are written as different bytes.
const splitType = new Dictionary(new Utf8(), new Int8(), 0);

export const splitField = new Field(splitColumn, splitType, true);

/** @param codes as {@link splitCodes} gives them, of some rows */
export function splitData(codes: Int8Array): Data<Dictionary<Utf8, Int8>> {
  const { nullBitmap, nullCount } = validity(codes);
  const data = nullCount === 0 ? codes : codes.map((code) => Math.max(0, code));
  return makeData({ type: splitType, data, dictionary, length: codes.length, nullCount, nullBitmap });
}

function validity(codes: Int8Array): { nullBitmap: Uint8Array | undefined; nullCount: number } {
  const nullBitmap = new Uint8Array(Math.ceil(codes.length / 8));
  let nullCount = 0;
  codes.forEach((code, row) => {
    if (code === -1) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  });
  return { nullBitmap: nullCount === 0 ? undefined : nullBitmap, nullCount };
}
