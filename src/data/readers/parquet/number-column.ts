import { errors } from '../../errors.js';
import type { RawColumn } from '../../raw-table.js';
import { hasUnsafe } from '../unsafe-integers.js';
import { BitRuns } from './bit-runs.js';
import type { ColumnValues } from './column-values.js';
import { readPlainNumbers } from './number-values.js';
import { encoding } from './page-header.js';
import type { NumberType } from './value-type.js';

/** Indices that are looked up at a time. */
const batch = new Int32Array(2048);

/** Decodes the pages of a column of numbers. */
export class NumberValues implements ColumnValues {
  readonly #out: Float64Array;
  /** Of the chunk; its memory is that of the chunks before. */
  #dictionary = new Float64Array(0);
  #hasSpecialEntries = false;
  #isSpecial = false;

  /** @param out one value a row */
  constructor(
    private readonly name: string,
    private readonly type: NumberType,
    out: Float64Array,
  ) {
    this.#out = out;
  }

  startChunk(): void {
    this.#dictionary = this.#dictionary.subarray(0, 0);
    this.#hasSpecialEntries = false;
  }

  readDictionary(bytes: Uint8Array, count: number): void {
    // each takes four bytes at least
    const size = Math.min(count, bytes.length);
    const { buffer } = this.#dictionary;
    this.#dictionary = size * 8 > buffer.byteLength ? new Float64Array(size) : new Float64Array(buffer, 0, size);
    this.#hasSpecialEntries = readPlainNumbers(this.type, bytes, 0, count, this.#dictionary, 0);
  }

  readValues(how: number, bytes: Uint8Array, start: number, count: number, row: number): boolean {
    if (how === encoding.plain) {
      this.#isSpecial = readPlainNumbers(this.type, bytes, start, count, this.#out, row);
      return true;
    }
    if (how !== encoding.rleDictionary && how !== encoding.plainDictionary) return false;
    this.#lookUp(new BitRuns(bytes, start + 1, bytes.length, bytes[start] ?? 0), count, row);
    this.#isSpecial = this.#hasSpecialEntries;
    return true;
  }

  #lookUp(indices: BitRuns, count: number, row: number): void {
    const out = this.#out;
    const dictionary = this.#dictionary;
    const size = dictionary.length;
    for (let done = 0; done < count; done += batch.length) {
      const taken = Math.min(batch.length, count - done);
      indices.read(batch, taken);
      const from = row + done;
      for (let i = 0; i < taken; i++) {
        const index = batch[i]!;
        if (index >= size) throw new Error('a dictionary lacks some of its values');
        out[from + i] = dictionary[index]!;
      }
    }
  }

  spread(levels: Int32Array, row: number, count: number, valueCount: number): void {
    const out = this.#out;
    let from = row + valueCount - 1;
    for (let i = count - 1; i >= 0; i--) out[row + i] = levels[i] === 1 ? out[from--]! : Number.NaN;
  }

  /** @throws DATA_NUMBER_NOT_FINITE */
  check(row: number, count: number): void {
    if (!this.#isSpecial) return;
    for (let i = row; i < row + count; i++) {
      const value = this.#out[i]!;
      if (value !== Number.POSITIVE_INFINITY && value !== Number.NEGATIVE_INFINITY) continue;
      throw errors.DATA_NUMBER_NOT_FINITE({ column: this.name, row: i + 1, value: String(value) });
    }
  }

  finish(): RawColumn {
    const { unit, stored, isDecimal } = this.type;
    const column = { kind: 'number', name: this.name, values: this.#out } as const;
    if (unit !== undefined) return { ...column, unit };
    return stored === 'INT64' && !isDecimal && hasUnsafe(this.#out) ? { ...column, isRounded: true } : column;
  }
}
