import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errors } from '../errors.js';
import type { SplitName } from '../shared-dataset.js';
import type { ArrowLayout, FileColumn } from './arrow-layout.js';

/** What must stay as it is for a file to be the same file. */
export interface FileIdentity {
  readonly path: string;
  readonly size: number;
  /** In milliseconds. */
  readonly modified: number;
}

/** `read` takes at most 2^31 - 1 bytes. */
const readAtOnce = 2 ** 30;

/** Reads rows of a data set's file in this thread. Calls are synchronous: they are made where there is nothing else to do. */
export class ArrowFile {
  private constructor(
    readonly file: number,
    readonly identity: FileIdentity,
  ) {}

  /**
   * @param known the file as it was found before
   * @throws DATA_STREAM_CHANGED if it is another one now; DATA_FILE_NOT_FOUND, DATA_FILE_UNREADABLE
   */
  static open(path: string, known?: FileIdentity): ArrowFile {
    const file = attempt(path, () => openSync(path, 'r'));
    const { size, mtimeMs } = fstatSync(file);
    const opened = new ArrowFile(file, known ?? { path, size, modified: mtimeMs });
    try {
      opened.check();
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  }

  /** @throws DATA_STREAM_CHANGED if the file was written to since it was found. */
  check(): void {
    const { path, size, modified } = this.identity;
    const now = attempt(path, () => fstatSync(this.file));
    if (now.size !== size)
      throw errors.DATA_STREAM_CHANGED({ path, reason: `it had ${size} bytes, and has ${now.size}` });
    if (now.mtimeMs !== modified) throw errors.DATA_STREAM_CHANGED({ path, reason: 'it was written to' });
  }

  /** Reads `target.byteLength` bytes, straight into `target`, shared memory or not. */
  readInto(target: Uint8Array, position: number): void {
    readFully(this.identity.path, this.file, target, position);
  }

  /** Reads rows `fromRow` to `fromRow` + `rowCount` (not included) of a column into `target`, which has their size. */
  readRows({ chunks, rowBytes }: FileColumn, fromRow: number, rowCount: number, target: Uint8Array): void {
    for (const chunk of chunks) {
      const from = Math.max(fromRow, chunk.fromRow);
      const to = Math.min(fromRow + rowCount, chunk.fromRow + chunk.rowCount);
      if (from >= to) continue;
      const part = target.subarray((from - fromRow) * rowBytes, (to - fromRow) * rowBytes);
      this.readInto(part, chunk.position + (from - chunk.fromRow) * rowBytes);
    }
  }

  /** The split of each row from `fromRow` on, as an index into the layout's names; -1 for none. */
  readSplits({ splits }: ArrowLayout, fromRow: number, rowCount: number): Int8Array {
    const codes = new Int8Array(rowCount);
    for (const chunk of splits.chunks) {
      const from = Math.max(fromRow, chunk.fromRow);
      const to = Math.min(fromRow + rowCount, chunk.fromRow + chunk.rowCount);
      if (from >= to) continue;
      const part = codes.subarray(from - fromRow, to - fromRow);
      const first = from - chunk.fromRow;
      this.readInto(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), chunk.position + first);
      if (chunk.validity !== undefined) this.#clearMissing(part, chunk.validity, first);
    }
    return codes;
  }

  /** Codes of rows whose bit is 0 become -1. `first`: the bit of the first code. */
  #clearMissing(codes: Int8Array, validity: number, first: number): void {
    const firstByte = first >> 3;
    const bits = new Uint8Array(((first + codes.length + 7) >> 3) - firstByte);
    this.readInto(bits, validity + firstByte);
    for (let row = 0; row < codes.length; row++) {
      const bit = first + row - 8 * firstByte;
      if (((bits[bit >> 3]! >> (bit & 7)) & 1) === 0) codes[row] = -1;
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Reads `target.byteLength` bytes of an open file; `path` is for messages. */
export function readFully(path: string, file: number, target: Uint8Array, position: number): void {
  for (let read = 0; read < target.byteLength; ) {
    const length = Math.min(readAtOnce, target.byteLength - read);
    const count = attempt(path, () => readSync(file, target, read, length, position + read));
    if (count === 0) throw errors.DATA_STREAM_CHANGED({ path, reason: `it ends at byte ${position + read}` });
    read += count;
  }
}

/** Rows of a split that are neighbours: of each run its first row and the row after its last. */
export function runsOf(codes: Int8Array, code: number, fromRow: number): number[] {
  const runs: number[] = [];
  for (let row = 0; row < codes.length; ) {
    while (row < codes.length && codes[row] !== code) row++;
    if (row === codes.length) break;
    const start = row;
    while (row < codes.length && codes[row] === code) row++;
    runs.push(fromRow + start, fromRow + row);
  }
  return runs;
}

/** The code of a split in a file; -1 if no row of it can have it. */
export function codeOf({ splits }: ArrowLayout, split: SplitName): number {
  return splits.names.indexOf(split);
}

function attempt<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw errors.DATA_FILE_NOT_FOUND({ path }, cause);
    throw errors.DATA_FILE_UNREADABLE({ path, reason: message }, cause);
  }
}
