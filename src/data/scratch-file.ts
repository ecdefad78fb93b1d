import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../files/index.js';

/** Bytes of one call: more are cut off by the system. */
const atOnce = 2 ** 30;

/** A file without a name, for what does not fit into memory. Calls are synchronous. It is gone when it is closed, or the process ends. */
export class ScratchFile {
  #end = 0;

  private constructor(
    private readonly file: number,
    private readonly directory: string,
  ) {}

  /**
   * @param directory on a disk with room for what is to be kept; made where it is missing
   * @throws FILES_…
   */
  static create(directory: string): ScratchFile {
    const path = join(directory, `.tfjs-tuner-${process.pid}-${performance.now()}.scratch`);
    try {
      mkdirSync(directory, { recursive: true });
      const file = openSync(path, 'wx+');
      unlinkSync(path);
      return new ScratchFile(file, directory);
    } catch (error) {
      throw fileError('write', directory, error);
    }
  }

  /** Bytes so far. */
  get length(): number {
    return this.#end;
  }

  /** @returns where the bytes begin. @throws FILES_DISK_FULL, FILES_… */
  append(values: ArrayBufferView): number {
    const bytes = bytesOf(values);
    const start = this.#end;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.file, bytes, done, Math.min(atOnce, bytes.length - done), start + done);
      }
    } catch (error) {
      throw fileError('write', this.directory, error);
    }
    this.#end += bytes.length;
    return start;
  }

  /** Fills `target` with what was appended from `position` on. */
  read(target: ArrayBufferView, position: number): void {
    const bytes = bytesOf(target);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.file, bytes, done, Math.min(atOnce, bytes.length - done), position + done);
      if (count === 0) throw new Error(`the scratch file ends at byte ${position + done}`);
      done += count;
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
