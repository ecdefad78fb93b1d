import { totalmem } from 'node:os';
import { errors } from '../errors.js';

/** Roughly what a distinct text takes, beside its letters. */
export const bytesOfText = 64;

/** Counts what a table takes while it is read, and ends the reading before it is too much. */
export class MemoryLimit {
  readonly #limit: number;
  #used = 0;

  constructor(
    private readonly path: string,
    limitBytes: number | undefined,
  ) {
    this.#limit = limitBytes ?? Math.floor(availableBytes() / 2);
  }

  get limitBytes(): number {
    return this.#limit;
  }

  /** @throws DATA_MEMORY_LIMIT if `bytes` more are too many. */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#limit) throw errors.DATA_MEMORY_LIMIT({ path: this.path, limit: this.#limit });
  }
}

/** The memory of the machine, or of the container, if it has less. */
function availableBytes(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
