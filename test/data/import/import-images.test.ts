import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { importIdx, importImageFolder } from '../../../src/data/import/import-images.js';
import { verifyImport } from '../../../src/data/import/imported.js';
import { loadReference } from '../../../src/data/load-reference.js';
import { withMemoryLimit } from '../../../src/data/memory-limit.js';
import { errorOf, refusesReadably, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const common = { baseDirectory: folder, version: '1.2.3' };
const load = (reference: Parameters<typeof loadReference>[0]) =>
  loadReference(reference, { cacheDirectory: folder, baseDirectory: folder });

/** A PNG file of one colour with a mark that differs by number. */
async function writeImage(path: string, mark: number, [height, width] = [6, 4], channels: 1 | 3 = 3): Promise<void> {
  const pixels = Buffer.alloc(height! * width! * channels, 40);
  pixels[mark % pixels.length] = 200;
  await sharp(pixels, { raw: { height: height!, width: width!, channels } })
    .png()
    .toFile(path);
}

beforeAll(async () => {
  for (const [label, count] of [
    ['cat', 9],
    ['dog', 7],
  ] as const) {
    mkdirSync(join(folder, 'pets', label), { recursive: true });
    for (let i = 0; i < count; i++)
      await writeImage(join(folder, 'pets', label, `${i}.png`), label.length * i + (label === 'dog' ? 1 : 0) * 40);
  }
});

/** A copy of the images in a folder of its own. */
function pets(name: string): string {
  cpSync(join(folder, 'pets'), join(folder, name), { recursive: true });
  return join(folder, name);
}

describe('an import of a folder of images', () => {
  it('says what is in it, and is read as the folder itself is, however it is split', async () => {
    const { schema, notes, folder: made } = await importImageFolder('pets', { ...common, to: 'imported' });
    expect(schema).toMatchObject({
      rowCount: 16,
      shape: [6, 4, 3],
      classes: [
        { name: 'cat', count: 9 },
        { name: 'dog', count: 7 },
      ],
      sizes: [{ height: 6, width: 4, count: 16 }],
      sizeCount: 1,
      unreadable: 0,
    });
    expect(notes).toEqual([]);
    for (const splits of [{}, { validation: 0.3, test: 2, seed: 5 }, { splits: { folds: 3, fold: 1 } }]) {
      const [source, imported] = [await load({ folder: 'pets', ...splits }), await load({ path: made!, ...splits })];
      expect(imported.digest).toBe(source.digest);
      expect(imported.target).toEqual(source.target);
    }
    expect((await load('./imported')).digest).toBe((await load({ folder: 'pets' })).digest);
    expect((await load('imported/manifest.json')).digest).toBe((await load('./imported')).digest);
  });

  it('is an Arrow file that others read: pixels with their shape, and classes by name', async () => {
    await importImageFolder('pets', { ...common, to: 'others' });
    const table = tableFromIPC(readFileSync(join(folder, 'others/data.arrow')));
    const [image, label] = table.schema.fields;
    expect(image!.metadata.get('rowShape')).toBe('[6,4,3]');
    expect(String(label!.type)).toContain('Dictionary');
    expect([...table.getChild('label')!].slice(8, 10)).toEqual(['cat', 'dog']);
    expect([...table.getChild('image')!.get(0)].slice(0, 2)).toEqual([200, 40]);
  });

  it('is the same bytes each time, and is not written where one only looks', async () => {
    await importImageFolder('pets', { ...common, to: 'first' });
    await importImageFolder('pets', { ...common, to: 'second' });
    for (const file of ['data.arrow', 'manifest.json']) {
      expect(readFileSync(join(folder, 'first', file))).toEqual(readFileSync(join(folder, 'second', file)));
    }
    expect((await importImageFolder('pets', { ...common, to: 'dry', dryRun: true })).folder).toBeUndefined();
    expect(existsSync(join(folder, 'dry'))).toBe(false);
    await errorOf('DATA_IMPORT_EXISTS', () => importImageFolder('pets', { ...common, to: 'first' }));
  });

  it('stands beside the folder where no other name is given', async () => {
    const source = pets('beside');
    const { folder: made } = await importImageFolder(source, { ...common, to: undefined } as never);
    expect(made).toBe(join(folder, 'beside-imported'));
  });

  it('warns of sizes that differ, of repeated images, and of one image in two classes', async () => {
    const source = pets('uneven');
    cpSync(join(source, 'cat/1.png'), join(source, 'cat/again.png'));
    cpSync(join(source, 'cat/2.png'), join(source, 'dog/wrong.png'));
    await writeImage(join(source, 'dog/wide.png'), 3, [6, 12]);
    const error = await errorOf('DATA_IMAGE_SIZE', () => importImageFolder(source, common));
    expect(error.todo).toContain('--size');
    const { schema } = await importImageFolder(source, { ...common, to: 'even', size: [6, 4] });
    expect(schema).toMatchObject({ rowCount: 19, sizeCount: 2, duplicates: 2, contradictions: 1 });
    expect(schema.sizes).toEqual([
      { height: 6, width: 4, count: 18 },
      { height: 6, width: 12, count: 1 },
    ]);
    expect(schema.warnings.map(({ code }) => code)).toEqual(['stretched', 'duplicate-images', 'contradicting-labels']);
    expect(schema.warnings[0]!.text).toContain('1 of them to other proportions');
    expect((await load('./even')).digest).toBe((await load({ folder: source, size: [6, 4] })).digest);
  });

  it('leaves out what cannot be read only where it is told to, and says so', async () => {
    const source = pets('damaged');
    writeFileSync(join(source, 'cat/broken.png'), 'no image');
    await errorOf('DATA_IMAGES_UNREADABLE', () => importImageFolder(source, common));
    const { schema, notes } = await importImageFolder(source, { ...common, to: 'whole', skipUnreadable: true });
    expect(schema).toMatchObject({ rowCount: 16, unreadable: 1 });
    expect(schema.warnings.map(({ code }) => code)).toEqual(['unreadable']);
    expect(notes.join()).toContain('broken.png');
    expect((await load('./whole')).digest).toBe((await load({ folder: 'pets' })).digest);
  });

  it('warns of classes that are alone, small, or far larger than others', async () => {
    mkdirSync(join(folder, 'single/cat'), { recursive: true });
    for (let i = 0; i < 3; i++) await writeImage(join(folder, 'single/cat', `${i}.png`), i);
    const codes = async (source: string) =>
      (await importImageFolder(source, { ...common, dryRun: true })).schema.warnings.map(({ code }) => code);
    expect(await codes('single')).toEqual(['one-class']);
    const source = pets('small');
    mkdirSync(join(source, 'fox'));
    await writeImage(join(source, 'fox/0.png'), 17);
    expect(await codes(source)).toEqual(['small-class']);
    for (let i = 0; i < 20; i++) await writeImage(join(source, 'dog', `more-${i}.png`), 30 + i, [6, 4]);
    expect(await codes(source)).toContain('imbalanced');
  });

  it('takes no options of a table, is not streamed, and is refused once it is changed', async () => {
    await importImageFolder('pets', { ...common, to: 'strict' });
    const wrong = await errorOf('DATA_REFERENCE_INVALID', () =>
      load({ path: 'strict', target: 'label', ignore: ['x'] }),
    );
    expect(wrong.message).toContain('target, ignore');
    await errorOf('DATA_REFERENCE_INVALID', () => load({ path: 'strict', memory: 1 << 20 }));
    await errorOf('DATA_REFERENCE_INVALID', () => load({ text: 'strict', context: 4 }));
    expect(await withMemoryLimit(join(folder, 'strict'))).toBe(join(folder, 'strict'));
    const data = join(folder, 'strict/data.arrow');
    const bytes = readFileSync(data);
    writeFileSync(data, bytes.subarray(0, -8));
    await errorOf('DATA_IMPORT_CHANGED', () => load('./strict'));
    bytes[bytes.indexOf(200)]! ^= 1;
    writeFileSync(data, bytes);
    await errorOf('DATA_IMPORT_CHANGED', () => verifyImport(join(folder, 'strict')));
    const manifest = join(folder, 'strict/manifest.json');
    const head = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(manifest, JSON.stringify({ ...head, schema: { ...head.schema, shape: [6, 5, 3] } }));
    await errorOf('DATA_ARROW_UNREADABLE', () => load('./strict'));
    writeFileSync(manifest, JSON.stringify({ ...head, schema: { ...head.schema, rowCount: 15 } }));
    await errorOf('DATA_IMPORT_CHANGED', () => load('./strict'));
    writeFileSync(
      manifest,
      JSON.stringify({ ...head, schema: { ...head.schema, classes: [{ name: 'cat', count: 16 }] } }),
    );
    await errorOf('DATA_IMPORT_CHANGED', () => load('./strict'));
    writeFileSync(manifest, JSON.stringify({ ...head, schema: { ...head.schema, shape: [1e6, 1e6, 3] } }));
    await errorOf('DATA_MEMORY_LIMIT', () => load('./strict'));
  });
});

it('an import of images that is damaged is read, or refused readably', async () => {
  const { folder: made } = await importImageFolder('pets', { ...common, to: 'any byte' });
  await refusesReadably(join(made!, 'data.arrow'), () => load(made!));
});

describe('an import of images in IDX', () => {
  const images = writeInto(
    folder,
    'some-images-idx3-ubyte',
    Buffer.from([0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2, ...Array(24).keys()]),
  );
  const labels = (name: string, values: number[]) =>
    writeInto(folder, name, Buffer.from([0, 0, 8, 1, 0, 0, 0, values.length, ...values]));
  const known = labels('labels', [3, 7, 3, 7, 7, 3]);

  it('is read as the files themselves are', async () => {
    const { schema, folder: made, name } = await importIdx(images, { ...common, labels: known, to: 'idx' });
    expect(name).toBe('some-images-idx3-ubyte');
    expect(schema).toMatchObject({
      rowCount: 6,
      shape: [2, 2, 1],
      classes: [
        { name: '3', count: 3 },
        { name: '7', count: 3 },
      ],
      warnings: [],
    });
    const [source, imported] = [
      await load({ images, labels: known, validation: 2 }),
      await load({ path: made!, validation: 2 }),
    ];
    expect(imported.digest).toBe(source.digest);
    const { manifest } = await verifyImport(made!);
    expect(manifest).toMatchObject({
      source: { file: 'some-images-idx3-ubyte' },
      labels: { file: 'labels', bytes: 14 },
    });
  });

  it('is refused where a sweep would refuse the files', async () => {
    await errorOf('DATA_LABEL_COUNT', () => importIdx(images, { ...common, labels: labels('few', [1, 2]) }));
    await errorOf('DATA_TARGET_ONE_CLASS', () =>
      importIdx(images, { ...common, labels: labels('same', Array(6).fill(1)) }),
    );
    await errorOf('DATA_IDX_MALFORMED', () => importIdx(images, { ...common, labels: images }));
    await errorOf('DATA_FILE_NOT_FOUND', () => importIdx(images, { ...common, labels: 'nowhere' }));
  });
});
