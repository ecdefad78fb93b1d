/**
 * LZ4's frame format, as Arrow's buffers have it: what no well-kept package decodes within a limit. Checksums are not
 * checked. Y. Collet, "LZ4 Frame Format Description" 1.6.4 and "LZ4 Block Format Description".
 */

const magic = 0x184d2204;
const blockSizes: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };

/**
 * Decompresses one frame.
 *
 * @param limit bytes that it may become
 * @throws Error where the frame is damaged, cut off, or larger
 */
export function decompressLz4Frame(input: Uint8Array, limit: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== magic) throw new Error('it does not start as an LZ4 frame does');
  const flags = input[4]!;
  if (flags >> 6 !== 1 || (flags & 1) !== 0) throw new Error('its LZ4 frame is of a kind that is not supported');
  const largestBlock = blockSizes[(input[5]! >> 4) & 7];
  if (largestBlock === undefined) throw new Error('its LZ4 frame has a block size that does not exist');
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 8) !== 0;
  const output = new Output(limit, hasSize ? Number(view.getBigUint64(6, true)) : input.length * 3);
  let at = 7 + (hasSize ? 8 : 0);
  for (;;) {
    if (at + 4 > input.length) throw new Error('its LZ4 frame is cut off');
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) return output.finish();
    const end = at + (header & 0x7fffffff);
    if (end > input.length) throw new Error('its LZ4 frame is cut off');
    if (header >>> 31) output.literals(input, at, end);
    else decompressBlock(input, at, end, output);
    at = end + (hasBlockChecksum ? 4 : 0);
  }
}

/**
 * Decompresses one block without a frame.
 *
 * @param limit bytes that it may become
 * @throws Error where it is damaged, cut off, or larger
 */
export function decompressLz4Block(input: Uint8Array, limit: number): Uint8Array {
  const output = new Output(limit, limit);
  decompressBlock(input, 0, input.length, output);
  return output.finish();
}

function decompressBlock(input: Uint8Array, start: number, end: number, output: Output): void {
  let at = start;
  const length = (first: number) => {
    let total = first;
    if (first !== 15) return total;
    let byte: number;
    do {
      if (at >= end) throw new Error('its LZ4 data are damaged');
      byte = input[at++]!;
      total += byte;
    } while (byte === 255);
    return total;
  };
  while (at < end) {
    const token = input[at++]!;
    const literals = length(token >> 4);
    if (at + literals > end) throw new Error('its LZ4 data are damaged');
    output.literals(input, at, at + literals);
    at += literals;
    // the last sequence has no match
    if (at === end) return;
    if (at + 2 > end) throw new Error('its LZ4 data are damaged');
    const distance = input[at]! | (input[at + 1]! << 8);
    at += 2;
    output.match(distance, length(token & 15) + 4);
  }
}

/** Grows up to its limit. */
class Output {
  #bytes: Uint8Array;
  #length = 0;

  constructor(
    private readonly limit: number,
    expected: number,
  ) {
    this.#bytes = new Uint8Array(Math.min(limit, Math.max(64, expected)));
  }

  literals(input: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    this.#bytes.set(input.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  match(distance: number, length: number): void {
    if (distance === 0 || distance > this.#length) throw new Error('its LZ4 data are damaged');
    this.#reserve(length);
    const bytes = this.#bytes;
    const to = this.#length;
    const from = to - distance;
    if (distance >= length) bytes.copyWithin(to, from, from + length);
    // it repeats what it writes
    else for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i]!;
    this.#length += length;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > this.limit) throw new Error(`it becomes more than ${this.limit} bytes once it is decompressed`);
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.min(this.limit, Math.max(needed, this.#bytes.length * 2)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
