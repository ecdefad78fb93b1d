import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { errors } from '../../errors.js';
import { type Encoding, encodingAtStart, toUtf8 } from './encoding.js';

/** Text that can be read from its start any number of times. */
export interface TextSource {
  readonly path: string;
  /** Bytes to be expected, roughly; compressed ones count several times. */
  readonly expectedBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

const chunkBytes = 1 << 20;

/** A file of text: as it is, or compressed if its name ends in `.gz` or `.zst`. */
export function textFile(path: string, size: number): TextSource {
  if (/\.gz$/i.test(path)) return { path, expectedBytes: size * 4, open: () => gunzipped(path) };
  if (/\.zst$/i.test(path)) return { path, expectedBytes: size * 4, open: () => unzstd(path) };
  return { path, expectedBytes: size, open: () => fileChunks(path) };
}

/** A file's bytes. The first chunk stays; the memory of the others is used again. */
async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    let memory = new Uint8Array(chunkBytes);
    for (let isFirst = true; ; isFirst = false) {
      const length = await filled(file, memory);
      if (length > 0) yield memory.subarray(0, length);
      if (length < memory.length) return;
      if (isFirst) memory = new Uint8Array(chunkBytes);
    }
  } finally {
    await file.close();
  }
}

/** Reads on, until the memory is full or the file ends. @returns bytes that were read */
async function filled(file: FileHandle, memory: Uint8Array): Promise<number> {
  let length = 0;
  while (length < memory.length) {
    const { bytesRead } = await file.read(memory, length, memory.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

export function textBytes(path: string, bytes: Uint8Array): TextSource {
  return {
    path,
    expectedBytes: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}

/** Text as UTF-8, without its byte order mark. */
export interface Utf8Text {
  /** At least the first 64 KiB, or all there is. */
  readonly start: Uint8Array;
  /** All of it, the start included; to be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** That it was found in. */
  readonly encoding: Encoding;
}

const bytesLookedAt = 1 << 16;

/** Opens a text and tells its encoding by its start. */
export async function openUtf8(source: TextSource, given: Encoding | undefined): Promise<Utf8Text> {
  const raw = await withStart(source.open());
  try {
    const { encoding, markLength } = encodingAtStart(source.path, raw.start, given);
    return { encoding, ...(await withStart(toUtf8(source.path, skipping(raw.chunks, markLength), encoding))) };
  } catch (error) {
    await raw.chunks[Symbol.asyncIterator]().return?.();
    throw error;
  }
}

async function withStart(chunks: AsyncIterable<Uint8Array>): Promise<Omit<Utf8Text, 'encoding'>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < bytesLookedAt) {
    const { done, value } = await iterator.next();
    if (done) break;
    parts.push(value);
    length += value.length;
  }
  const start = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  return { start, chunks: startingWith(start, iterator) };
}

/** Not a generator: one that nobody has begun to read does not end what it would read from, and the file would stay open. */
function startingWith(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  let isFirst = true;
  const iterator: AsyncIterator<Uint8Array> = {
    next: async () => {
      if (!isFirst) return rest.next();
      isFirst = false;
      return { done: false, value: start };
    },
    return: async () => {
      await rest.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function* skipping(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    yield left === 0 ? chunk : chunk.subarray(left);
    // the start holds the mark in one piece
    left = 0;
  }
}

async function* gunzipped(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const plain = createGunzip({ chunkSize: chunkBytes });
  // `pipe` does not pass errors on.
  file.on('error', (error) => plain.destroy(error));
  try {
    yield* file.pipe(plain);
  } catch (cause) {
    throw isZlibError(cause) ? damaged(path, 'gzip', cause) : cause;
  } finally {
    file.destroy();
  }
}

function isZlibError(cause: unknown): boolean {
  return Boolean((cause as NodeJS.ErrnoException).code?.startsWith('Z_'));
}

async function* unzstd(path: string): AsyncGenerator<Uint8Array> {
  let output: Uint8Array[] = [];
  let isWhole = false;
  const decompressor = new Decompress((chunk, final) => {
    if (chunk.length > 0) output.push(chunk);
    isWhole = final === true;
  });
  const push = (chunk: Uint8Array, final: boolean) => {
    output = [];
    try {
      decompressor.push(chunk, final);
    } catch (cause) {
      throw damaged(path, 'Zstandard', cause);
    }
    return output;
  };
  // small pieces: what one of them becomes is in memory at once
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 15 })) yield* push(chunk as Uint8Array, false);
  yield* push(new Uint8Array(0), true);
  if (!isWhole) throw damaged(path, 'Zstandard', new Error('unexpected end of file'));
}

function damaged(path: string, format: string, cause: unknown): Error {
  const reason = `its ${format} data are damaged or cut off (${(cause as Error).message})`;
  return errors.DATA_CSV_MALFORMED({ path, reason }, cause);
}
