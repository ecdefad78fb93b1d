import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { errors } from '../errors.js';

/** Roughly what a distinct text takes, beside its letters: the string, and its place in a list and in a map. */
const bytesOfText = 96;

/** The share of JavaScript's heap that texts may take: what is beyond the heap ends the process. */
const heapShare = 0.7;

/** Counts what a table takes while it is read, and ends the reading before it is too much. */
export class MemoryLimit {
  readonly #limit: number;
  #used = 0;
  #textBytes = 0;

  constructor(
    private readonly path: string,
    limitBytes: number | undefined,
  ) {
    this.#limit = limitBytes ?? defaultTableBytes();
  }

  get limitBytes(): number {
    return this.#limit;
  }

  /** @throws DATA_MEMORY_LIMIT if `bytes` more are too many. */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#limit) throw errors.DATA_MEMORY_LIMIT({ path: this.path, limit: this.#limit });
  }

  /**
   * The same for distinct texts.
   *
   * @param letters of all of them
   * @throws DATA_MEMORY_LIMIT; DATA_TEXTS_TOO_LARGE if they are too many for JavaScript's heap, where strings lie.
   */
  takeTexts(count: number, letters: number): void {
    const bytes = count * bytesOfText + letters;
    this.take(bytes);
    this.#textBytes += bytes;
    const limit = Math.floor(getHeapStatistics().heap_size_limit * heapShare);
    if (this.#textBytes > limit) throw errors.DATA_TEXTS_TOO_LARGE({ of: this.path, limit });
  }
}

/** Bytes that a table may take, unless it is said. */
export function defaultTableBytes(): number {
  return Math.floor(availableBytes() / 2);
}

/** Letters of texts, in UTF-16 units. */
export function lettersOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** The memory of the machine, or of the container, if it has less. */
function availableBytes(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
