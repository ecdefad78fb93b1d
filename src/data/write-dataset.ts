import { writeFileAtomic } from '../files/index.js';
import type { SharedDataset } from './shared-dataset.js';

/**
 * Writes a data set as an Arrow file, all or nothing: encoded, with its splits, so that it is loaded by its path alone, without encoding it
 * again, and can be streamed.
 *
 * @throws DATA_SHARED_STREAMED, and the errors of the files room
 */
export async function writeDataset(dataset: SharedDataset, path: string): Promise<void> {
  // Only now: worker threads import this room, too, and have no use for Arrow.
  const [{ tableToIPC }, { tableOf }] = await Promise.all([import('apache-arrow'), import('./arrow-table.js')]);
  await writeFileAtomic(path, tableToIPC(tableOf(dataset), 'file'));
}
