import { allocateShared } from '../../shared-memory.js';

type CellArray = Float64Array | Int32Array;

/** Arrays that cells are collected in while a block is parsed; a thread uses them again for the next block. What is in them is not zeroed. */
export class CellArrays {
  readonly #numbers: Float64Array[] = [];
  readonly #codes: Int32Array[] = [];

  /** Room for at least so many numbers. */
  numbers(capacity: number): Float64Array {
    return taken(this.#numbers, capacity) ?? new Float64Array(capacity);
  }

  /** The same for codes of texts. */
  codes(capacity: number): Int32Array {
    return taken(this.#codes, capacity) ?? new Int32Array(capacity);
  }

  /** Nobody uses the array any more. */
  give(array: CellArray): void {
    if (array.length === 0) return;
    if (array instanceof Float64Array) this.#numbers.push(array);
    else this.#codes.push(array);
  }
}

/** An array that is long enough; shorter ones are forgotten, or they would pile up where blocks have ever more rows. */
function taken<A extends CellArray>(free: A[], capacity: number): A | undefined {
  for (;;) {
    const array = free.pop();
    if (array === undefined || array.length >= capacity) return array;
  }
}

/** Where threads put the cells of a block, one column after another: shared memory. */
export class CellBlock {
  #end = 0;

  constructor(private readonly buffer: SharedArrayBuffer) {}

  /** A copy of the values, which lies here. */
  put<A extends CellArray>(values: A): A {
    const [offset, length] = [this.#end, values.length];
    // each column starts where numbers may
    this.#end = Math.ceil((offset + values.byteLength) / 8) * 8;
    const isNumbers = values instanceof Float64Array;
    const copy = isNumbers
      ? new Float64Array(this.buffer, offset, length)
      : new Int32Array(this.buffer, offset, length);
    copy.set(values);
    return copy as A;
  }
}

/** Memory of blocks' cells that are done with, for the next ones: V8 does not count shared memory as what its garbage holds. */
export class CellMemory {
  readonly #free: SharedArrayBuffer[] = [];

  /**
   * Room for all cells of a block.
   *
   * @param textBytes of the block: what is not written to takes no memory
   */
  take(textBytes: number, columnCount: number): SharedArrayBuffer {
    // something ends each cell, and each takes eight bytes at most
    const bytes = 8 * (textBytes + columnCount);
    const found = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    return found === -1 ? allocateShared(bytes) : this.#free.splice(found, 1)[0]!;
  }

  /** The caller, and all threads, are done with what {@link take} gave. */
  give(cells: SharedArrayBuffer): void {
    this.#free.push(cells);
  }
}
