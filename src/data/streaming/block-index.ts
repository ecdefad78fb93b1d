import type { Hash } from 'node:crypto';
import { type SharedDataset, type SplitName, splitEntries } from '../shared-dataset.js';
import { type ArrowFile, codeOf } from './arrow-file.js';
import type { ArrowLayout } from './arrow-layout.js';
import type { SplitBlocks } from './stream.js';

/** Rows, or bytes, that are looked at together. */
const pieceRows = 2 ** 18;
const pieceBytes = 2 ** 21;

/** Finds the blocks of each split that has rows, reading which row is whose once. */
export function indexBlocks(file: ArrowFile, layout: ArrowLayout, rowsPerBlock: number): SplitBlocks[] {
  const names = (['train', 'validation', 'test'] as const).filter((split) => codeOf(layout, split) !== -1);
  const splits = names.map((split) => ({
    split,
    code: codeOf(layout, split),
    count: 0,
    from: [] as number[],
    to: [] as number[],
  }));
  forEachCodes(file, layout, (codes, fromRow) => {
    for (const found of splits) {
      for (let row = 0; row < codes.length; row++) {
        if (codes[row] !== found.code) continue;
        if (found.count++ % rowsPerBlock === 0) {
          found.from.push(fromRow + row);
          found.to.push(fromRow + row);
        }
        found.to[found.to.length - 1] = fromRow + row + 1;
      }
    }
  });
  return splits
    .filter(({ count }) => count > 0)
    .map(({ split, count, from, to }) => ({ split, rowCount: count, from: shared(from), to: shared(to) }));
}

function shared(values: readonly number[]): Int32Array {
  const view = new Int32Array(new SharedArrayBuffer(values.length * Int32Array.BYTES_PER_ELEMENT));
  view.set(values);
  return view;
}

/** Adds the values of all columns, in order, to a data set's digest. */
export function hashColumns(hash: Hash, file: ArrowFile, { columns, rowCount }: ArrowLayout): void {
  const piece = Buffer.alloc(pieceBytes);
  for (const column of columns) {
    const rows = Math.max(1, Math.floor(pieceBytes / column.rowBytes));
    const target = column.rowBytes > pieceBytes ? Buffer.alloc(column.rowBytes) : piece;
    for (let row = 0; row < rowCount; row += rows) {
      const count = Math.min(rows, rowCount - row);
      const part = target.subarray(0, count * column.rowBytes);
      file.readRows(column, row, count, part);
      hash.update(part);
    }
  }
}

/** Adds the row numbers of all splits, in order, to a data set's digest. */
export function hashSplits(hash: Hash, file: ArrowFile, layout: ArrowLayout, splits: SharedDataset['splits']): void {
  for (const [split] of splitEntries(splits)) {
    const code = codeOf(layout, split);
    forEachCodes(file, layout, (codes, fromRow) => hash.update(rowsOf(codes, code, fromRow)));
  }
}

/** The rows of a split, ascending. */
export function splitRowNumbers(file: ArrowFile, layout: ArrowLayout, split: SplitName): Int32Array {
  const parts: Int32Array[] = [];
  forEachCodes(file, layout, (codes, fromRow) => void parts.push(rowsOf(codes, codeOf(layout, split), fromRow)));
  const rows = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let written = 0;
  for (const part of parts) {
    rows.set(part, written);
    written += part.length;
  }
  return rows;
}

function rowsOf(codes: Int8Array, code: number, fromRow: number): Int32Array {
  const rows = new Int32Array(codes.length);
  let count = 0;
  for (let row = 0; row < codes.length; row++) if (codes[row] === code) rows[count++] = fromRow + row;
  return rows.slice(0, count);
}

function forEachCodes(file: ArrowFile, layout: ArrowLayout, use: (codes: Int8Array, fromRow: number) => void): void {
  for (let row = 0; row < layout.rowCount; row += pieceRows) {
    use(file.readSplits(layout, row, Math.min(pieceRows, layout.rowCount - row)), row);
  }
}
