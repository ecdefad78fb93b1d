import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadReference } from '../../../src/data/load-reference.js';
import { decodeImage, imageShape } from '../../../src/data/readers/image.js';
import { readImageFolder } from '../../../src/data/readers/image-folder.js';
import { columnView } from '../../../src/data/shared-dataset.js';
import { errorOf, temporaryFolder } from '../support.js';

const pictures = join(import.meta.dirname, '../../fixtures/images');
const folder = temporaryFolder();
const grey = join(pictures, 'grey-6x8.png');

function copyOf(name: string): string {
  const copy = join(folder, name);
  cpSync(pictures, copy, { recursive: true });
  return copy;
}

describe('an image', () => {
  it('is decoded to the pixels that were written', async () => {
    const bytes = readFileSync(grey);
    expect(await imageShape(grey, bytes)).toMatchObject({ height: 6, width: 8, channels: 1 });
    const pixels = await decodeImage(grey, bytes, { height: 6, width: 8, channels: 1 });
    expect([...pixels.subarray(0, 8)]).toEqual([0, 30, 60, 90, 120, 150, 180, 210]);
    const colours = await decodeImage(grey, bytes, { height: 6, width: 8, channels: 3 });
    expect([...colours.subarray(3, 6)]).toEqual([30, 30, 30]);
  });

  it('is decoded to about what was written, where it is JPEG, and the same each time', async () => {
    const path = join(pictures, 'dogs/smooth.jpg');
    const shape = { height: 12, width: 10, channels: 3 } as const;
    const pixels = await decodeImage(path, readFileSync(path), shape);
    for (let x = 0; x < 10; x++) {
      expect(Math.abs(pixels[3 * x]! - 20 * x)).toBeLessThan(25);
      expect(Math.abs(pixels[3 * x + 2]! - 200)).toBeLessThan(25);
    }
    expect(await decodeImage(path, readFileSync(path), shape)).toEqual(pixels);
  });

  it.each([
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ['is something else', () => Buffer.from('<svg></svg>')],
    ['is empty', () => Buffer.alloc(0)],
    [
      'says that it is huge',
      (bytes: Buffer) => {
        const copy = Buffer.from(bytes);
        copy.writeUInt32BE(60_000, 16);
        copy.writeUInt32BE(60_000, 20);
        return copy;
      },
    ],
  ])('is refused by name where it %s', async (_, damage) => {
    const error = await errorOf('DATA_IMAGE_UNREADABLE', () =>
      decodeImage('cat.png', damage(readFileSync(grey)), { height: 6, width: 8, channels: 1 }),
    );
    expect(error.message).toContain('cat.png');
  });
});

describe('a folder of images', () => {
  it('is read by class and path', async () => {
    const images = await readImageFolder(pictures, {});
    expect(images).toMatchObject({ shape: [8, 12, 10, 3], classes: ['cats', 'dogs'] });
    expect([...images.labels]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    const mean = (from: number) =>
      images.values.subarray(from * 360, from * 360 + 360).reduce((a, b) => a + b, 0) / 360;
    expect(mean(0)).toBeLessThan(60);
    expect(mean(4)).toBeGreaterThan(170);
  });

  it('is stretched to a size where one is given, and else refuses another by name', async () => {
    const copy = copyOf('sizes');
    cpSync(grey, join(copy, 'dogs/small.png'));
    const error = await errorOf('DATA_IMAGE_SIZE', () => readImageFolder(copy, {}));
    expect(error.message).toContain('small.png has 6 × 8');
    expect(await readImageFolder(copy, { size: [4, 5], channels: 1 })).toMatchObject({ shape: [9, 4, 5, 1] });
  });

  it('names the first image that is damaged', async () => {
    const copy = copyOf('damaged');
    writeFileSync(join(copy, 'cats/2.png'), readFileSync(join(copy, 'cats/2.png')).subarray(0, 300));
    const error = await errorOf('DATA_IMAGE_UNREADABLE', () => readImageFolder(copy, {}));
    expect(error.message).toContain(join('cats', '2.png'));
  });

  it('must have a folder with images for each class', async () => {
    mkdirSync(join(folder, 'none/cats'), { recursive: true });
    await errorOf('DATA_IMAGES_NONE', () => readImageFolder(join(folder, 'none'), {}));
    await errorOf('DATA_MEMORY_LIMIT', () => readImageFolder(pictures, { memoryLimitBytes: 1000 }));
  });

  it('is a data set', async () => {
    const options = { cacheDirectory: folder, baseDirectory: join(pictures, '..') };
    const dataset = await loadReference({ folder: 'images', validation: 0.25, size: [6, 5] }, options);
    expect(dataset).toMatchObject({ name: 'images', rowCount: 8, target: { classes: ['cats', 'dogs'] } });
    expect(columnView(dataset, 'x').length).toBe(8 * 6 * 5 * 3);
  });
});
