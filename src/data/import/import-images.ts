import { createHash } from 'node:crypto';
import { basename, relative, resolve } from 'node:path';
import { imageClasses } from '../image-dataset.js';
import { readDataFile } from '../readers/data-file.js';
import { decodeIdx } from '../readers/idx.js';
import { type ImageFolderOptions, listImages, readImageFolder } from '../readers/image-folder.js';
import { nameOfFile } from '../reference.js';
import { type DescribedImages, describeImages } from './describe-images.js';
import { fingerprint } from './fingerprint.js';
import { imageFileOf } from './image-file.js';
import type { ImagesSchema } from './images-schema.js';
import { folderFor, manifestHead, type WriteOptions, writeFolder } from './write-folder.js';

export interface ImportFolderOptions
  extends WriteOptions,
    Pick<ImageFolderOptions, 'size' | 'channels' | 'skipUnreadable' | 'memoryLimitBytes' | 'onRows'> {}

export interface ImportIdxOptions extends WriteOptions {
  /** The file of labels. */
  readonly labels: string;
}

/** What an import of images found, and the folder that it wrote. */
export interface ImportedImages {
  readonly kind: 'images';
  readonly name: string;
  readonly schema: ImagesSchema;
  /** What was left out of the source. */
  readonly notes: readonly string[];
  /** `undefined` where nothing was written. */
  readonly folder: string | undefined;
}

/**
 * Reads a folder of images with a folder for each class in it, and writes a folder with one Arrow file of pixels and labels and a manifest, all or
 * nothing. A sweep names it as it names the import of a table, and gets what it would get of the images.
 *
 * @throws DATA_IMPORT_EXISTS, and the errors of image folders and of the files room
 */
export async function importImageFolder(source: string, options: ImportFolderOptions): Promise<ImportedImages> {
  const { size, channels, skipUnreadable } = options;
  const path = resolve(options.baseDirectory, source);
  const name = basename(path);
  const folder = await folderFor(path, name, options);
  const notes: string[] = [];
  const sizes = new SizeCounts();
  const read = { ...options, onSize: (one: Size) => sizes.add(one), onNote: (note: string) => void notes.push(note) };
  const images = await readImageFolder(path, read);
  const { files } = await listImages(path);
  const described = { ...images, sizes: sizes.all(), unreadable: files.length - images.labels.length };
  const written = { options, name, folder, notes, given: { size, channels, skipUnreadable } };
  return write(described, written, async () => ({ source: await folderFingerprint(path, files) }));
}

/**
 * The same of images and labels in IDX files.
 *
 * @throws DATA_IMPORT_EXISTS, DATA_LABEL_COUNT, DATA_TARGET_ONE_CLASS, and the errors of IDX and of the files room
 */
export async function importIdx(source: string, options: ImportIdxOptions): Promise<ImportedImages> {
  const path = resolve(options.baseDirectory, source);
  const labelPath = resolve(options.baseDirectory, options.labels);
  const name = nameOfFile(path);
  const folder = await folderFor(path, name, options);
  const { shape, values } = await decodeIdx(path, await readDataFile(path), 3);
  const [count, height, width] = shape as [number, number, number];
  const labels = await decodeIdx(labelPath, await readDataFile(labelPath), 1);
  const { classes, codes } = imageClasses(count, labels);
  const sizes = [{ height, width, count }];
  const described: DescribedImages = {
    shape: [count, height, width, 1],
    values,
    labels: codes,
    classes,
    sizes,
    unreadable: 0,
  };
  return write(described, { options, name, folder, notes: [], given: {} }, async () => ({
    source: { file: basename(path), ...(await fingerprint(path)) },
    labels: { file: basename(labelPath), ...(await fingerprint(labelPath)) },
  }));
}

interface Written {
  readonly options: WriteOptions;
  readonly name: string;
  readonly folder: string;
  readonly notes: string[];
  readonly given: Readonly<Record<string, unknown>>;
}

interface SourceFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function write(
  images: DescribedImages,
  { options, name, folder, notes, given }: Written,
  sources: () => Promise<{ readonly source: SourceFile; readonly labels?: SourceFile }>,
): Promise<ImportedImages> {
  const schema = describeImages(images);
  if (options.dryRun) return { kind: 'images', name, schema, notes, folder: undefined };
  const head = manifestHead(options.version, given);
  await writeFolder(folder, () => imageFileOf(images), {
    ...head,
    kind: 'images',
    name,
    ...(await sources()),
    notes,
    schema,
  });
  return { kind: 'images', name, schema, notes, folder };
}

type Size = { readonly height: number; readonly width: number };

/** How often each size occurs. */
class SizeCounts {
  readonly #counts = new Map<string, Size & { readonly count: number }>();

  add({ height, width }: Size): void {
    const key = `${height} × ${width}`;
    this.#counts.set(key, { height, width, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }

  all(): DescribedImages['sizes'] {
    return [...this.#counts.values()];
  }
}

/** Of all images of a folder: the sum of their sizes, and the SHA-256 of their paths, sizes and own SHA-256, in order. */
async function folderFingerprint(folder: string, files: readonly { readonly path: string }[]): Promise<SourceFile> {
  const hash = createHash('sha256');
  let total = 0;
  for (const { path } of files) {
    const { bytes, sha256 } = await fingerprint(path);
    hash.update(`${relative(folder, path).replaceAll('\\', '/')}\n${bytes}\n${sha256}\n`);
    total += bytes;
  }
  return { file: basename(folder), bytes: total, sha256: hash.digest('hex') };
}
