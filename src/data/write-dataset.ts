import { writeFileAtomic } from '../files/index.js';
import { columnView, rowSize, type SharedDataset, splitView } from './shared-dataset.js';

/**
 * Writes a data set as an Arrow file, all or nothing: encoded, with its splits, so that it is loaded by its path alone, without encoding it
 * again, and can be streamed. It takes no further memory but for a batch of rows.
 *
 * @throws DATA_SHARED_STREAMED, and the errors of the files room
 */
export async function writeDataset(dataset: SharedDataset, path: string): Promise<void> {
  // Only now: worker threads import this room, too, and have no use for Arrow.
  const { datasetFileOf } = await import('./dataset-file.js');
  const test = dataset.splits.test === undefined ? {} : { test: splitView(dataset, 'test') };
  const splits = { train: splitView(dataset, 'train'), validation: splitView(dataset, 'validation'), ...test };
  const columns = dataset.columns.map((column) => {
    const [view, size] = [columnView(dataset, column.name), rowSize(column.rowShape)];
    return { ...column, rows: (from: number, to: number) => view.subarray(from * size, to * size) };
  });
  await writeFileAtomic(path, datasetFileOf({ ...dataset, columns, splits }, dataset.digest));
}
