import { resolve } from 'node:path';
import { type DatasetReference, encodeToFile, type LoadOptions, withMemoryLimit } from '../data/index.js';
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

export interface EncodeOptions extends Pick<LoadOptions, 'dataDirectory'> {
  /** Bytes that encoding a table may take; by default what the sweep says, or all that it needs. */
  readonly memory?: number;
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
  { dataDirectory, memory }: EncodeOptions = {},
): Promise<EncodedDataset> {
  const { settings } = await readSweep(sweep);
  const reference = settings.dataset as DatasetReference;
  const limited = memory === undefined ? reference : await withMemoryLimit(reference, memory);
  const path = resolve(to);
  const { rowCount, bytes, digest } = await encodeToFile(limited, path, {
    cacheDirectory: homeDirectory(),
    baseDirectory: process.cwd(),
    ...(dataDirectory === undefined ? {} : { dataDirectory: resolve(dataDirectory) }),
  });
  return { path, rows: rowCount, bytes, digest };
}
