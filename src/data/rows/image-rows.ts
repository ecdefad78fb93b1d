import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errors } from '../errors.js';
import type { Preprocessing } from '../preprocessing.js';
import { readDataFile } from '../readers/data-file.js';
import { decodeImage, type ImageShape } from '../readers/image.js';
import { isImage } from '../readers/image-folder.js';
import type { RowChunk } from './cells.js';

/** Values that a chunk of images has at most, beyond its first. */
const chunkValues = 4_000_000;

/** Whether an input is images: a folder, or a file by its name. */
export async function isImages(input: string): Promise<boolean> {
  if (isImage(basename(input))) return true;
  const found = await stat(input).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

/**
 * Images, each a row with the one column `x`: of one file, or of a folder, all PNG and JPEG files at any depth, in order of their paths.
 * They are stretched to the size that the model reads.
 *
 * @throws DATA_ROW_NOT_IMAGES if the model reads something else, DATA_IMAGES_NONE, DATA_IMAGE_UNREADABLE
 */
export async function imageFileRows(
  input: string,
  { features }: Preprocessing,
  chunkRows: number,
): Promise<AsyncIterable<RowChunk>> {
  const shape = shapeOf(input, features);
  const files = isImage(basename(input)) ? [basename(input)] : await listImages(input);
  const folder = isImage(basename(input)) ? join(input, '..') : input;
  const values = shape.height * shape.width * shape.channels;
  return decoded(folder, files, shape, Math.min(chunkRows, Math.max(1, Math.floor(chunkValues / values))));
}

async function* decoded(
  folder: string,
  files: readonly string[],
  shape: ImageShape,
  count: number,
): AsyncGenerator<RowChunk> {
  for (let start = 0; start < files.length; start += count) {
    const part = files.slice(start, start + count);
    const images = part.map(async (file) => {
      const path = join(folder, file);
      return decodeImage(path, await readDataFile(path), shape);
    });
    const x = await Promise.all(images);
    yield { firstRow: start + 1, rowCount: part.length, columns: new Map([['x', x]]), files: part };
  }
}

async function listImages(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter(isImage).sort();
  if (files.length === 0) throw errors.DATA_IMAGES_NONE({ folder });
  return files;
}

function shapeOf(input: string, features: Preprocessing['features']): ImageShape {
  const [height, width, channels = 1, ...rest] = features.shape;
  const isOfImages = rest.length === 0 && features.names === undefined && features.vocabulary === undefined;
  if (isOfImages && height !== undefined && width !== undefined && (channels === 1 || channels === 3)) {
    return { height, width, channels };
  }
  throw errors.DATA_ROW_NOT_IMAGES({ input, shape: features.shape });
}
