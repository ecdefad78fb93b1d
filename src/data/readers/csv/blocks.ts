import { allocateShared } from '../../shared-memory.js';

/** A piece of text that starts where a record does, as far as line ends can tell, and ends with a line end. */
export interface TextBlock {
  /** On shared memory: threads read it without a copy. */
  readonly bytes: Uint8Array;
  /** Whether it is the last one. */
  readonly isLast: boolean;
}

/** Bytes of a block: a few milliseconds of work. Results do not depend on it. */
const defaultBlockBytes = 4 << 20;

/**
 * Cuts UTF-8 into blocks at line ends. The last line is given the end that it may lack.
 *
 * @param newline 10, or 13 for files whose lines end with it alone
 * @param limit bytes of a line that ends the search for its end: `onTooLong` then gives the error to throw
 * @param blockBytes of a block, at least; of one that has a longer line, more
 * @param memory to be used again, of blocks that are done with
 */
export async function* cutIntoBlocks(
  chunks: AsyncIterable<Uint8Array>,
  newline: number,
  limit: number,
  onTooLong: () => Error,
  blockBytes = defaultBlockBytes,
  memory = new BlockMemory(blockBytes),
): AsyncGenerator<TextBlock> {
  let block = memory.takeWhole();
  let length = 0;
  // in pieces, so that no block is much longer than it has to be
  for await (const chunk of inPieces(chunks, Math.ceil(blockBytes / 4))) {
    // one more, for the end that the last line may lack
    if (length + chunk.length + 1 > block.length) block = memory.enlarged(block, length + chunk.length + 1);
    // a copy: the stream may use a chunk's memory again
    block.set(chunk, length);
    length += chunk.length;
    if (length < blockBytes) continue;
    const end = length - chunk.length + chunk.lastIndexOf(newline) + 1;
    if (end === length - chunk.length) {
      if (length > limit) throw onTooLong();
      continue;
    }
    const next = memory.takeWhole();
    next.set(block.subarray(end, length));
    yield { bytes: block.subarray(0, end), isLast: false };
    block = next;
    length -= end;
  }
  if (length === 0 || block[length - 1] !== newline) block[length++] = newline;
  yield { bytes: block.subarray(0, length), isLast: true };
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += size) yield chunk.subarray(start, start + size);
  }
}

/** In one piece of shared memory. */
export function joined(parts: readonly Uint8Array[], memory?: BlockMemory): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = memory?.take(length) ?? new Uint8Array(new SharedArrayBuffer(length));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Room for the chunk that completes a block, which is no longer than a block. */
const roomBytes = 2 << 20;

/**
 * Memory of blocks that are done with, for the next ones. V8 does not count shared memory as what its garbage holds: without this, a whole
 * file's blocks could stay in memory until something else makes it collect them.
 */
export class BlockMemory {
  readonly #free: SharedArrayBuffer[] = [];

  /** @param blockBytes of a block, at least */
  constructor(private readonly blockBytes = defaultBlockBytes) {}

  take(length: number): Uint8Array {
    const found = this.#free.findIndex(({ byteLength }) => byteLength >= length);
    const [known] = found === -1 ? [] : this.#free.splice(found, 1);
    // what is not written to takes no memory
    return new Uint8Array(known ?? allocateShared(Math.max(length, this.#wholeBytes)), 0, length);
  }

  /** Room for a block with the chunk that completes it. */
  takeWhole(): Uint8Array {
    return this.take(this.#wholeBytes);
  }

  /** A block that is under way, with more room. */
  enlarged(block: Uint8Array, length: number): Uint8Array {
    const larger = this.take(Math.max(length, block.length * 2));
    larger.set(block);
    this.give(block);
    return larger;
  }

  get #wholeBytes(): number {
    return this.blockBytes + Math.min(roomBytes, this.blockBytes) + 1;
  }

  /** The caller, and all threads, are done with what {@link take} gave. */
  give({ buffer }: Uint8Array): void {
    this.#free.push(buffer as unknown as SharedArrayBuffer);
  }
}
