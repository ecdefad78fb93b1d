import { resolve } from 'node:path';
import { type LoadOptions, loadDataset, writeDataset } from '../data/index.js';
import { homeDirectory } from '../native/index.js';
import { readSweep } from './sweep-file.js';
import type { Sweep } from './sweep-schema.js';

export interface EncodedDataset {
  /** Absolute. */
  readonly path: string;
  readonly rows: number;
  /** Of the columns and row numbers in memory. */
  readonly bytes: number;
  readonly digest: string;
}

/**
 * Writes a sweep's data set as a file of its own, encoded and split: a sweep that names it loads it as it is, and can have it streamed.
 *
 * @param to the file, by its name an Arrow file (`.arrow`); one that is there is replaced
 * @throws TunerError as `tune` does for a sweep and its data; FILES_…
 */
export async function encodeDataset(
  sweep: string | Sweep,
  to: string,
  { dataDirectory }: Pick<LoadOptions, 'dataDirectory'> = {},
): Promise<EncodedDataset> {
  const { settings } = await readSweep(sweep);
  const dataset = await loadDataset(settings.dataset as Parameters<typeof loadDataset>[0], {
    cacheDirectory: homeDirectory(),
    baseDirectory: process.cwd(),
    ...(dataDirectory === undefined ? {} : { dataDirectory: resolve(dataDirectory) }),
  });
  const path = resolve(to);
  await writeDataset(dataset, path);
  return { path, rows: dataset.rowCount, bytes: dataset.buffer.byteLength, digest: dataset.digest };
}
