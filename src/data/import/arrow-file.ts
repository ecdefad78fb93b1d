import {
  type Data,
  type DataType,
  DateDay,
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  Vector,
} from 'apache-arrow';
import { arrowFilePieces } from '../arrow-pieces.js';
import { errors } from '../errors.js';
import { PieceMemory } from '../out-of-core/piece-memory.js';
import type { RawColumn, RawNumberColumn, RawTextColumn } from '../raw-table.js';
import { unitKey } from '../readers/arrow/unit.js';

type Cells = Float64Array | Int32Array;

/** Gives the cells of rows `start` to `end` (not included), until it is asked again. */
type CellsOfRows<A extends Cells> = (start: number, end: number) => A;

/** Keeps a column's cells until they are written. */
export type KeepCells = <A extends Cells>(cells: A) => CellsOfRows<A>;

/** Keeps them where they are. */
export const keepInMemory: KeepCells = (cells) => (start, end) => cells.subarray(start, end) as typeof cells;

/** A column to be written: what it is, and its cells, wherever they are. */
export type WrittenColumn =
  | (Omit<RawNumberColumn, 'values'> & { readonly isInt32: boolean; readonly cells: CellsOfRows<Float64Array> })
  | (Omit<RawTextColumn, 'codes'> & { readonly cells: CellsOfRows<Int32Array> });

export function writtenColumn(column: RawColumn, keep: KeepCells): WrittenColumn {
  if (column.kind === 'text') {
    const { codes, ...rest } = column;
    return { ...rest, cells: keep(codes) };
  }
  const { values, ...rest } = column;
  return { ...rest, isInt32: areInt32(values), cells: keep(values) };
}

function areInt32(values: Float64Array): boolean {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if ((value | 0) !== value && !Number.isNaN(value)) return false;
    // there is none among them
    if (value === 0 && Object.is(value, -0)) return false;
  }
  return true;
}

/** Bytes of a record batch, about: what is in memory of a file while it is written. */
const batchBytes = 4 << 20;

/** Rows of one record batch at most, and at least. */
const rowLimits = { most: 1 << 16, least: 64 } as const;

/** By the number of columns alone, so that equal columns give equal bytes. */
function batchRows(columnCount: number): number {
  const rows = Math.floor(batchBytes / 8 / Math.max(1, columnCount) / rowLimits.least) * rowLimits.least;
  return Math.min(rowLimits.most, Math.max(rowLimits.least, rows));
}

/**
 * The bytes of an Arrow IPC file with these columns, a piece at a time, each of which is to be used before the next one is asked for. Whole numbers
 * of 32 bits are int32, other numbers float64, days date32, texts dictionaries; missing values are null. Equal columns give equal bytes.
 */
export function arrowFileOf(columns: readonly WrittenColumn[], rowCount: number): Iterable<Uint8Array> {
  const memory = new PieceMemory();
  const writers = columns.map((column, id) => columnWriter(column, id, memory));
  const schema = new Schema(writers.map(({ field }) => field));
  return arrowFilePieces(batches(schema, writers, rowCount));
}

function* batches(schema: Schema, writers: readonly ColumnWriter[], rowCount: number): Generator<RecordBatch> {
  const step = batchRows(writers.length);
  for (let start = 0; start < rowCount; start += step) {
    const end = Math.min(rowCount, start + step);
    const children = writers.map(({ slice }) => slice(start, end));
    const type = new Struct(schema.fields);
    yield new RecordBatch(schema, makeData({ type, children, length: end - start, nullCount: 0 }));
  }
}

interface ColumnWriter {
  readonly field: Field;
  slice(start: number, end: number): Data;
}

function columnWriter(column: WrittenColumn, id: number, memory: PieceMemory): ColumnWriter {
  const int32 = (length: number) => memory.take(`${id}`, Int32Array, length);
  return column.kind === 'text' ? textWriter(column, id, int32) : numberWriter(column, int32);
}

type Int32Room = (length: number) => Int32Array;

function numberWriter(
  { name, unit, isInt32, cells }: Extract<WrittenColumn, { kind: 'number' }>,
  int32: Int32Room,
): ColumnWriter {
  const type: DataType = !isInt32 ? new Float64() : unit === 'days' ? new DateDay() : new Int32();
  const metadata = unit === undefined ? undefined : new Map([[unitKey, unit]]);
  return {
    field: new Field(name, type, true, metadata),
    slice: (start, end) => {
      const part = cells(start, end);
      // NaN becomes 0
      const data = isInt32 ? converted(part, int32, (value) => value | 0) : part;
      return makeData({ type, data, length: end - start, ...validity(part, Number.isNaN) } as never);
    },
  };
}

function textWriter(
  { name, texts, isOrdered, cells }: Extract<WrittenColumn, { kind: 'text' }>,
  id: number,
  int32: Int32Room,
): ColumnWriter {
  const dictionary = new Vector([textData(name, texts)]);
  // With a number of its own: else it is counted over the process, and equal tables are written as different bytes.
  const type = new Dictionary(new Utf8(), new Int32(), id, isOrdered === true);
  return {
    field: new Field(name, type, true),
    slice: (start, end) => {
      const part = cells(start, end);
      const data = converted(part, int32, (code) => Math.max(0, code));
      return makeData({ type, data, dictionary, length: end - start, ...validity(part, (code) => code < 0) });
    },
  };
}

function converted(cells: Cells, int32: Int32Room, of: (cell: number) => number): Int32Array {
  const out = int32(cells.length);
  for (let row = 0; row < out.length; row++) out[row] = of(cells[row]!);
  return out;
}

/** Bytes of a dictionary: offsets have 31 bits. */
const dictionaryLimit = 2 ** 31 - 1;

/** Texts one after another, as Arrow has them. */
function textData(name: string, texts: readonly string[]): Data<Utf8> {
  const total = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (total > dictionaryLimit) throw errors.DATA_TEXTS_TOO_LARGE({ of: `column "${name}"`, limit: dictionaryLimit });
  const data = Buffer.alloc(total);
  const valueOffsets = new Int32Array(texts.length + 1);
  texts.forEach((text, i) => {
    valueOffsets[i + 1] = valueOffsets[i]! + data.write(text, valueOffsets[i]!);
  });
  return makeData({ type: new Utf8(), data, valueOffsets, length: texts.length, nullCount: 0 });
}

function validity<T extends Float64Array | Int32Array>(values: T, isMissing: (value: number) => boolean) {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  let nullCount = 0;
  for (let row = 0; row < values.length; row++) {
    if (isMissing(values[row]!)) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  }
  return { nullCount, ...(nullCount === 0 ? {} : { nullBitmap }) };
}
