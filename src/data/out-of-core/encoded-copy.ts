import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock, ensureDirectory } from '../../files/index.js';
import { findImport } from '../import/imported.js';
import type { OnLoadProgress } from '../load-progress.js';
import type { TableReference } from '../reference.js';
import { tableInput } from '../table-input.js';
import { collectGarbage } from './collect-garbage.js';
import { encodeTable } from './encode-table.js';

/** How long one process waits for another to encode the same table, in milliseconds. */
const longestWaitMs = 6 * 3_600_000;

/** Of what a reference's encoding is: a change of it makes all copies anew. */
const encodingVersion = 1;

export interface CopyOptions {
  /** Bytes that encoding may take. */
  readonly memory: number;
  /** The folder of all caches; copies are in `datasets/` of it. */
  readonly cacheDirectory: string;
  readonly onProgress: OnLoadProgress;
}

/** Whether a reference with a limit names a table, which has to be encoded; else an Arrow file of a data set. */
export async function isTable({ path, memory: _, ...rest }: TableReference): Promise<boolean> {
  return Object.keys(rest).length > 0 || (await findImport(path)) !== undefined;
}

/**
 * The Arrow file of a table's data set in the cache. Where there is none for the same file, as it is now, and the same reference, the table is
 * encoded a few columns at a time; of several processes at once, one does this and the others wait.
 *
 * @returns its path. @throws as `encodeTable` does
 */
export async function encodedCopy(reference: TableReference, copy: CopyOptions): Promise<string> {
  const { memory, cacheDirectory, onProgress } = copy;
  const input = await tableInput(reference, onProgress);
  const { name } = input.options;
  const { memory: _, ...encoded } = reference;
  const key = createHash('sha256')
    .update(JSON.stringify([encodingVersion, await input.fingerprint(), encoded]))
    .digest('hex');
  const folder = join(cacheDirectory, 'datasets');
  const path = join(folder, `${name}-${key.slice(0, 16)}.encoded.arrow`);
  if (await exists(path)) return path;
  await ensureDirectory(folder);
  const onWait = (holder: string) => onProgress({ kind: 'waiting', name, holder });
  const lock = await acquireLock(join(folder, `${name}.lock`), { waitMs: longestWaitMs, onWait });
  try {
    if (await exists(path)) return path;
    await encodeTable(input, path, memory);
    collectGarbage();
    return path;
  } finally {
    await lock.release();
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
