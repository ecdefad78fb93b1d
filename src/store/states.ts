/** Checkpoints: each trial's state as one file, named by a {@link StateReference} in the journal. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { TunerError } from '../errors/index.js';
import { fileError, systemCode, writeFileAtomic } from '../files/index.js';
import type { StateReference } from '../study/index.js';
import { errors } from './errors.js';
import { isStateName } from './layout.js';

/** Bytes hashed or read at a time: a few milliseconds, so that a state of gigabytes does not stop everything else. */
const chunkBytes = 1 << 22;

/** A file that a killed process was writing. */
const leftover = /^\.tfjs-tuner-.*\.tmp$/;

/** The checkpoints of one study. */
export class States {
  readonly #folder: string;
  /** Being written just now, and how many times. */
  readonly #writing = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws STORE_DISK_FULL, STORE_BAD_STATE_NAME, FILES_… */
  async write(name: string, bytes: Uint8Array): Promise<StateReference> {
    const path = pathOf(this.#folder, name);
    this.#writing.set(name, (this.#writing.get(name) ?? 0) + 1);
    try {
      const sha256 = await hashOf(bytes);
      await writeFileAtomic(path, bytes);
      return { file: name, bytes: bytes.byteLength, sha256 };
    } catch (error) {
      if (error instanceof TunerError && error.code === 'FILES_DISK_FULL') {
        throw errors.STORE_DISK_FULL({ path: this.#folder, reason: 'a checkpoint could not be written' }, error);
      }
      throw error;
    } finally {
      const others = this.#writing.get(name)! - 1;
      if (others === 0) this.#writing.delete(name);
      else this.#writing.set(name, others);
    }
  }

  read(reference: StateReference): Promise<SharedArrayBuffer> {
    return readState(this.#folder, reference);
  }

  /** Deletes checkpoints that are not in `keep`, and what killed processes left; files with other names are not ours. */
  async sweep(keep: Pick<ReadonlySet<string>, 'has'>): Promise<void> {
    for (const entry of await readdir(this.#folder, { withFileTypes: true })) {
      if (!entry.isFile() || keep.has(entry.name)) continue;
      // looked at for each file anew: a write may have begun meanwhile
      const stale = leftover.test(entry.name) ? this.#writing.size === 0 : isStateName(entry.name);
      if (stale && !this.#writing.has(entry.name)) await remove(join(this.#folder, entry.name));
    }
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw fileError('remove', path, error);
  });
}

function pathOf(folder: string, name: string): string {
  if (!isStateName(name)) throw errors.STORE_BAD_STATE_NAME({ name });
  return join(folder, name);
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    if (start > 0) await breathe();
    hash.update(bytes.subarray(start, start + chunkBytes));
  }
  return hash.digest('hex');
}

/**
 * A checkpoint's bytes, in memory that threads can share, checked against its reference.
 * @throws STORE_STATE_MISSING, STORE_STATE_DAMAGED (another length, or other bytes), STORE_BAD_STATE_NAME, FILES_…
 */
export async function readState(folder: string, reference: StateReference): Promise<SharedArrayBuffer> {
  const path = pathOf(folder, reference.file);
  const file = await open(path, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') throw errors.STORE_STATE_MISSING({ path }, error);
    throw fileError('read', path, error);
  });
  try {
    return await readWhole(file, path, reference);
  } catch (error) {
    throw error instanceof TunerError ? error : fileError('read', path, error);
  } finally {
    await file.close();
  }
}

async function readWhole(
  file: FileHandle,
  path: string,
  { bytes, sha256 }: StateReference,
): Promise<SharedArrayBuffer> {
  const { size } = await file.stat();
  if (size !== bytes) throw errors.STORE_STATE_DAMAGED({ path, why: `has ${size} bytes instead of ${bytes}` });
  const buffer = new SharedArrayBuffer(bytes);
  const hash = createHash('sha256');
  for (let position = 0; position < bytes; ) {
    const part = new Uint8Array(buffer, position, Math.min(chunkBytes, bytes - position));
    const { bytesRead } = await file.read(part, 0, part.byteLength, position);
    if (bytesRead === 0) throw errors.STORE_STATE_DAMAGED({ path, why: `ends after ${position} of ${bytes} bytes` });
    hash.update(part.subarray(0, bytesRead));
    position += bytesRead;
  }
  if (hash.digest('hex') !== sha256)
    throw errors.STORE_STATE_DAMAGED({ path, why: 'has other contents (its SHA-256 differs)' });
  return buffer;
}
