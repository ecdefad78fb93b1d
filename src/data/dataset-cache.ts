import { join } from 'node:path';
import { TunerError } from '../errors/index.js';
import { acquireLock, ensureDirectory } from '../files/index.js';
import { errors } from './errors.js';
import type { OnLoadProgress } from './load-progress.js';
import { checkDigest, type SharedDataset } from './shared-dataset.js';
import { openArrowDataset } from './streaming/open-stream.js';
import { writeDataset } from './write-dataset.js';

/** How long one process waits for another to prepare a data set, in milliseconds: longer than a slow download. */
const longestWaitMs = 20 * 60_000;

export interface CacheOptions {
  readonly name: string;
  /** Of the data set; a copy that has another one is damaged. */
  readonly digest: string;
  /** The folder of all caches; data sets are in `datasets/` of it. */
  readonly cacheDirectory: string;
  readonly onProgress: OnLoadProgress;
}

/**
 * A data set from its copy in the cache, an Arrow IPC file that other tools read, too. Where there is none, `prepare` makes
 * the data set, and the copy is written, all or nothing; of several processes at once, one does this and the others wait.
 * The copy's contents are checked by the digest each time, and made again if they are damaged.
 *
 * @param prepare gets a folder that nobody else uses meanwhile.
 * @throws DATA_DIGEST if what `prepare` makes has another digest, what `prepare` throws, and the errors of the files room.
 */
export async function cachedDataset(
  options: CacheOptions,
  prepare: (folder: string) => Promise<SharedDataset>,
): Promise<SharedDataset> {
  const { name, digest, onProgress } = options;
  const folder = join(options.cacheDirectory, 'datasets');
  const path = join(folder, `${name}-${digest.slice(0, 12)}.arrow`);
  const cached = await readCopy(path, options);
  if (cached !== undefined) return cached;
  await ensureDirectory(folder);
  const onWait = (holder: string) => onProgress({ kind: 'waiting', name, holder });
  const lock = await acquireLock(join(folder, `${name}.lock`), { waitMs: longestWaitMs, onWait });
  try {
    const madeMeanwhile = await readCopy(path, options);
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    const dataset = await prepare(join(folder, `${name}.preparing`));
    checkDigest(dataset, digest);
    await writeDataset(dataset, path);
    return dataset;
  } finally {
    await lock.release();
  }
}

/** Codes that mean: the copy is not what was written, so it is to be made again. */
export const damaged: ReadonlySet<string> = new Set([
  'DATA_FILE_EMPTY',
  'DATA_ARROW_UNREADABLE',
  'DATA_ARROW_FOREIGN',
  'DATA_DIGEST',
]);

/** The copy; `undefined` if there is none, or it is damaged. */
async function readCopy(path: string, { name, digest, onProgress }: CacheOptions): Promise<SharedDataset | undefined> {
  try {
    const dataset = await openArrowDataset(path);
    if (dataset === undefined) throw errors.DATA_ARROW_FOREIGN({ reason: `${path} is another one` });
    checkDigest(dataset, digest);
    return dataset;
  } catch (error) {
    if (!(error instanceof TunerError)) throw error;
    if (damaged.has(error.code)) onProgress({ kind: 'repairing', name, path, reason: error.message });
    else if (error.code !== 'DATA_FILE_NOT_FOUND') throw error;
    return undefined;
  }
}
