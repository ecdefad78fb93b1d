import { brotliDecompressSync, unzipSync } from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { snappyUncompressor } from 'hysnappy';
import { ZSTDDecoder } from 'zstddec';
import { decompressLz4Block } from '../arrow/lz4-frame.js';

/** Gives `size` bytes, or throws. */
type Decompress = (input: Uint8Array, size: number) => Uint8Array;

let uncompressSnappy: Decompress | undefined;
const zstd = new ZSTDDecoder();

const decompressors: Partial<Record<CompressionCodec, Decompress>> = {
  UNCOMPRESSED: (input) => input,
  SNAPPY: (input, size) => {
    // the library trusts the length that stands there, and has room for the one that it is told
    if (snappyLength(input) !== size) throw new Error('it has another length');
    uncompressSnappy ??= snappyUncompressor();
    return uncompressSnappy(input, size);
  },
  // some writers' is zlib's
  GZIP: (input, size) => unzipSync(input, { maxOutputLength: Math.max(1, size) }),
  BROTLI: (input, size) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, size) }),
  ZSTD: (input, size) => zstd.decode(input, size),
  LZ4_RAW: (input, size) => decompressLz4Block(input, size),
};

/** Whether pages of a codec can be decompressed here. */
export function isKnownCodec(codec: CompressionCodec): boolean {
  return decompressors[codec] !== undefined;
}

/** To be awaited before pages of a codec are decompressed. */
export async function prepareCodec(codec: CompressionCodec): Promise<void> {
  if (codec === 'ZSTD') await zstd.init();
}

/**
 * A page's bytes.
 *
 * @param size bytes that it must become
 * @throws Error where it is damaged, or becomes more or less
 */
export function decompressPage(codec: CompressionCodec, input: Uint8Array, size: number): Uint8Array {
  // what is nothing may be compressed to nothing
  if (size === 0) return input.subarray(0, 0);
  let plain: Uint8Array | undefined;
  try {
    plain = decompressors[codec]!(input, size);
  } catch (cause) {
    // WebAssembly's: no instance is used again after it gave up
    uncompressSnappy = undefined;
    throw new Error(`a page's ${codec} data are damaged`, { cause });
  }
  if (plain.length !== size) throw new Error('a page has another length than its header says');
  return plain;
}

function snappyLength(input: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < Math.min(5, input.length); i++) {
    length += (input[i]! & 127) * 2 ** (7 * i);
    if (input[i]! < 128) return length;
  }
  return -1;
}
