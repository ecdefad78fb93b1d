/** Data sets: read from files or generated, encoded, split, and laid out once in memory that all threads share. */
export { fromArrow, toArrow } from './arrow.js';
export { type BatchOptions, fillBatches } from './batches.js';
export type { TabularEncoder } from './feature-encoder.js';
export { type LoadOptions, loadDataset } from './load-dataset.js';
export type { LoadProgress } from './load-progress.js';
export { type DatasetManifest, findDataset, listDatasets } from './manifest.js';
export { withMemoryLimit } from './memory-limit.js';
export {
  type DatasetReference,
  type ImagesReference,
  resolveReference,
  type TableReference,
  type WrittenReference,
} from './reference.js';
export { type BatchLease, type BatchRequest, openRows, type RowSource, type SplitFeed } from './row-source.js';
export {
  type ColumnType,
  type ColumnView,
  columnView,
  rowSize,
  type SharedColumn,
  type SharedDataset,
  type SplitName,
  type SplitRange,
  splitView,
} from './shared-dataset.js';
export { aligned, allocateShared } from './shared-memory.js';
export { type Loader, startLoader } from './streaming/loader.js';
