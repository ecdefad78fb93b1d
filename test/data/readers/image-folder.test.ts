import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { loadReference } from '../../../src/data/load-reference.js';
import { decodeImage, imageShape } from '../../../src/data/readers/image.js';
import { readImageFolder } from '../../../src/data/readers/image-folder.js';
import { columnView } from '../../../src/data/shared-dataset.js';
import { errorOf, temporaryFolder } from '../support.js';

const pictures = join(import.meta.dirname, '../../fixtures/images');
const folder = temporaryFolder();
const grey = join(pictures, 'grey-6x8.png');

function expectNear(actual: ArrayLike<number>, wanted: ArrayLike<number>, difference: number): void {
  expect(actual.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(actual[i]! - wanted[i]!)).toBeLessThan(difference);
}

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

  // 3 × 2 pixels: dark red, green, blue; greys
  const [width, height] = [3, 2];
  const colours = Uint8Array.of(200, 0, 0, 0, 150, 0, 0, 0, 250, 10, 10, 10, 120, 120, 120, 240, 240, 240);
  const greys = Uint8Array.of(0, 50, 100, 150, 200, 250);
  const of = (pixels: Uint8Array | Uint16Array, channels: 1 | 2 | 3 | 4) =>
    sharp(pixels, { raw: { width, height, channels } });
  const decoded = async (image: Sharp, channels: 1 | 3) => {
    const bytes = await image.toBuffer();
    const shape = await imageShape('image', bytes);
    return { shape, pixels: [...(await decodeImage('image', bytes, { ...shape, channels }))] };
  };

  it('is turned upright, as EXIF says', async () => {
    // 6: the camera was turned, so that its rows are columns
    const { shape, pixels } = await decoded(of(greys, 1).withMetadata({ orientation: 6 }).png(), 1);
    expect(shape).toMatchObject({ height: width, width: height });
    expect(pixels).toEqual([150, 0, 200, 50, 250, 100]);
    const jpeg = await decoded(of(greys, 1).withMetadata({ orientation: 3 }).jpeg({ quality: 100 }), 1);
    expect(jpeg.shape).toMatchObject({ height, width });
    expectNear(jpeg.pixels, [250, 200, 150, 100, 50, 0], 6);
  });

  it('lies on black where it is transparent', async () => {
    const withAlpha = Uint8Array.from({ length: 24 }, (_, i) => (i % 4 === 3 ? [255, 128, 0][(i >> 2) % 3]! : 100));
    const { shape, pixels } = await decoded(of(withAlpha, 4).png(), 3);
    expect(shape.channels).toBe(3);
    expect(pixels.slice(0, 9)).toEqual([100, 100, 100, 50, 50, 50, 0, 0, 0]);
    const grey = await decoded(
      of(Uint8Array.of(80, 255, 80, 128, 80, 0, 9, 255, 9, 255, 9, 255), 2)
        .toColourspace('b-w')
        .png(),
      1,
    );
    expect([grey.shape.channels, grey.pixels]).toEqual([1, [80, 40, 0, 9, 9, 9]]);
  });

  it('has its 16 bits made 8', async () => {
    const deep = Uint16Array.from(greys, (grey) => grey * 257);
    const grey = await decoded(of(deep, 1).toColourspace('grey16').png(), 1);
    expect([grey.shape.channels, grey.pixels]).toEqual([1, [...greys]]);
    const rgb = await decoded(
      of(
        Uint16Array.from(colours, (value) => value * 257),
        3,
      )
        .toColourspace('rgb16')
        .png(),
      3,
    );
    expect([rgb.shape.channels, rgb.pixels]).toEqual([3, [...colours]]);
  });

  it('has a palette of colours, or one of greys, which is one channel', async () => {
    const coloured = await decoded(of(colours, 3).png({ palette: true }), 3);
    expect(coloured.shape.channels).toBe(3);
    expectNear(coloured.pixels, colours, 3);
    const grey = await decoded(
      of(Uint8Array.from([...greys].flatMap((value) => [value, value, value])), 3).png({ palette: true }),
      1,
    );
    expect(grey.shape.channels).toBe(1);
    expectNear(grey.pixels, greys, 3);
    const black = await decoded(of(Uint8Array.of(0, 255, 0, 255, 0, 255), 1).png({ palette: true, colours: 2 }), 1);
    expect([black.shape.channels, black.pixels]).toEqual([1, [0, 255, 0, 255, 0, 255]]);
  });

  it('has its grey repeated where colours are wanted, and is grey where they are not', async () => {
    expect((await decoded(of(greys, 1).png(), 3)).pixels).toEqual([...greys].flatMap((grey) => [grey, grey, grey]));
    const jpeg = await decoded(of(greys, 1).toColourspace('b-w').jpeg({ quality: 100 }), 1);
    expect(jpeg.shape.channels).toBe(1);
    const { pixels } = await decoded(of(colours, 3).png(), 1);
    // what is equal in all three is itself; green is lighter than blue
    expect(pixels.slice(3)).toEqual([10, 120, 240]);
    expect(pixels[1]).toBeGreaterThan(pixels[2]!);
  });

  it('is RGB also where it was printed in CMYK', async () => {
    const flat = Uint8Array.from({ length: 3 * 64 }, (_, i) => [200, 40, 40][i % 3]!);
    const image = sharp(flat, { raw: { width: 8, height: 8, channels: 3 } })
      .toColourspace('cmyk')
      .jpeg({ quality: 100 });
    const { shape, pixels } = await decoded(image, 3);
    expect(shape.channels).toBe(3);
    // the profile of a printer is not exact
    expectNear(pixels.slice(0, 3), [200, 40, 40], 40);
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

  describe('of which some cannot be read', () => {
    const broken = () => {
      const copy = copyOf(`damaged ${Math.random()}`);
      writeFileSync(join(copy, 'cats/0.png'), '');
      writeFileSync(join(copy, 'cats/2.png'), readFileSync(join(copy, 'cats/2.png')).subarray(0, 300));
      writeFileSync(join(copy, 'dogs/smooth.jpg'), 'text');
      return copy;
    };

    it('names all of them, and why', async () => {
      const error = await errorOf('DATA_IMAGES_UNREADABLE', () => readImageFolder(broken(), {}));
      expect(error.message).toContain('3 of 8 are not');
      for (const name of ['0.png', '2.png']) expect(error.message).toContain(`${join('cats', name)} (`);
      expect(error.message).toContain(`${join('dogs', 'smooth.jpg')} (its first bytes are neither`);
      expect(error.todo).toContain('skipUnreadable: true');
    });

    it('names a few of very many', async () => {
      const copy = copyOf('many');
      for (let i = 0; i < 30; i++) writeFileSync(join(copy, `cats/bad${i}.png`), 'text');
      const error = await errorOf('DATA_IMAGES_UNREADABLE', () => readImageFolder(copy, {}));
      expect(error.message).toMatch(/30 of 38 are not: .*, and 20 more\.$/);
    });

    it('is read without them where that is said, which is noted', async () => {
      const notes: string[] = [];
      const whole = await readImageFolder(pictures, {});
      const images = await readImageFolder(broken(), { skipUnreadable: true, onNote: (note) => notes.push(note) });
      expect(images.shape).toEqual([5, 12, 10, 3]);
      expect([...images.labels]).toEqual([0, 0, 1, 1, 1]);
      const size = 12 * 10 * 3;
      const kept = [1, 3, 4, 5, 6].flatMap((row) => [...whole.values.subarray(row * size, (row + 1) * size)]);
      expect([...images.values]).toEqual(kept);
      expect(notes).toEqual([
        expect.stringMatching(/^3 of 8 images cannot be read, and are left out: cats.0\.png \(it is empty\)/),
      ]);
    });

    it('loses the classes that have none left, and is refused where no image is', async () => {
      const copy = copyOf('classes');
      for (const name of ['0.png', '1.png', '2.png', 'smooth.jpg']) writeFileSync(join(copy, 'cats', name), 'text');
      const images = await readImageFolder(copy, { skipUnreadable: true });
      expect([images.classes, [...images.labels]]).toEqual([['dogs'], [0, 0, 0, 0]]);
      for (const name of ['0.png', '1.png', '2.png', 'smooth.jpg']) writeFileSync(join(copy, 'dogs', name), 'text');
      await errorOf('DATA_IMAGES_UNREADABLE', () => readImageFolder(copy, { skipUnreadable: true }));
    });

    it('is a data set without them', async () => {
      const seen: string[] = [];
      const onProgress = (progress: { kind: string }) => seen.push(progress.kind);
      const options = { cacheDirectory: folder, baseDirectory: folder, onProgress };
      const dataset = await loadReference({ folder: broken(), validation: 2, skipUnreadable: true }, options);
      expect([dataset.rowCount, seen.includes('noted')]).toEqual([5, true]);
    });
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
