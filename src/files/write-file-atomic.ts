import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { syncDirectory } from './folder.js';
import { fileError } from './system-error.js';

/** Bytes of one write: what a shared buffer is copied through at a time. */
const chunkBytes = 1 << 20;

/**
 * Puts `bytes` (a string as UTF-8, or pieces that are made while they are written) into the file `path`, all or nothing: after it returns the whole of it is on the disk
 * and outlives a power cut; when it throws, the file is what it was before and nothing else is left behind. A reader
 * never sees half a file. A process killed within may leave a file `.tfjs-tuner-….tmp` beside it, never a torn `path`.
 *
 * A view on shared memory is read during the call: nobody may change it until the promise settles.
 * @throws FILES_DISK_FULL, FILES_READ_ONLY, FILES_NO_FOLDER, FILES_FAILED
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string | Iterable<Uint8Array>): Promise<void> {
  const target = resolve(path);
  const folder = dirname(target);
  const temporary = join(folder, `.tfjs-tuner-${randomBytes(8).toString('hex')}.tmp`);
  try {
    // 'wx': a link that someone planted under this name must not be followed
    const file = await open(temporary, 'wx');
    try {
      if (typeof bytes === 'string') await writeAll(file, Buffer.from(bytes));
      else if (bytes instanceof Uint8Array) await writeAll(file, bytes);
      else for (const piece of bytes) await writeAll(file, piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('write', target, error);
  }
  await syncDirectory(folder).catch((error: unknown) => {
    throw fileError('write', target, error);
  });
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  // Views on shared memory go through a private copy: that Node hands them to write(2) as they are is not documented.
  const shared = bytes.buffer instanceof SharedArrayBuffer;
  const copy = shared ? Buffer.alloc(Math.min(chunkBytes, bytes.byteLength)) : undefined;
  const step = copy === undefined ? Number.MAX_SAFE_INTEGER : chunkBytes;
  for (let start = 0; start < bytes.byteLength; start += step) {
    let part = bytes.subarray(start, start + step);
    if (copy !== undefined) {
      copy.set(part);
      part = copy.subarray(0, part.byteLength);
    }
    await writeChunk(file, part);
  }
}

/** write(2) may take less than it is given (a signal, a nearly full disk, more than 2 GiB at once). */
async function writeChunk(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.byteLength > 0) {
    const { bytesWritten } = await file.write(rest, 0, Math.min(rest.byteLength, 1 << 30));
    rest = rest.subarray(bytesWritten);
  }
}
