import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { errors } from './errors.js';

/**
 * Reads a file through and compares its checksum.
 * @param wanted SHA-256 in hexadecimal, or an npm integrity `sha512-<base64>`
 * @throws NATIVE_WRONG_CHECKSUM
 */
export async function verify(path: string, what: string, wanted: string, signal?: AbortSignal): Promise<void> {
  const sha512 = wanted.startsWith('sha512-');
  const hash = createHash(sha512 ? 'sha512' : 'sha256');
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    hash.update(bytes as Buffer);
  }
  const found = sha512 ? `sha512-${hash.digest('base64')}` : hash.digest('hex');
  if (found !== wanted) throw errors.NATIVE_WRONG_CHECKSUM({ what, wanted, found });
}
