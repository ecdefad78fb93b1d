/** Data sets: read from files or generated, encoded, split, and laid out once in memory that all threads share. */
export { fromArrow, toArrow } from './arrow-table.js';
export { type BatchOptions, fillBatches } from './batches.js';
export {
  type CategoryEncoding,
  type ColumnEncoding,
  featureNames,
  type NumberEncoding,
  type TabularEncoder,
} from './feature-encoder.js';
export { type LoadOptions, loadDataset } from './load-dataset.js';
export type { LoadProgress, OnLoadProgress } from './load-progress.js';
export { type DatasetManifest, findDataset, listDatasets } from './manifest.js';
export {
  type DatasetReference,
  type ImagesReference,
  resolveReference,
  type TableReference,
} from './reference.js';
export {
  type ColumnType,
  type ColumnView,
  columnView,
  type FeatureDescription,
  rowSize,
  type SharedColumn,
  type SharedDataset,
  type SplitName,
  type SplitRange,
  splitView,
  type TargetDescription,
} from './shared-dataset.js';
export { aligned, alignment, allocateShared } from './shared-memory.js';
