import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TunerError } from '../errors/index.js';
import { damaged } from './dataset-cache.js';
import { errors } from './errors.js';
import { imageDataset } from './image-dataset.js';
import { findImport, isImagesImport, isTableImport } from './import/imported.js';
import type { LoadOptions } from './load-dataset.js';
import type { LoadProgress, OnLoadProgress } from './load-progress.js';
import { loadShipped } from './load-shipped.js';
import { findDataset } from './manifest.js';
import { readDataFile } from './readers/data-file.js';
import { detectFileKind } from './readers/file-kind.js';
import { decodeIdx } from './readers/idx.js';
import { readTableFile, tableColumnNames } from './readers/table-file.js';
import {
  type DatasetReference,
  type ImageFolderReference,
  type ImagesReference,
  nameOfFile,
  resolveReference,
  type SeriesReference,
  splitSizes,
  type TableReference,
  type TextReference,
  type WrittenReference,
} from './reference.js';
import { seriesDataset } from './series-dataset.js';
import type { SharedDataset } from './shared-dataset.js';
import { tableInput } from './table-input.js';
import { tabularDataset } from './tabular-dataset.js';
import { readText } from './text-dataset.js';

/** What `loadDataset` does. */
export async function loadReference(reference: DatasetReference, options: LoadOptions): Promise<SharedDataset> {
  const onProgress = options.onProgress ?? (() => undefined);
  const resolved = resolveReference(reference, options.baseDirectory);
  if (typeof resolved !== 'string') {
    if ('name' in resolved) {
      const { name, ...divided } = resolved;
      return loadShipped(findDataset(name)!, { ...options, onProgress }, divided);
    }
    if ('images' in resolved) return loadImages(resolved);
    if ('folder' in resolved) return loadFolder(resolved, onProgress);
    if ('text' in resolved) return loadText(resolved, onProgress);
    if ('series' in resolved) return loadSeries(resolved, onProgress);
    if ('memory' in resolved) return loadLimited(resolved, { ...options, onProgress });
    return loadPath(resolved, onProgress);
  }
  const manifest = findDataset(resolved);
  return manifest === undefined ? loadWritten(resolved, onProgress) : loadShipped(manifest, { ...options, onProgress });
}

/** A file of rows, or an import. */
async function loadPath(reference: TableReference, onProgress: OnLoadProgress): Promise<SharedDataset> {
  const found = await findImport(reference.path);
  if (found === undefined || isTableImport(found)) return loadTable(reference, onProgress);
  const { importedImages, needsContext } = await import('./import/load-imported.js');
  if (isImagesImport(found)) return importedImages(found, reference, onProgress);
  throw needsContext(reference.path);
}

async function loadTable(reference: TableReference, onProgress: (progress: LoadProgress) => void) {
  const { read, options } = await tableInput(reference, onProgress);
  const dataset = tabularDataset(await read(), options);
  if (dataset.droppedRowCount > 0) {
    onProgress({ kind: 'dropped', column: options.target, rows: dataset.droppedRowCount });
  }
  return dataset;
}

/** In the memory that the reference allows. A table is encoded into the cache first. */
async function loadLimited(
  reference: TableReference | WrittenReference,
  { cacheDirectory, onProgress }: LoadOptions & { readonly onProgress: OnLoadProgress },
): Promise<SharedDataset> {
  const { path } = reference;
  const memory = reference.memory as number;
  const streaming = { memory, scratch: join(cacheDirectory, 'scratch') };
  const { encodedCopy, isTable } = await import('./out-of-core/encoded-copy.js');
  if (!(await isTable(reference))) return loadWritten(path, onProgress, streaming);
  const encoded = () => encodedCopy(reference, { memory, cacheDirectory, onProgress });
  const copy = await encoded();
  const dataset = await loadWritten(copy, onProgress, streaming).catch(async (error: unknown) => {
    const isDamaged = error instanceof TunerError && (damaged.has(error.code) || error.code === 'DATA_STREAM_LAYOUT');
    if (!isDamaged) throw error;
    onProgress({ kind: 'repairing', name: nameOfFile(path), path: copy, reason: error.message });
    await rm(copy);
    return loadWritten(await encoded(), onProgress, streaming);
  });
  if (dataset.droppedRowCount > 0 && dataset.target.kind !== 'none') {
    onProgress({ kind: 'dropped', column: dataset.target.label ?? '', rows: dataset.droppedRowCount });
  }
  return dataset;
}

async function loadImages(reference: ImagesReference): Promise<SharedDataset> {
  const images = await decodeIdx(reference.images, await readDataFile(reference.images), 3);
  const labels = await decodeIdx(reference.labels, await readDataFile(reference.labels), 1);
  return imageDataset({ name: nameOfFile(reference.images), images, labels, splits: splitSizes(reference) });
}

async function loadSeries(reference: SeriesReference, onProgress: (progress: LoadProgress) => void) {
  const { series: path, target, window, horizon = 1, validation = 0.2, test = 0, delimiter, decimal } = reference;
  const onRows = (rows: number) => onProgress({ kind: 'reading', path, rows });
  const table = await readTableFile(path, {
    ignore: [],
    onRows,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(decimal === undefined ? {} : { decimal }),
  });
  const numbers = table.columns.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  const columns = reference.columns ?? numbers;
  return seriesDataset(table, { name: nameOfFile(path), columns, target, window, horizon, validation, test });
}

async function loadText(reference: TextReference, onProgress: OnLoadProgress): Promise<SharedDataset> {
  const { text: path, context, stride = context, validation = 0.1, test = 0, tokens = 'characters' } = reference;
  const { vocabulary } = reference;
  if (vocabulary !== undefined) checkVocabulary(vocabulary, tokens);
  const found = await findImport(path);
  if (found !== undefined) {
    const { importedText } = await import('./import/load-imported.js');
    return importedText(found, { ...reference, stride, validation, test }, onProgress);
  }
  const options = { name: nameOfFile(path), path, context, stride, validation, test, tokens };
  return readText(vocabulary === undefined ? options : { ...options, vocabulary: [...vocabulary] });
}

function checkVocabulary(vocabulary: string, tokens: string): void {
  const problem = (problems: string) => errors.DATA_REFERENCE_INVALID({ problems });
  if (tokens === 'bytes') throw problem('vocabulary is for characters, and tokens are bytes');
  const characters = [...vocabulary];
  const twice = characters.find((character, index) => characters.indexOf(character) !== index);
  if (twice !== undefined)
    throw problem(`vocabulary must have each character once, and has ${JSON.stringify(twice)} twice`);
}

async function loadFolder(
  { folder, size, channels, skipUnreadable = false, ...splits }: ImageFolderReference,
  onProgress: (progress: LoadProgress) => void,
): Promise<SharedDataset> {
  const { readImageFolder } = await import('./readers/image-folder.js');
  const onRows = (rows: number) => onProgress({ kind: 'reading', path: folder, rows });
  const onNote = (text: string) => onProgress({ kind: 'noted', path: folder, text });
  const set = { ...(size === undefined ? {} : { size }), ...(channels === undefined ? {} : { channels }) };
  const images = await readImageFolder(folder, { ...set, skipUnreadable, onRows, onNote });
  const labels = { shape: [images.labels.length], values: images.labels };
  return imageDataset({ name: basename(folder), images, labels, classes: images.classes, splits: splitSizes(splits) });
}

/** A path alone is enough for an import, and for an Arrow file that was written from a data set: they say the rest themselves. */
async function loadWritten(
  path: string,
  onProgress: (progress: LoadProgress) => void,
  streaming?: { readonly memory: number; readonly scratch: string },
): Promise<SharedDataset> {
  const memory = streaming?.memory;
  const found = await findImport(path);
  if (found !== undefined && memory === undefined) return loadPath({ path }, onProgress);
  if ((await detectFileKind(path)) === 'arrow') {
    const { openArrowDataset } = await import('./streaming/open-stream.js');
    const dataset =
      (await openArrowDataset(path, memory, streaming?.scratch)) ??
      (memory === undefined ? await readTable(path) : undefined);
    if (dataset !== undefined) return dataset;
  }
  if (memory !== undefined && (await detectFileKind(path)) === 'arrow') throw errors.DATA_STREAM_LAYOUT({ path });
  throw errors.DATA_TARGET_REQUIRED({ path, columns: await tableColumnNames(path) });
}

/** A data set's table, in another form than ours; `undefined` for any other. */
async function readTable(path: string): Promise<SharedDataset | undefined> {
  const [{ readDatasetTable }, { datasetOf }] = await Promise.all([
    import('./readers/arrow-ipc.js'),
    import('./arrow-table.js'),
  ]);
  const table = await readDatasetTable(path);
  return table && datasetOf(table);
}
