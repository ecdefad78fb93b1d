import { errors } from './errors.js';

/** What TensorFlow asks of a tensor's memory to use it in place; also a cache line. */
const alignment = 64;

/** The next multiple of 64 bytes, `bytes` itself if it is one. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/**
 * Zeroed shared memory of `byteLength` bytes (at least 1) that starts on a page, so that offsets that are multiples of
 * 64 are addresses that are.
 *
 * A plain `SharedArrayBuffer` does not: V8 takes it from `calloc`, and for large blocks glibc returns a page's start plus
 * 16 (Node 20 to 26, Linux). One that may grow is mapped in pages. It is as large as it may ever become, and views on
 * it have fixed lengths, so that they are as fast as on a plain one.
 *
 * @throws DATA_TOO_LARGE if the memory cannot be had in one piece.
 */
export function allocateShared(byteLength: number): SharedArrayBuffer {
  const Growable = SharedArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => SharedArrayBuffer;
  const bytes = Math.max(1, byteLength);
  try {
    return new Growable(bytes, { maxByteLength: bytes });
  } catch (cause) {
    throw errors.DATA_TOO_LARGE({ bytes }, cause);
  }
}
