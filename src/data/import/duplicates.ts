import { createHash } from 'node:crypto';
import type { RawColumn } from '../raw-table.js';

/** Two hashes of 32 bits each, over what is added; FNV-1a and a variant with another prime. */
function mix(hashes: Int32Array, at: number, word: number): void {
  hashes[2 * at] = Math.imul(hashes[2 * at]! ^ word, 0x01000193);
  const other = Math.imul(hashes[2 * at + 1]! ^ word, 0x85ebca6b);
  hashes[2 * at + 1] = other ^ (other >>> 13);
}

/** A column's cells as 32-bit words, two a number: equal cells have equal words. */
function wordsOf(column: RawColumn): { words: Int32Array; size: number } {
  if (column.kind === 'text') return { words: column.codes, size: 1 };
  return { words: new Int32Array(column.values.buffer, column.values.byteOffset, column.values.length * 2), size: 2 };
}

/** Counts rows that are the same in all columns, which are added one after another: 8 bytes a row, whatever columns there are. */
export class RepeatedRows {
  readonly #hashes: Int32Array;

  constructor(private readonly rowCount: number) {
    this.#hashes = new Int32Array(rowCount * 2).fill(0x811c9dc5);
  }

  add(column: RawColumn): void {
    const { words, size } = wordsOf(column);
    const hashes = this.#hashes;
    for (let row = 0; row < this.rowCount; row++) {
      for (let i = 0; i < size; i++) mix(hashes, row, words[row * size + i]!);
    }
  }

  /** Rows that are the same as one before them, by a hash of 53 bits. To be called once: what was added is lost. */
  count(): number {
    const hashes = this.#hashes;
    // each key lies where its two hashes lay
    const keys = new Float64Array(hashes.buffer);
    for (let row = 0; row < this.rowCount; row++)
      keys[row] = (hashes[2 * row]! >>> 11) * 2 ** 32 + (hashes[2 * row + 1]! >>> 0);
    keys.sort();
    let count = 0;
    for (let row = 1; row < this.rowCount; row++) if (keys[row] === keys[row - 1]) count++;
    return count;
  }
}

/** Finds columns that say the same as an earlier one, row by row; texts may be spelt differently. */
export class RepeatedColumns {
  /** The first column of each content, by its SHA-256: columns need not be in memory together to be compared. */
  readonly #names = new Map<string, string>();

  /** The name of the earlier one; `undefined` if there is none. */
  add(column: RawColumn): string | undefined {
    const key = `${column.kind} ${createHash('sha256').update(wordsOf(column).words).digest('base64')}`;
    const earlier = this.#names.get(key);
    if (earlier === undefined) this.#names.set(key, column.name);
    return earlier;
  }
}
