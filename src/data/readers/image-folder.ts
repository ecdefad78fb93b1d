import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  readonly memoryLimitBytes?: number;
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
 * @throws DATA_IMAGES_NONE, DATA_IMAGE_UNREADABLE, DATA_IMAGE_SIZE, DATA_MEMORY_LIMIT
 */
export async function readImageFolder(folder: string, options: ImageFolderOptions): Promise<FolderImages> {
  const { classes, files } = await listImages(folder);
  if (files.length === 0) throw errors.DATA_IMAGES_NONE({ folder });
  const first = files[0]!.path;
  const found = await imageShape(first, await readDataFile(first));
  const [height, width] = options.size ?? [found.height, found.width];
  const shape: ImageShape = { height, width, channels: options.channels ?? found.channels };
  const pixels = height * width * shape.channels;
  new MemoryLimit(folder, options.memoryLimitBytes).take(pixels * files.length);
  const values = new Uint8Array(pixels * files.length);
  const mustBe = options.size === undefined ? shape : undefined;
  await forEach(files, async (file, i) => {
    const bytes = await readDataFile(file.path);
    if (mustBe !== undefined) await checkSize(file.path, bytes, mustBe, first);
    values.set(await decodeImage(file.path, bytes, shape), i * pixels);
    if (i % 1000 === 999) options.onRows?.(i + 1);
  });
  return {
    shape: [files.length, height, width, shape.channels],
    values,
    labels: Int32Array.from(files, ({ label }) => label),
    classes,
  };
}

async function listImages(folder: string): Promise<{ classes: string[]; files: ImageFile[] }> {
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

async function checkSize(path: string, bytes: Uint8Array, wanted: ImageShape, first: string): Promise<void> {
  const { height, width } = await imageShape(path, bytes);
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
