/** Data sets: read from files or generated, encoded, split, and laid out once in memory that all threads share. */
export { fromArrow, toArrow } from './arrow.js';
export { type BatchOptions, fillBatches } from './batches.js';
export { encodeToFile } from './encode-to-file.js';
export type { TabularEncoder } from './feature-encoder.js';
export type { Imported, ImportOptions } from './import/import-file.js';
export type { ImportedImages } from './import/import-images.js';
export type { ImportKind } from './import/import-kind.js';
export type { ImportedText } from './import/import-text.js';
export type { ImportManifest, ImportSchema } from './import/schema.js';
export {
  columnNames,
  importFile,
  importIdx,
  importImageFolder,
  importKind,
  importText,
  verifyImport,
} from './import.js';
export { type LoadOptions, loadDataset } from './load-dataset.js';
export { digestOfFolds, loadFolds } from './load-folds.js';
export type { LoadProgress } from './load-progress.js';
export { type DatasetManifest, findDataset, listDatasets } from './manifest.js';
export { withMemoryLimit } from './memory-limit.js';
export { isJsonLines, openRows, rowEncoder } from './predicting.js';
export { type Preprocessing, preprocessingOf, readPreprocessing } from './preprocessing.js';
export {
  type DatasetReference,
  type ImageFolderReference,
  type ImagesReference,
  resolveReference,
  type SeriesReference,
  type ShippedReference,
  type TableReference,
  type TextReference,
  type WrittenReference,
} from './reference.js';
export { type BatchLease, type BatchRequest, openRowSource, type RowSource, type SplitFeed } from './row-source.js';
export type { RowChunk } from './rows/cells.js';
export type { EncodedRows, RowEncoder } from './rows/row-encoder.js';
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
export { isByteTokens } from './tokens.js';
