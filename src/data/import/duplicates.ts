import type { RawColumn, RawTable } from '../raw-table.js';

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

/** Rows that are the same in all columns as one before them, by a hash of 53 bits. */
export function countDuplicateRows({ columns, rowCount }: RawTable): number {
  const hashes = new Int32Array(rowCount * 2).fill(0x811c9dc5);
  for (const column of columns) {
    const cells = wordsOf(column);
    for (let row = 0; row < rowCount; row++) {
      for (let i = 0; i < cells.size; i++) mix(hashes, row, cells.words[row * cells.size + i]!);
    }
  }
  const keys = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++)
    keys[row] = (hashes[2 * row]! >>> 11) * 2 ** 32 + (hashes[2 * row + 1]! >>> 0);
  keys.sort();
  let count = 0;
  for (let row = 1; row < rowCount; row++) if (keys[row] === keys[row - 1]) count++;
  return count;
}

/** For each column that says the same as an earlier one, row by row, the earlier one's name; texts may be spelt differently. */
export function duplicateColumns(columns: readonly RawColumn[]): Map<string, string> {
  const byHash = new Map<string, RawColumn[]>();
  const duplicates = new Map<string, string>();
  for (const column of columns) {
    const cells = wordsOf(column);
    const hash = new Int32Array([0x811c9dc5, 0x811c9dc5]);
    for (const word of cells.words) mix(hash, 0, word);
    const key = `${column.kind} ${hash}`;
    const same = (byHash.get(key) ?? []).find((other) => isSame(other, column));
    if (same !== undefined) duplicates.set(column.name, same.name);
    else byHash.set(key, [...(byHash.get(key) ?? []), column]);
  }
  return duplicates;
}

function isSame(a: RawColumn, b: RawColumn): boolean {
  const [first, second] = [wordsOf(a).words, wordsOf(b).words];
  return a.kind === b.kind && first.length === second.length && first.every((word, i) => word === second[i]);
}
