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
  memory?: BlockMemory,
): AsyncGenerator<TextBlock> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of inPieces(chunks, blockBytes)) {
    parts.push(chunk);
    length += chunk.length;
    if (length < blockBytes) continue;
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      if (length > limit) throw onTooLong();
      continue;
    }
    parts[parts.length - 1] = chunk.subarray(0, end);
    yield { bytes: joined(parts, memory), isLast: false };
    // the stream may use a chunk's memory again
    const rest = Uint8Array.from(chunk.subarray(end));
    parts = [rest];
    length = rest.length;
  }
  const last = parts.findLast((part) => part.length > 0);
  if (last === undefined || last.at(-1) !== newline) parts.push(Uint8Array.of(newline));
  yield { bytes: joined(parts, memory), isLast: true };
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
    // a short text is one block; what is not written to takes no memory
    const room = this.blockBytes + Math.min(roomBytes, this.blockBytes);
    const capacity = length < this.blockBytes ? length : Math.max(length, room);
    return new Uint8Array(known ?? new SharedArrayBuffer(capacity), 0, length);
  }

  /** The caller, and all threads, are done with what {@link take} gave. */
  give({ buffer }: Uint8Array): void {
    this.#free.push(buffer as unknown as SharedArrayBuffer);
  }
}
