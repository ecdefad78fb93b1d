import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { TunerError } from '../../errors/index.js';
import { errors } from '../errors.js';
import { readDataFile } from './data-file.js';
import { decodeImage, type ImageShape, imageShape } from './image.js';
import { MemoryLimit } from './memory-limit.js';
import { defaultThreads } from './read-pool.js';

export interface ImageFolderOptions {
  /** Height and width to stretch images to; by default all must have the first one's. */
  readonly size?: readonly [number, number];
  /** By default the first image's. */
  readonly channels?: 1 | 3;
  /** Whether images that cannot be read are left out, and noted; by default they are refused. */
  readonly skipUnreadable?: boolean;
  readonly memoryLimitBytes?: number;
  /** Told the size of each image that is read, before it is stretched, in any order. */
  readonly onSize?: (size: Pick<ImageShape, 'height' | 'width'>) => void;
  /** Told which images were left out, in a sentence. */
  readonly onNote?: (note: string) => void;
  /** Told now and then how many images have been read. */
  readonly onRows?: (rows: number) => void;
}

export interface FolderImages {
  /** Images, height, width, channels. */
  readonly shape: readonly [number, number, number, number];
  readonly values: Uint8Array;
  /** Index of its class, for each image. */
  readonly labels: Int32Array;
  /** Names of the folders, in order of code units. */
  readonly classes: readonly string[];
}

interface ImageFile {
  readonly path: string;
  readonly label: number;
}

/**
 * Reads a folder of images: each folder in it is a class, and the PNG and JPEG files in that, at any depth, are its images. In order of
 * classes, then of paths. Hidden files and other formats are left out.
 *
 * @throws DATA_IMAGES_NONE, DATA_IMAGES_UNREADABLE with all that are, DATA_IMAGE_SIZE, DATA_MEMORY_LIMIT
 */
export async function readImageFolder(folder: string, options: ImageFolderOptions): Promise<FolderImages> {
  const { classes, files } = await listImages(folder);
  if (files.length === 0) throw errors.DATA_IMAGES_NONE({ folder });
  const unreadable = new Map<number, TunerError>();
  const first = await firstShape(files, unreadable);
  if (first === undefined) throw unreadableImages(folder, files, unreadable);
  const [height, width] = options.size ?? [first.shape.height, first.shape.width];
  const shape: ImageShape = { height, width, channels: options.channels ?? first.shape.channels };
  const pixels = height * width * shape.channels;
  new MemoryLimit(folder, options.memoryLimitBytes).take(pixels * files.length);
  const values = new Uint8Array(pixels * files.length);
  const mustBe = options.size === undefined ? shape : undefined;
  await forEach(files, async (file, i) => {
    if (unreadable.has(i)) return;
    try {
      const bytes = await readDataFile(file.path);
      const own = (mustBe ?? options.onSize) ? await imageShape(file.path, bytes) : undefined;
      if (mustBe !== undefined) checkSize(file.path, own!, mustBe, first.path);
      values.set(await decodeImage(file.path, bytes, shape), i * pixels);
      if (own !== undefined) options.onSize?.(own);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable.set(i, error);
    }
    if (i % 1000 === 999) options.onRows?.(i + 1);
  });
  const rows = files.length;
  const labels = Int32Array.from(files, ({ label }) => label);
  const all: FolderImages = { shape: [rows, height, width, shape.channels], values, labels, classes };
  if (unreadable.size === 0) return all;
  if (!options.skipUnreadable || unreadable.size === rows) throw unreadableImages(folder, files, unreadable);
  options.onNote?.(
    `${unreadable.size} of ${rows} images cannot be read, and are left out: ${listed(folder, files, unreadable)}.`,
  );
  return without(all, unreadable);
}

/** The shape of the first image that can be read. */
async function firstShape(files: readonly ImageFile[], unreadable: Map<number, TunerError>) {
  for (const [i, { path }] of files.entries()) {
    try {
      return { path, shape: await imageShape(path, await readDataFile(path)) };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable.set(i, error);
    }
  }
  return undefined;
}

function isUnreadable(error: unknown): error is TunerError {
  const { code } = error as TunerError;
  return code === 'DATA_IMAGE_UNREADABLE' || code === 'DATA_FILE_EMPTY';
}

/** Images that are named. */
const listLimit = 10;

function unreadableImages(folder: string, files: readonly ImageFile[], unreadable: ReadonlyMap<number, TunerError>) {
  const list = listed(folder, files, unreadable);
  return errors.DATA_IMAGES_UNREADABLE({ folder, count: unreadable.size, total: files.length, list });
}

function listed(folder: string, files: readonly ImageFile[], unreadable: ReadonlyMap<number, TunerError>): string {
  const inOrder = [...unreadable].sort(([a], [b]) => a - b);
  const shown = inOrder
    .slice(0, listLimit)
    .map(([i, error]) => `${relative(folder, files[i]!.path)} (${reasonOf(error)})`);
  return shown.join(', ') + (inOrder.length > listLimit ? `, and ${inOrder.length - listLimit} more` : '');
}

function reasonOf(error: TunerError): string {
  return error.code === 'DATA_FILE_EMPTY'
    ? 'it is empty'
    : (/image: (.*)\.$/.exec(error.message)?.[1] ?? error.message);
}

/** The images without some, and without the classes that then have none. */
function without(images: FolderImages, left: ReadonlyMap<number, unknown>): FolderImages {
  const [rowCount, height, width, channels] = images.shape;
  const size = height * width * channels;
  const kept = Array.from({ length: rowCount }, (_, row) => row).filter((row) => !left.has(row));
  for (const [to, row] of kept.entries()) images.values.copyWithin(to * size, row * size, (row + 1) * size);
  const used = [...new Set(kept.map((row) => images.labels[row]!))].sort((a, b) => a - b);
  return {
    shape: [kept.length, height, width, channels],
    values: images.values.subarray(0, kept.length * size),
    labels: Int32Array.from(kept, (row) => used.indexOf(images.labels[row]!)),
    classes: used.map((label) => images.classes[label]!),
  };
}

/** The images of a folder, as {@link readImageFolder} reads them, in their order. */
export async function listImages(folder: string): Promise<{ classes: string[]; files: ImageFile[] }> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const classes: string[] = [];
  const files: ImageFile[] = [];
  for (const name of folders.sort()) {
    const inside = await readdir(join(folder, name), { recursive: true });
    const images = inside.filter(isImage).sort();
    if (images.length === 0) continue;
    files.push(...images.map((file) => ({ path: join(folder, name, file), label: classes.length })));
    classes.push(name);
  }
  return { classes, files };
}

/** Whether a path within a folder is that of an image: by its name, and not hidden. */
export function isImage(path: string): boolean {
  return /\.(png|jpe?g)$/i.test(path) && !/(^|[\\/])\./.test(path);
}

function checkSize(path: string, { height, width }: ImageShape, wanted: ImageShape, first: string): void {
  if (height === wanted.height && width === wanted.width) return;
  throw errors.DATA_IMAGE_SIZE({ path, size: [height, width], first, wanted: [wanted.height, wanted.width] });
}

/** A few at once; the error of the first that fails, in their order. */
async function forEach<T>(items: readonly T[], act: (item: T, i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const failed = new Map<number, unknown>();
  const run = async () => {
    while (next < items.length && failed.size === 0) {
      const i = next++;
      await act(items[i]!, i).catch((error: unknown) => failed.set(i, error));
    }
  };
  await Promise.all(Array.from({ length: defaultThreads * 2 }, run));
  if (failed.size > 0) throw failed.get(Math.min(...failed.keys()));
}
