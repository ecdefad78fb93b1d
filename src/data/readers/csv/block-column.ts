import { ByteDictionary } from './byte-dictionary.js';
import { numberInCell } from './cell.js';
import type { CellArrays, CellBlock } from './cell-memory.js';
import { dateOnly, readIsoDate } from './iso-date.js';
import type { MissingSpellings } from './missing.js';

/** What a column is read as: `auto` takes numbers, then dates, then texts; `skip` keeps nothing. */
export type ColumnPlan = 'skip' | 'auto' | 'date' | 'text';

/** A column's cells within one block. */
export interface BlockColumn {
  /** `empty`: all cells are missing; dates are in seconds. */
  readonly kind: 'empty' | 'number' | 'date' | 'text';
  /** Of numbers and dates; NaN where missing. Empty otherwise. */
  readonly values: Float64Array;
  /** Of texts: indices into `texts`, -1 where missing. Empty otherwise. */
  readonly codes: Int32Array;
  /** Distinct texts, in order of appearance. */
  readonly texts: readonly string[];
  /** Row of the block, from 0, of the first number that is not finite; -1 if there is none. */
  readonly infiniteRow: number;
  /** Whether a whole number is too large for every such number to be a double. */
  readonly isRounded: boolean;
  /** Whether all dates are days, without a time. */
  readonly daysOnly: boolean;
  /** The first cell that is neither a number nor missing, with its row in the block, from 0, and whether numbers came before. */
  readonly firstText: { readonly text: string; readonly row: number; readonly afterNumbers: boolean } | undefined;
}

/** States of a column; numbers, since they are compared for every cell. */
export const state = { skip: 0, number: 1, date: 2, text: 3 } as const;

const noValues = new Float64Array(0);
const noCodes = new Int32Array(0);

/** Collects a column's cells while a block is parsed. */
export class BlockColumnBuilder {
  state: number;
  values: Float64Array;
  #codes: Int32Array;
  #dictionary: ByteDictionary | undefined;
  /** Whether some cell was a number; the parser, which reads most of them, says so, too. */
  hasNumbers = false;
  #dateCount = 0;
  #daysOnly = true;
  #infiniteRow = -1;
  #isRounded = false;
  #firstText: BlockColumn['firstText'];
  /** Cells were taken as numbers or dates before one came that is neither: the block is to be read again, as texts. */
  lostTexts = false;
  readonly #sink = { seconds: 0 };

  constructor(
    plan: ColumnPlan,
    capacity: number,
    private readonly missing: MissingSpellings,
    private readonly decimal: number,
    private readonly arrays: CellArrays,
  ) {
    this.state = { skip: state.skip, auto: state.number, date: state.date, text: state.text }[plan];
    this.values = plan === 'auto' || plan === 'date' ? arrays.numbers(capacity) : noValues;
    this.#codes = plan === 'text' ? arrays.codes(capacity) : noCodes;
    if (plan === 'text') this.#dictionary = new ByteDictionary();
  }

  /** Makes room for rows up to `capacity`; arrays that were used before may have it. */
  grow(capacity: number): void {
    const { values } = this;
    if (values.length > 0 && values.length < capacity) this.values = this.#moved(values, this.arrays.numbers(capacity));
    const codes = this.#codes;
    if (codes.length > 0 && codes.length < capacity) this.#codes = this.#moved(codes, this.arrays.codes(capacity));
  }

  pushMissing(row: number): void {
    if (this.state === state.text) this.#codes[row] = -1;
    else if (this.state !== state.skip) this.values[row] = Number.NaN;
  }

  #pushNumber(row: number, bytes: Uint8Array, start: number, end: number): void {
    const value = numberInCell(bytes, start, end, this.decimal);
    if (Number.isNaN(value)) {
      this.#becomeDateOrText(row, bytes, start, end);
      return;
    }
    this.values[row] = value;
    this.hasNumbers = true;
    if (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) return;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      if (this.#infiniteRow === -1) this.#infiniteRow = row;
    } else if (isWhole(bytes, start, end)) this.#isRounded = true;
  }

  /** Any other cell: the bytes from `start` to `end` (not included), without quotes and the spaces around unquoted ones. */
  push(row: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.missing.includes(bytes, start, end)) this.pushMissing(row);
    else if (this.state === state.text) this.#codes[row] = this.#dictionary!.codeOf(bytes, start, end);
    else if (this.state === state.number) this.#pushNumber(row, bytes, start, end);
    else if (this.state === state.date) this.#pushDate(row, bytes, start, end);
  }

  /** To be called once. @param block where cells are put; by default into arrays of their own */
  finish(rowCount: number, block: CellBlock | undefined): BlockColumn {
    const isText = this.state === state.text;
    const kind = isText ? 'text' : this.hasNumbers ? 'number' : this.#dateCount > 0 ? 'date' : 'empty';
    const kept = <A extends Float64Array | Int32Array>(cells: A): A => {
      // the whole buffer goes to another thread, so it should not be longer
      const copy = (block?.put(cells.subarray(0, rowCount) as A) ?? cells.slice(0, rowCount)) as A;
      this.arrays.give(cells);
      return copy;
    };
    return {
      kind,
      values: isText ? noValues : kept(this.values),
      codes: isText ? kept(this.#codes) : noCodes,
      texts: this.#dictionary?.texts() ?? [],
      infiniteRow: this.#infiniteRow,
      isRounded: this.#isRounded,
      daysOnly: this.#daysOnly,
      firstText: this.#firstText,
    };
  }

  #becomeDateOrText(row: number, bytes: Uint8Array, start: number, end: number): void {
    if (!this.hasNumbers && readIsoDate(bytes, start, end, this.#sink) !== 0) {
      this.state = state.date;
      this.#pushDate(row, bytes, start, end);
    } else {
      this.#becomeText(row, bytes, start, end);
    }
  }

  #pushDate(row: number, bytes: Uint8Array, start: number, end: number): void {
    const what = readIsoDate(bytes, start, end, this.#sink);
    if (what === 0) {
      this.#becomeText(row, bytes, start, end);
      return;
    }
    if (what !== dateOnly) this.#daysOnly = false;
    this.#dateCount++;
    this.values[row] = this.#sink.seconds;
  }

  #becomeText(row: number, bytes: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    this.#firstText = { text, row, afterNumbers: this.hasNumbers };
    this.lostTexts = this.hasNumbers || this.#dateCount > 0;
    this.state = state.text;
    this.#dictionary = new ByteDictionary();
    this.#codes = this.arrays.codes(this.values.length).fill(-1, 0, row);
    this.arrays.give(this.values);
    this.values = noValues;
    this.#codes[row] = this.#dictionary.codeOf(bytes, start, end);
  }

  #moved<A extends Float64Array | Int32Array>(from: A, to: A): A {
    to.set(from);
    this.arrays.give(from);
    return to;
  }
}

/** Whether a number is spelt with digits alone, beside its sign. */
function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if ((byte < 48 || byte > 57) && !(at === start && (byte === 45 || byte === 43))) return false;
  }
  return true;
}
