import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errors } from '../errors.js';
import { isGzip } from './file-kind.js';
import { MemoryLimit } from './memory-limit.js';

/**
 * Unsigned bytes of any shape, in row-major order: an IDX file of type 0x08, the format that MNIST is published in.
 * Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", 1998, section "File formats".
 */
export interface IdxTensor {
  /** At least one dimension, each at least 1. */
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Decodes an IDX file, gzipped or not. `rank`: the number of dimensions it must have. `memoryLimitBytes`: what it may be
 * once it is decompressed, by default half of the memory there is.
 *
 * @throws DATA_IDX_MALFORMED if the magic number, type, rank or length is not right, DATA_NO_ROWS if it has no values.
 */
export async function decodeIdx(
  path: string,
  bytes: Uint8Array,
  rank: number,
  memoryLimitBytes?: number,
): Promise<IdxTensor> {
  const { limitBytes } = new MemoryLimit(path, memoryLimitBytes);
  const malformed = (reason: string, cause?: unknown) => errors.DATA_IDX_MALFORMED({ path, reason }, cause);
  const plain = isGzip(bytes) ? await unzip(bytes, limitBytes, malformed) : bytes;
  const shape = decodeShape(plain, rank, malformed);
  if (shape.includes(0)) throw errors.DATA_NO_ROWS({ path });
  const start = 4 + 4 * rank;
  const expected = start + shape.reduce((product, size) => product * size, 1);
  if (plain.length !== expected) {
    const what = plain.length < expected ? 'it is cut off' : 'it goes on after its last value';
    throw malformed(`${what}: ${shape.join(' × ')} values need ${expected} bytes, and it has ${plain.length}`);
  }
  return { shape, values: plain.subarray(start) };
}

type Malformed = (reason: string, cause?: unknown) => Error;

async function unzip(bytes: Uint8Array, limitBytes: number, malformed: Malformed): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: Math.min(limitBytes, 2 ** 32) });
  } catch (cause) {
    throw malformed(`its gzip data are damaged or cut off (${(cause as Error).message})`, cause);
  }
}

function decodeShape(bytes: Uint8Array, rank: number, malformed: Malformed): number[] {
  if (bytes.length < 4 + 4 * rank) throw malformed(`${bytes.length} bytes are too few for its header`);
  const [zero, alsoZero, type, dimensions] = bytes;
  if (zero !== 0 || alsoZero !== 0) {
    throw malformed(`it must start with two zero bytes, and starts with ${hex(bytes.subarray(0, 4))}`);
  }
  if (type !== unsignedByte)
    throw malformed(`its values must be unsigned bytes (type 08), and have type ${hex([type!])}`);
  if (dimensions !== rank) throw malformed(`it must have ${rank} dimensions, and has ${dimensions}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
}

function hex(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
