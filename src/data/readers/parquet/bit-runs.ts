/**
 * Parquet's hybrid of run lengths and bit-packed integers: levels, dictionary indices and booleans.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md#run-length-encoding--bit-packing-hybrid-rle--3
 */

/** Bits of an integer that one load of 32 bits holds wherever it starts. */
export const widthLimit = 25;

/** Reads integers of `width` bits, 0 to {@link widthLimit}, from `bytes` (less than 256 MiB, for bits are counted in 31) between `at` and `end`. */
export class BitRuns {
  readonly #view: DataView;
  /** Values left of the run. */
  #left = 0;
  #isPacked = false;
  /** Of a run of one value. */
  #value = 0;
  /** Where the next packed value starts. */
  #bit = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
    private readonly width: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Whether the next `count` values are one run of `value`. */
  startsWith(value: number, count: number): boolean {
    if (this.#left === 0 && count > 0) this.#nextRun();
    return !this.#isPacked && this.#value === value && this.#left >= count;
  }

  /**
   * Writes the next `count` values to the start of `out`.
   *
   * @throws Error if there are fewer
   */
  read(out: Int32Array, count: number): void {
    for (let done = 0; done < count; ) {
      if (this.#left === 0) this.#nextRun();
      const taken = Math.min(this.#left, count - done);
      if (this.#isPacked) this.#unpack(out, done, taken);
      else out.fill(this.#value, done, done + taken);
      this.#left -= taken;
      done += taken;
    }
  }

  #nextRun(): void {
    if (this.#isPacked) this.at = (this.#bit + 7) >>> 3;
    const head = this.#varint();
    this.#isPacked = (head & 1) === 1;
    this.#left = this.#isPacked ? (head >>> 1) * 8 : head >>> 1;
    if (this.#isPacked) {
      this.#bit = this.at * 8;
      return;
    }
    const byteCount = (this.width + 7) >> 3;
    if (this.at + byteCount > this.end) throw cutOff();
    this.#value = 0;
    for (let i = 0; i < byteCount; i++) this.#value |= this.bytes[this.at++]! << (8 * i);
    if (this.#value < 0 || this.#value >= 2 ** this.width)
      throw new Error('a page has a value of more bits than its others');
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) throw cutOff();
      const byte = this.bytes[this.at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Error('a page has a damaged run of values');
  }

  #unpack(out: Int32Array, from: number, count: number): void {
    const { width } = this;
    const view = this.#view;
    const start = this.#bit;
    if (start + width * count > this.end * 8) throw cutOff();
    const mask = 2 ** width - 1;
    // as many as can be loaded without reading over the end
    const lastBit = (view.byteLength - 4) * 8;
    const safe = width === 0 ? count : Math.max(0, Math.min(count, Math.floor((lastBit - start) / width)));
    let bit = start;
    let i = from;
    if (width === 0) out.fill(0, from, from + count);
    else {
      for (const stop = from + safe; i < stop; i++) {
        out[i] = (view.getUint32(bit >>> 3, true) >>> (bit & 7)) & mask;
        bit += width;
      }
      for (const stop = from + count; i < stop; i++) {
        out[i] = this.#slow(bit);
        bit += width;
      }
    }
    this.#bit = start + width * count;
  }

  /** The value at a bit, byte by byte. */
  #slow(bit: number): number {
    let value = 0;
    for (let k = 0; k < this.width; k++) {
      const at = bit + k;
      value |= ((this.bytes[at >>> 3]! >> (at & 7)) & 1) << k;
    }
    return value;
  }
}

function cutOff(): Error {
  return new Error('a page ends before its values do');
}
