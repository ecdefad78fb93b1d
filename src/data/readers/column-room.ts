import { allocateShared } from '../shared-memory.js';

/**
 * Memory for the columns of a table that are read a few at a time: the next ones lie where the ones before them lay. New arrays for each would
 * be garbage of the size of the table, which V8 collects late, and which the allocator keeps for still longer. Threads fill it in place.
 */
export class ColumnRoom {
  #free: SharedArrayBuffer[] = [];
  #taken: SharedArrayBuffer[] = [];

  /** Room for the numbers of a column; what is there is not zeroed. */
  numbers(rowCount: number): Float64Array {
    return new Float64Array(this.#take(rowCount), 0, rowCount);
  }

  /** Room for the codes of a column of texts. */
  codes(rowCount: number): Int32Array {
    return new Int32Array(this.#take(rowCount), 0, rowCount);
  }

  /** Nobody uses the columns any more that lie here. */
  reuse(): void {
    this.#free.push(...this.#taken);
    this.#taken = [];
  }

  #take(rowCount: number): SharedArrayBuffer {
    // whether of numbers or of texts, a column fits into the place of any other
    const bytes = rowCount * Float64Array.BYTES_PER_ELEMENT;
    const found = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    const buffer = found === -1 ? allocateShared(bytes) : this.#free.splice(found, 1)[0]!;
    this.#taken.push(buffer);
    return buffer;
  }
}
