import { datasetOf } from './arrow-table.js';
import { errors } from './errors.js';
import { imageDataset } from './image-dataset.js';
import type { LoadOptions } from './load-dataset.js';
import type { LoadProgress } from './load-progress.js';
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
import { openArrowDataset } from './streaming/open-stream.js';
import { tabularDataset } from './tabular-dataset.js';

/** What `loadDataset` does. */
export async function loadReference(reference: DatasetReference, options: LoadOptions): Promise<SharedDataset> {
  const onProgress = options.onProgress ?? (() => undefined);
  const resolved = resolveReference(reference, options.baseDirectory);
  if (typeof resolved !== 'string') {
    if ('memory' in resolved) return loadWritten(resolved.path, resolved.memory as number);
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
async function loadWritten(path: string, memory?: number): Promise<SharedDataset> {
  if ((await detectFileKind(path)) === 'arrow') {
    const dataset = await openArrowDataset(path, memory);
    if (dataset !== undefined) return dataset;
    // a data set's table, in another form than ours
    const table = memory === undefined ? await readDatasetTable(path) : undefined;
    if (table !== undefined) return datasetOf(table);
  }
  if (memory !== undefined) throw errors.DATA_STREAM_LAYOUT({ path });
  throw errors.DATA_TARGET_REQUIRED({ path, columns: await tableColumnNames(path) });
}
