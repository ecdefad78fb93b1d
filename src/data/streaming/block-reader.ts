import { errors } from '../errors.js';
import type { SharedDataset } from '../shared-dataset.js';
import { ArrowFile, codeOf, readFully, runsOf } from './arrow-file.js';
import type { FileColumn } from './arrow-layout.js';
import type { Stream, ValidationCopy } from './stream.js';

/** Bytes of the file that are read at once where rows of several splits lie between each other. */
const scratchBytes = 2 ** 18;
/** A gap of more bytes than this takes longer to read than another call does. */
const widestGapBytes = 2 ** 13;

/** Reads blocks into the slots of a data set, in this thread. */
export class BlockReader {
  #file: ArrowFile | undefined;
  readonly #scratch = Buffer.alloc(scratchBytes);
  readonly #stream: Stream;

  constructor(private readonly dataset: SharedDataset & { readonly stream: Stream }) {
    this.#stream = dataset.stream;
  }

  /** @throws DATA_STREAM_CHANGED, DATA_FILE_NOT_FOUND, DATA_FILE_UNREADABLE */
  read(block: number, slot: number): void {
    const { layout, plan } = this.#stream;
    const targets = layout.columns.map(({ rowBytes }, index) => {
      const bytes = plan.rowsPerBlock * rowBytes;
      return new Uint8Array(this.dataset.buffer, this.dataset.columns[index]!.byteOffset + slot * bytes, bytes);
    });
    this.readInto(block, targets);
  }

  /**
   * Reads a block to where it is wanted: one target a column, each with room for a whole block.
   *
   * @throws as {@link read} does
   */
  readInto(block: number, targets: readonly Uint8Array[]): void {
    const { identity, layout, copy } = this.#stream;
    this.#file ??= ArrowFile.open(identity.path, identity);
    this.#file.check();
    const { from, to, code, rowCount } = this.#locate(block);
    const parts = layout.columns.map(({ rowBytes }, index) => targets[index]!.subarray(0, rowCount * rowBytes));
    if (copy !== undefined && block >= copy.firstBlock && block < copy.firstBlock + copy.blockCount) {
      this.#readCopy(copy, block, parts);
      return;
    }
    const runs = runsOf(this.#file.readSplits(layout, from, to - from), code, from);
    let found = 0;
    for (let index = 0; index < runs.length; index += 2) found += runs[index + 1]! - runs[index]!;
    if (found !== rowCount) {
      const reason = `there were ${rowCount} rows of a split between rows ${from} and ${to}, and there are ${found}`;
      throw errors.DATA_STREAM_CHANGED({ path: identity.path, reason });
    }
    for (const [index, column] of layout.columns.entries()) this.#readRuns(this.#file, column, runs, parts[index]!);
  }

  #readCopy({ file, firstBlock, blockBytes }: ValidationCopy, block: number, parts: readonly Uint8Array[]): void {
    const { identity, layout, plan } = this.#stream;
    let position = (block - firstBlock) * blockBytes;
    for (const [index, part] of parts.entries()) {
      readFully(identity.path, file, part, position);
      position += plan.rowsPerBlock * layout.columns[index]!.rowBytes;
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #locate(block: number): { from: number; to: number; code: number; rowCount: number } {
    const { splits, plan, layout } = this.#stream;
    let index = block;
    for (const { split, from, to, rowCount } of splits) {
      if (index >= from.length) {
        index -= from.length;
        continue;
      }
      const count = Math.min(plan.rowsPerBlock, rowCount - index * plan.rowsPerBlock);
      return { from: from[index]!, to: to[index]!, code: codeOf(layout, split), rowCount: count };
    }
    throw new Error(`there is no block ${block}`);
  }

  /** Reads rows one after another into `target`: long runs straight, short ones that are near each other through one read. */
  #readRuns(file: ArrowFile, column: FileColumn, runs: readonly number[], target: Uint8Array): void {
    const { rowBytes } = column;
    let written = 0;
    for (let first = 0; first < runs.length; ) {
      const end = groupEnd(runs, first, rowBytes);
      const fromRow = runs[first]!;
      const rowCount = runs[end - 1]! - fromRow;
      if (end - first === 2) {
        file.readRows(column, fromRow, rowCount, target.subarray(written, written + rowCount * rowBytes));
        written += rowCount * rowBytes;
      } else {
        const scratch = this.#scratch.subarray(0, rowCount * rowBytes);
        file.readRows(column, fromRow, rowCount, scratch);
        for (let index = first; index < end; index += 2) {
          const start = (runs[index]! - fromRow) * rowBytes;
          const stop = (runs[index + 1]! - fromRow) * rowBytes;
          target.set(scratch.subarray(start, stop), written);
          written += stop - start;
        }
      }
      first = end;
    }
  }
}

/** Where the runs that are read together with the one at `first` end. */
function groupEnd(runs: readonly number[], first: number, rowBytes: number): number {
  let end = first + 2;
  for (; end < runs.length; end += 2) {
    const isFar = (runs[end]! - runs[end - 1]!) * rowBytes > widestGapBytes;
    if (isFar || (runs[end + 1]! - runs[first]!) * rowBytes > scratchBytes) break;
  }
  return end;
}
