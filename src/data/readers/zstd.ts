import { Decompress } from 'fzstd';

/** Input that is decompressed at a time: a limit is exceeded by what one piece becomes, at most. */
const pieceBytes = 1 << 14;

/**
 * Decompresses Zstandard.
 *
 * @param limit bytes that it may become
 * @throws Error where it is damaged, cut off, or larger
 */
export function decompressZstd(input: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  const decompressor = new Decompress((part, final) => {
    parts.push(part);
    length += part.length;
    isWhole ||= final === true;
    if (length > limit) throw new Error(`it becomes more than ${limit} bytes once it is decompressed`);
  });
  for (let start = 0; start < input.length; start += pieceBytes) {
    decompressor.push(input.subarray(start, start + pieceBytes), start + pieceBytes >= input.length);
  }
  if (!isWhole) throw new Error('its Zstandard data are cut off');
  if (parts.length === 1) return parts[0]!;
  const plain = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    plain.set(part, at);
    at += part.length;
  }
  return plain;
}
