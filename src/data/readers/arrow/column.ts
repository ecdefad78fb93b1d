import { isUtf8 } from 'node:buffer';
import { type Data, DataType, type Dictionary, type Field, Vector } from 'apache-arrow';
import { errors } from '../../errors.js';
import { type RawColumn, TextColumnBuilder } from '../../raw-table.js';
import { TextDictionary } from '../../text-dictionary.js';
import { ByteDictionary } from '../csv/byte-dictionary.js';
import { hasUnsafe } from '../unsafe-integers.js';
import { type NumberType, numbersOf, numberTypeOf } from './numbers.js';
import { unitKey } from './unit.js';

/** Collects a column from its pieces, one for each record batch. */
export interface ArrowColumn {
  /** @throws Error if the piece contradicts itself, DATA_NUMBER_NOT_FINITE */
  append(data: Data): void;
  /** What it takes so far, in bytes. */
  readonly bytes: number;
  finish(): RawColumn;
}

/**
 * @param texts columns whose integers are texts, in all their digits, and whose bytes are, in UTF-8
 * @throws DATA_COLUMN_TYPE for a type that is neither number, date, boolean nor text, or is nested.
 */
export function openArrowColumn(
  path: string,
  { name, type, metadata }: Field,
  texts: readonly string[] = [],
): ArrowColumn {
  const column = columnFor(name, type, { unit: unitOf(metadata), isText: texts.includes(name) });
  if (column === undefined) throw errors.DATA_COLUMN_TYPE({ path, column: name, type: typeName(type) });
  return column;
}

const units = ['days', 'seconds', 'duration'] as const;

function unitOf(metadata: ReadonlyMap<string, string>): NumberType['unit'] {
  return units.find((unit) => unit === metadata.get(unitKey));
}

interface Reading {
  readonly unit?: NumberType['unit'];
  /** Whether integers are texts, and bytes. */
  readonly isText: boolean;
}

function columnFor(name: string, type: DataType, { unit, isText }: Reading): ArrowColumn | undefined {
  if (isText && unit === undefined && DataType.isInt(type)) return new ValueColumn(name);
  if (isText && (DataType.isBinary(type) || DataType.isLargeBinary(type))) return new TextColumn(name);
  const numberType = numberTypeOf(type);
  if (numberType !== undefined)
    return new NumberColumn(name, unit === undefined ? numberType : { unit, ...numberType }, isWide(type));
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return new TextColumn(name);
  if (DataType.isBool(type) || DataType.isUtf8View(type)) return new ValueColumn(name);
  if (!DataType.isDictionary(type)) return undefined;
  const values = columnFor(name, type.dictionary, { isText });
  return values && new DictionaryColumn(name, type, isText);
}

function typeName(type: DataType): string {
  return (type.children?.length ?? 0) > 0 ? `${type} (nested)` : String(type);
}

/** Calls `setMissing` for each row that is null. */
function forEachNull(data: Data, setMissing: (row: number) => void): void {
  const { nullBitmap, length, offset } = data;
  if (DataType.isNull(data.type) || nullBitmap === undefined || nullBitmap.length === 0) return;
  if (data.nullCount === 0) return;
  if (nullBitmap.length * 8 < offset + length)
    throw new Error('a column says of fewer values than rows which are null');
  for (let row = 0; row < length; row++) {
    const bit = offset + row;
    if (((nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 0) setMissing(row);
  }
}

function isWide(type: DataType): boolean {
  return DataType.isInt(type) && type.bitWidth === 64;
}

class NumberColumn implements ArrowColumn {
  readonly #pieces: Float64Array[] = [];
  #length = 0;
  #isRounded = false;

  /** @param isWide whether values are integers of 64 bits */
  constructor(
    private readonly name: string,
    private readonly type: NumberType,
    private readonly isWide: boolean,
  ) {}

  get bytes(): number {
    return this.#length * 8;
  }

  append(data: Data): void {
    const values = numbersOf(data, this.type);
    forEachNull(data, (row) => {
      values[row] = Number.NaN;
    });
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      // NaN is missing, and its difference is not 0, too
      if (value - value !== 0 && !Number.isNaN(value)) {
        const at = this.#length + row + 1;
        throw errors.DATA_NUMBER_NOT_FINITE({ column: this.name, row: at, value: String(value) });
      }
    }
    if (this.isWide && hasUnsafe(values)) this.#isRounded = true;
    this.#pieces.push(values);
    this.#length += values.length;
  }

  finish(): RawColumn {
    const values = joined(this.#pieces, new Float64Array(this.#length));
    const { unit } = this.type;
    const column = { kind: 'number', name: this.name, values } as const;
    if (unit !== undefined) return { ...column, unit };
    return this.#isRounded ? { ...column, isRounded: true } : column;
  }
}

function joined<A extends Float64Array | Int32Array>(pieces: readonly A[], all: A): A {
  if (pieces.length === 1) return pieces[0]!;
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Of texts that lie one after another; each distinct one is decoded once. */
class TextColumn implements ArrowColumn {
  readonly #pieces: Int32Array[] = [];
  readonly #dictionary = new ByteDictionary();
  #length = 0;

  constructor(private readonly name: string) {}

  get bytes(): number {
    return this.#length * 4 + this.#dictionary.bytes;
  }

  append(data: Data): void {
    const codes = new Int32Array(data.length);
    forEachNull(data, (row) => {
      codes[row] = -1;
    });
    const bytes = data.values as Uint8Array;
    const offsets = offsetsOf(data, bytes.length);
    if (!isUtf8(bytes.subarray(offsets[0], offsets[data.length]))) throw new Error('a column of texts is not UTF-8');
    for (let row = 0; row < codes.length; row++) {
      if (codes[row] === 0) codes[row] = this.#dictionary.codeOf(bytes, offsets[row]!, offsets[row + 1]!);
    }
    this.#pieces.push(codes);
    this.#length += codes.length;
  }

  finish(): RawColumn {
    const codes = joined(this.#pieces, new Int32Array(this.#length));
    return { kind: 'text', name: this.name, codes, texts: this.#dictionary.texts() };
  }
}

/** Where each text starts, and the last one ends; checked to lie within the bytes. */
function offsetsOf({ valueOffsets, length }: Data, byteCount: number): ArrayLike<number> {
  if (length === 0) return new Int32Array(1);
  if (valueOffsets === undefined || valueOffsets.length < length + 1)
    throw new Error('a column has fewer texts than rows');
  const offsets: ArrayLike<number> =
    valueOffsets instanceof Int32Array ? valueOffsets : Float64Array.from(valueOffsets as Iterable<bigint>, Number);
  let last = offsets[0]!;
  let isInOrder = last >= 0;
  for (let i = 1; i <= length; i++) {
    const offset = offsets[i]!;
    if (offset < last) isInOrder = false;
    last = offset;
  }
  if (!isInOrder || last > byteCount) throw new Error('a column has texts outside of its bytes');
  return offsets;
}

/** Of booleans, of integers that are texts, and of texts of other layouts: value by value. */
class ValueColumn implements ArrowColumn {
  readonly #builder: TextColumnBuilder;

  constructor(name: string) {
    this.#builder = new TextColumnBuilder(name);
  }

  get bytes(): number {
    return this.#builder.length * 4;
  }

  append(data: Data): void {
    if (DataType.isBool(data.type) && (data.values as Uint8Array).length * 8 < data.length) {
      throw new Error('a column has fewer values than rows');
    }
    if (DataType.isInt(data.type) && (data.values as ArrayLike<unknown>).length < data.length)
      throw new Error('a column has fewer values than rows');
    const vector = new Vector([data]);
    for (let row = 0; row < data.length; row++) {
      const value: unknown = vector.get(row);
      if (value === null || value === undefined) this.#builder.pushMissing();
      else this.#builder.push(String(value));
    }
  }

  finish(): RawColumn {
    return this.#builder.finish();
  }
}

/** Of indices into values of another type, which may differ from batch to batch. */
class DictionaryColumn implements ArrowColumn {
  readonly #codes: Int32Array[] = [];
  readonly #numbers: Float64Array[] = [];
  readonly #texts = new TextDictionary();
  #length = 0;
  #last: { readonly vector: Vector; readonly column: RawColumn } | undefined;

  readonly #isOrdered: boolean;

  constructor(
    private readonly name: string,
    private readonly type: Dictionary,
    private readonly isText: boolean,
  ) {
    this.#isOrdered = type.isOrdered;
  }

  get bytes(): number {
    return this.#length * 8;
  }

  append(data: Data): void {
    const column = this.#dictionaryOf(data);
    const indices = numbersOf(
      Object.assign(Object.create(data), { type: (data.type as never as { indices: DataType }).indices }),
      {
        divisor: 1,
      },
    );
    forEachNull(data, (row) => {
      indices[row] = -1;
    });
    const size = column.kind === 'number' ? column.values.length : column.codes.length;
    for (const index of indices)
      if (index >= size || index < -1) throw new Error('a dictionary lacks some of its values');
    if (column.kind === 'number')
      this.#numbers.push(indices.map((index) => (index === -1 ? Number.NaN : column.values[index]!)));
    else this.#codes.push(this.#codesOf(indices, column.codes, column.texts));
    this.#length += data.length;
  }

  finish(): RawColumn {
    const { name } = this;
    const { column } = this.#last ?? {};
    if (column?.kind === 'number') {
      // what the last dictionary says of its numbers, all must
      return { ...column, name, values: joined(this.#numbers, new Float64Array(this.#length)) };
    }
    const codes = joined(this.#codes, new Int32Array(this.#length));
    return {
      kind: 'text',
      name,
      codes,
      texts: this.#texts.texts,
      ...(this.#isOrdered ? { isOrdered: true } : {}),
    };
  }

  /** The values, as a column of their own; of one batch after another they are mostly the same. */
  #dictionaryOf(data: Data): RawColumn {
    const vector = data.dictionary as Vector | undefined;
    if (vector === undefined) throw new Error('a dictionary is missing');
    if (this.#last?.vector === vector) return this.#last.column;
    const values = columnFor(this.name, this.type.dictionary, { isText: this.isText })!;
    for (const piece of vector.data) values.append(piece);
    const column = values.finish();
    if (column.kind === 'text' && this.#isOrdered) for (const text of column.texts) this.#texts.codeOf(text);
    this.#last = { vector, column };
    return column;
  }

  /** Codes in order of appearance, unless the texts have an order. */
  #codesOf(indices: Float64Array, codes: Int32Array, texts: readonly string[]): Int32Array {
    const known = new Int32Array(texts.length).fill(-1);
    return Int32Array.from(indices, (index) => {
      const code = index === -1 ? -1 : codes[index]!;
      if (code === -1) return -1;
      if (known[code] === -1) known[code] = this.#texts.codeOf(texts[code]!);
      return known[code]!;
    });
  }
}
