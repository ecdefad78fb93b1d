import { fromArrow } from './arrow-table.js';
import { errors } from './errors.js';
import { imageDataset } from './image-dataset.js';
import type { LoadProgress, OnLoadProgress } from './load-progress.js';
import { loadShipped } from './load-shipped.js';
import { findDataset } from './manifest.js';
import { readDatasetTable } from './readers/arrow-ipc.js';
import { readDataFile } from './readers/data-file.js';
import { detectFileKind } from './readers/file-kind.js';
import { decodeIdx } from './readers/idx.js';
import { readTableFile, tableColumnNames } from './readers/table-file.js';
import {
  type DatasetReference,
  type ImagesReference,
  nameOfFile,
  resolveReference,
  splitSizes,
  type TableReference,
} from './reference.js';
import type { SharedDataset } from './shared-dataset.js';
import { tabularDataset } from './tabular-dataset.js';

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
  const onProgress = options.onProgress ?? (() => undefined);
  const resolved = resolveReference(reference, options.baseDirectory);
  if (typeof resolved !== 'string') {
    return 'images' in resolved ? loadImages(resolved) : loadTable(resolved, onProgress);
  }
  const manifest = findDataset(resolved);
  return manifest === undefined ? loadWritten(resolved) : loadShipped(manifest, { ...options, onProgress });
}

async function loadTable(reference: TableReference, onProgress: (progress: LoadProgress) => void) {
  const { path, target, task, delimiter, ignore = [] } = reference;
  if (ignore.includes(target)) {
    throw errors.DATA_REFERENCE_INVALID({ problems: `ignore must not name the target, "${target}"` });
  }
  const onRows = (rows: number) => onProgress({ kind: 'reading', path, rows });
  const table = await readTableFile(path, { ignore, onRows, ...(delimiter === undefined ? {} : { delimiter }) });
  const options = { name: nameOfFile(path), target, splits: splitSizes(reference) };
  const dataset = tabularDataset(table, task === undefined ? options : { ...options, task });
  if (dataset.droppedRowCount > 0) onProgress({ kind: 'dropped', column: target, rows: dataset.droppedRowCount });
  return dataset;
}

async function loadImages(reference: ImagesReference): Promise<SharedDataset> {
  const images = await decodeIdx(reference.images, await readDataFile(reference.images), 3);
  const labels = await decodeIdx(reference.labels, await readDataFile(reference.labels), 1);
  return imageDataset({ name: nameOfFile(reference.images), images, labels, splits: splitSizes(reference) });
}

/** A path alone is enough for an Arrow file that was written from a data set: it says the rest itself. */
async function loadWritten(path: string): Promise<SharedDataset> {
  const table = (await detectFileKind(path)) === 'arrow' ? await readDatasetTable(path) : undefined;
  if (table !== undefined) return fromArrow(table);
  throw errors.DATA_TARGET_REQUIRED({ path, columns: await tableColumnNames(path) });
}
