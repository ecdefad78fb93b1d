import { isUtf8 } from 'node:buffer';
import type { RawColumn } from '../../raw-table.js';
import { ByteDictionary } from '../csv/byte-dictionary.js';
import { BitRuns } from './bit-runs.js';
import type { ColumnValues } from './column-values.js';
import { encoding } from './page-header.js';

/** Indices that are looked up at a time. */
const batch = new Int32Array(2048);

/** Of an entry of the dictionary page that no row had yet. */
const unseen = -1;

/** Puts values where the rows are that have some; -1 elsewhere. */
function spreadCodes(out: Int32Array, levels: Int32Array, row: number, count: number, valueCount: number): void {
  let from = row + valueCount - 1;
  for (let i = count - 1; i >= 0; i--) out[row + i] = levels[i] === 1 ? out[from--]! : -1;
}

/** Decodes the pages of a column of texts: codes in order of appearance. */
export class TextValues implements ColumnValues {
  readonly #texts = new ByteDictionary();
  /** The dictionary page: its bytes, where each text starts and ends in them, and the code of each. */
  #bytes = new Uint8Array(0);
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #codes = new Int32Array(0);

  /**
   * @param out one code a row
   * @param byteLimit bytes that the distinct texts may take
   */
  constructor(
    private readonly name: string,
    private readonly out: Int32Array,
    private readonly byteLimit: number,
  ) {}

  startChunk(): void {
    this.#codes = new Int32Array(0);
  }

  readDictionary(bytes: Uint8Array, count: number): void {
    // the page's bytes are there until the next one is read
    this.#bytes = Uint8Array.from(bytes);
    // each takes four bytes at least
    const size = Math.min(count, bytes.length);
    this.#starts = new Int32Array(size);
    this.#ends = new Int32Array(size);
    this.#codes = new Int32Array(size).fill(unseen);
    forEachText(bytes, 0, count, (i, start, end) => {
      this.#starts[i] = start;
      this.#ends[i] = end;
    });
  }

  readValues(how: number, bytes: Uint8Array, start: number, count: number, row: number): boolean {
    if (how === encoding.plain) {
      forEachText(bytes, start, count, (i, from, to) => {
        this.out[row + i] = this.#codeOf(bytes, from, to);
      });
      return true;
    }
    if (how !== encoding.rleDictionary && how !== encoding.plainDictionary) return false;
    this.#lookUp(new BitRuns(bytes, start + 1, bytes.length, bytes[start] ?? 0), count, row);
    return true;
  }

  #lookUp(indices: BitRuns, count: number, row: number): void {
    const out = this.out;
    const codes = this.#codes;
    for (let done = 0; done < count; done += batch.length) {
      const taken = Math.min(batch.length, count - done);
      indices.read(batch, taken);
      const from = row + done;
      for (let i = 0; i < taken; i++) {
        const index = batch[i]!;
        if (index >= codes.length) throw new Error('a dictionary lacks some of its values');
        const code = codes[index]!;
        out[from + i] = code === unseen ? this.#enter(index) : code;
      }
    }
  }

  #enter(index: number): number {
    const code = this.#codeOf(this.#bytes, this.#starts[index]!, this.#ends[index]!);
    this.#codes[index] = code;
    return code;
  }

  #codeOf(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#texts.size;
    const code = this.#texts.codeOf(bytes, start, end);
    if (code === known && !isUtf8(bytes.subarray(start, end))) {
      throw new Error('a column of texts is not UTF-8');
    }
    return code;
  }

  spread(levels: Int32Array, row: number, count: number, valueCount: number): void {
    spreadCodes(this.out, levels, row, count, valueCount);
  }

  check(): void {
    if (this.#texts.bytes > this.byteLimit)
      throw new Error(`the texts of column "${this.name}" take more than ${this.byteLimit} bytes`);
  }

  finish(): RawColumn {
    return { kind: 'text', name: this.name, codes: this.out, texts: this.#texts.texts() };
  }
}

/** Texts one after another, each after its length in 32 bits. */
function forEachText(
  bytes: Uint8Array,
  first: number,
  count: number,
  use: (i: number, start: number, end: number) => void,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = first;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) throw new Error('a page ends before its values do');
    const start = at + 4;
    const end = start + view.getUint32(at, true);
    if (end > bytes.length) throw new Error('a page ends before its values do');
    use(i, start, end);
    at = end;
  }
}

/** Decodes the pages of a column of booleans: the texts `false` and `true`, in order of appearance. */
export class BooleanValues implements ColumnValues {
  readonly #texts: string[] = [];
  readonly #codes = [-1, -1];

  /** @param out one code a row */
  constructor(
    private readonly name: string,
    private readonly out: Int32Array,
  ) {}

  startChunk(): void {}

  readDictionary(): void {
    throw new Error('a column of booleans has a dictionary');
  }

  readValues(how: number, bytes: Uint8Array, start: number, count: number, row: number): boolean {
    if (how === encoding.plain) {
      if (start + count / 8 > bytes.length) throw new Error('a page ends before its values do');
      for (let i = 0; i < count; i++) this.out[row + i] = this.#codeOf((bytes[start + (i >> 3)]! >> (i & 7)) & 1);
      return true;
    }
    if (how !== encoding.rle) return false;
    // a length of 32 bits comes first, which is that of the rest
    const bits = new BitRuns(bytes, start + 4, bytes.length, 1);
    for (let done = 0; done < count; done += batch.length) {
      const taken = Math.min(batch.length, count - done);
      bits.read(batch, taken);
      for (let i = 0; i < taken; i++) this.out[row + done + i] = this.#codeOf(batch[i]!);
    }
    return true;
  }

  #codeOf(bit: number): number {
    const code = this.#codes[bit]!;
    return code === -1 ? this.#enter(bit) : code;
  }

  #enter(bit: number): number {
    this.#codes[bit] = this.#texts.length;
    this.#texts.push(bit === 1 ? 'true' : 'false');
    return this.#codes[bit]!;
  }

  spread(levels: Int32Array, row: number, count: number, valueCount: number): void {
    spreadCodes(this.out, levels, row, count, valueCount);
  }

  check(): void {}

  finish(): RawColumn {
    return { kind: 'text', name: this.name, codes: this.out, texts: this.#texts };
  }
}
