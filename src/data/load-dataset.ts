import type { OnLoadProgress } from './load-progress.js';
import type { DatasetReference } from './reference.js';
import type { SharedDataset } from './shared-dataset.js';

export interface LoadOptions {
  /** Where files that a person has to have are looked for, before `TFJS_TUNER_DATA`. */
  readonly dataDirectory?: string;
  /** Where data sets that are fetched are kept, in `datasets/` of it. */
  readonly cacheDirectory: string;
  /** Where relative paths start: the folder of the sweep file. */
  readonly baseDirectory: string;
  readonly onProgress?: OnLoadProgress;
}

/**
 * Loads a data set into shared memory: one that ships, by name, or files of one's own. The same reference to the same
 * data gives the same bytes, splits and digest on every machine.
 *
 * @throws errors of this room whose codes start with `DATA_`, and of the files room (`FILES_`).
 */
export async function loadDataset(reference: DatasetReference, options: LoadOptions): Promise<SharedDataset> {
  // Only now: worker threads import this room, too, and readers of all formats would cost each of them 25 MB and 0.4 s.
  const { loadReference } = await import('./load-reference.js');
  return loadReference(reference, options);
}
