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
import type { RawColumn } from '../raw-table.js';
import { unitKey } from '../readers/arrow/unit.js';

/** Rows of one record batch. */
const batchRows = 1 << 16;

/**
 * The bytes of an Arrow IPC file with these columns, a piece at a time. Whole numbers of 32 bits are int32, other numbers float64, days
 * date32, texts dictionaries; missing values are null. Equal columns give equal bytes.
 */
export function arrowFileOf(columns: readonly RawColumn[], rowCount: number): Iterable<Uint8Array> {
  const writers = columns.map(columnWriter);
  const schema = new Schema(writers.map(({ field }) => field));
  return arrowFilePieces(batches(schema, writers, rowCount));
}

function* batches(schema: Schema, writers: readonly ColumnWriter[], rowCount: number): Generator<RecordBatch> {
  for (let start = 0; start < rowCount; start += batchRows) {
    const end = Math.min(rowCount, start + batchRows);
    const children = writers.map(({ slice }) => slice(start, end));
    const type = new Struct(schema.fields);
    yield new RecordBatch(schema, makeData({ type, children, length: end - start, nullCount: 0 }));
  }
}

interface ColumnWriter {
  readonly field: Field;
  slice(start: number, end: number): Data;
}

function columnWriter(column: RawColumn, id: number): ColumnWriter {
  if (column.kind === 'text') return textWriter(column, id);
  const { name, values, unit } = column;
  const isInt32 =
    values.every((value) => Number.isNaN(value) || (value | 0) === value) &&
    !values.some((value) => Object.is(value, -0));
  const type: DataType = !isInt32 ? new Float64() : unit === 'days' ? new DateDay() : new Int32();
  const metadata = unit === undefined ? undefined : new Map([[unitKey, unit]]);
  return {
    field: new Field(name, type, true, metadata),
    slice: (start, end) => {
      const part = values.subarray(start, end);
      const data = isInt32 ? Int32Array.from(part, (value) => (Number.isNaN(value) ? 0 : value)) : part;
      return makeData({ type, data, length: end - start, ...validity(part, Number.isNaN) } as never);
    },
  };
}

function textWriter({ name, codes, texts, isOrdered }: Extract<RawColumn, { kind: 'text' }>, id: number): ColumnWriter {
  const dictionary = new Vector([textData(name, texts)]);
  // With a number of its own: else it is counted over the process, and equal tables are written as different bytes.
  const type = new Dictionary(new Utf8(), new Int32(), id, isOrdered === true);
  return {
    field: new Field(name, type, true),
    slice: (start, end) => {
      const part = codes.subarray(start, end);
      const data = Int32Array.from(part, (code) => Math.max(0, code));
      return makeData({ type, data, dictionary, length: end - start, ...validity(part, (code) => code < 0) });
    },
  };
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
  values.forEach((value, row) => {
    if (isMissing(value)) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  });
  return { nullCount, ...(nullCount === 0 ? {} : { nullBitmap }) };
}
