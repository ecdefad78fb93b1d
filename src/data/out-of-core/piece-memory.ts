type Pieces = Float64Array | Float32Array | Int32Array | Uint8Array;

type PieceArray<A extends Pieces> = new (buffer: never, byteOffset: number, length: number) => A;

/** Memory of pieces of rows that are under way, used again for the next ones: pieces of a whole table would be garbage of its size. */
export class PieceMemory {
  readonly #buffers = new Map<string, ArrayBuffer>();

  /** Room for `length` values of a purpose, until the next that is taken for it; what is there is not zeroed. */
  take<A extends Pieces>(purpose: string, array: PieceArray<A>, length: number): A {
    const bytes = length * 8;
    let buffer = this.#buffers.get(purpose);
    if (buffer === undefined || buffer.byteLength < bytes) {
      buffer = new ArrayBuffer(bytes);
      this.#buffers.set(purpose, buffer);
    }
    return new array(buffer as never, 0, length);
  }
}
