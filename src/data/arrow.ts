import type { Table } from 'apache-arrow';
import type { SharedDataset } from './shared-dataset.js';

/**
 * The data set as an Arrow table over the same memory: nothing is copied but the splits, which become a column `split`
 * (`train`, `validation`, `test` or null). A column whose rows have a shape is a `FixedSizeList` of all values of a row, with
 * `rowShape` (JSON) in its field's metadata; all else that a data set is stands in the schema's metadata. Written with
 * `tableToIPC`, it is a file that `loadDataset` takes by its path alone.
 *
 * @throws DATA_SPLITS_UNORDERED if splits overlap or are not ascending, which such a column cannot say.
 */
export async function toArrow(dataset: SharedDataset): Promise<Table> {
  // Only now: worker threads import this room, too, and have no use for Arrow.
  const { tableOf } = await import('./arrow-table.js');
  return tableOf(dataset);
}

/**
 * The data set that {@link toArrow} made the table of, copied once into shared memory: the same bytes, schema, splits and
 * digest. `name` replaces the one it was written with.
 *
 * @throws DATA_ARROW_FOREIGN if the table is another one; DATA_DIGEST if contents have changed since it was written.
 */
export async function fromArrow(table: Table, options: { readonly name?: string } = {}): Promise<SharedDataset> {
  const { datasetOf } = await import('./arrow-table.js');
  return datasetOf(table, options);
}
