import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import {
  columnView,
  type DatasetReference,
  type LoadProgress,
  loadDataset,
  splitView,
  toArrow,
} from '../../src/data/index.js';
import { encodeIdx } from './idx-file.js';
import { fourRows } from './small-datasets.js';
import { errorOf, temporaryFolder, writeInto } from './support.js';

const folder = temporaryFolder();
const cacheDirectory = join(folder, 'cache');
const load = (reference: DatasetReference, onProgress: (event: LoadProgress) => void = () => undefined) =>
  loadDataset(reference, { cacheDirectory, baseDirectory: folder, onProgress });

writeInto(folder, 'rows.csv', `size,colour,y\n${'1,red,a\n2,blue,b\n3,red,a\n,blue,b\n5,red,\n'.repeat(4)}`);

describe('a table', () => {
  it('is loaded from a relative path, named after its file, and says what was left out', async () => {
    const events: LoadProgress[] = [];
    const dataset = await load({ path: 'rows.csv', target: 'y' }, (event) => events.push(event));
    expect(dataset).toMatchObject({ name: 'rows', rowCount: 16, droppedRowCount: 4, target: { classes: ['a', 'b'] } });
    expect(events.filter(({ kind }) => kind === 'dropped')).toEqual([{ kind: 'dropped', column: 'y', rows: 4 }]);
  });

  it('takes a fifth of the rows for validation, and a split of its own, unless told otherwise', async () => {
    const dataset = await load({ path: 'rows.csv', target: 'y' });
    expect([dataset.splits.train.count, dataset.splits.validation.count, dataset.splits.test]).toEqual([
      13,
      3,
      undefined,
    ]);
    const told = await load({ path: 'rows.csv', target: 'y', validation: 4, test: 0.25, seed: 9 });
    expect([told.splits.train.count, told.splits.validation.count, told.splits.test?.count]).toEqual([8, 4, 4]);
    expect([...splitView(told, 'validation')]).not.toEqual([...splitView(dataset, 'validation')]);
  });

  it('leaves out columns, and takes the task and delimiter that it is told', async () => {
    writeInto(folder, 'semicolons.csv', 'a;b;y\n1,5;2;0\n1,5;4;1\n1,6;5;2\n');
    const reference = { path: 'semicolons.csv', target: 'y', delimiter: ';', ignore: ['a'], validation: 1 };
    const dataset = await load({ ...reference, task: 'regression' });
    expect(dataset).toMatchObject({ features: { names: ['b'] }, target: { kind: 'number' } });
    const error = await errorOf('DATA_REFERENCE_INVALID', () => load({ ...reference, ignore: ['y'] }));
    expect(error.message).toContain('"y"');
  });

  it('needs a target, and is asked for one with its columns', async () => {
    const error = await errorOf('DATA_TARGET_REQUIRED', () => load('rows.csv'));
    expect(error.message).toContain('"size", "colour", "y"');
    expect(error.todo).toContain('rows.csv, target: <column>');
  });

  it('has the same digest whichever way it is written', async () => {
    writeInto(folder, 'copy.csv', 'size,colour,y\r\n1.0,"red",a\r\n2,blue,b\r\n3e0,red,a\r\nNA,blue,b\r\n');
    writeInto(folder, 'original.csv', 'size,colour,y\n1,red,a\n2,blue,b\n3,red,a\n,blue,b\n');
    const [copy, original] = await Promise.all(
      ['copy.csv', 'original.csv'].map((path) => load({ path, target: 'y', validation: 1 })),
    );
    expect(copy!.digest).toBe(original!.digest);
  });
});

describe('an Arrow file that was written from a data set', () => {
  it('needs no more than its path', async () => {
    const dataset = fourRows();
    writeFileSync(join(folder, 'written.arrow'), tableToIPC(await toArrow(dataset), 'file'));
    const read = await load('written.arrow');
    expect(read.digest).toBe(dataset.digest);
    expect(columnView(read, 'x')).toEqual(columnView(dataset, 'x'));
  });
});

describe('images', () => {
  const pixels = Uint8Array.from({ length: 8 * 6 }, (_, i) => i);
  const images = encodeIdx([8, 2, 3], pixels);
  const labels = encodeIdx([8], Uint8Array.of(3, 7, 3, 7, 3, 7, 3, 7));

  it('are loaded from two IDX files, one gzipped', async () => {
    writeInto(folder, 'images.gz', gzipSync(images));
    writeInto(folder, 'labels', labels);
    const dataset = await load({ images: 'images.gz', labels: 'labels', validation: 2 });
    expect(dataset).toMatchObject({
      name: 'images',
      rowCount: 8,
      features: { column: 'x', scale: 1 / 255, offset: 0 },
      target: { kind: 'class', classes: ['3', '7'] },
    });
    expect(dataset.columns[0]).toMatchObject({ type: 'uint8', rowShape: [2, 3, 1] });
    expect([...columnView(dataset, 'x')]).toEqual([...pixels]);
    expect([...columnView(dataset, 'y')]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it.each([
    ['DATA_LABEL_COUNT', encodeIdx([7], new Uint8Array(7)), '8 images and 7 labels'],
    ['DATA_TARGET_ONE_CLASS', encodeIdx([8], new Uint8Array(8)), '"0"'],
    ['DATA_IDX_MALFORMED', images, 'must have 1 dimensions'],
  ])('end in %s with other labels', async (code, wrong, says) => {
    writeInto(folder, 'images.idx', images);
    writeInto(folder, 'wrong', wrong);
    const error = await errorOf(code, () => load({ images: 'images.idx', labels: 'wrong', validation: 2 }));
    expect(error.message).toContain(says);
  });
});

describe('what cannot be loaded', () => {
  it('is a file that the system will not open', async () => {
    symlinkSync(join(folder, 'loop.csv'), join(folder, 'loop.csv'));
    const error = await errorOf('DATA_FILE_UNREADABLE', () => load({ path: 'loop.csv', target: 'y' }));
    expect(error.message).toContain('ELOOP');
  });

  it('is an IDX file of 2 GiB', async () => {
    writeInto(folder, 'huge', '');
    truncateSync(join(folder, 'huge'), 2 ** 31);
    const error = await errorOf('DATA_FILE_TOO_LARGE', () => load({ images: 'huge', labels: 'huge' }));
    expect(error.message).toContain(String(2 ** 31));
  });

  it.each([
    ['DATA_FILE_NOT_FOUND', 'missing.arrow'],
    ['DATA_FILE_NOT_FOUND', { path: 'missing.csv', target: 'y' }],
    ['DATA_FILE_NOT_FOUND', { images: 'missing', labels: 'missing' }],
    ['DATA_FILE_IS_FOLDER', '.'],
    ['DATA_FILE_IS_FOLDER', './'],
    ['DATA_DATASET_UNKNOWN', 'missing'],
    ['DATA_COLUMN_UNKNOWN', { path: 'rows.csv', target: 'Y' }],
    ['DATA_SPLIT_TOO_LARGE', { path: 'rows.csv', target: 'y', validation: 16 }],
    ['DATA_TARGET_NOT_NUMBER', { path: 'rows.csv', target: 'y', task: 'regression' }],
  ] as [string, DatasetReference][])('ends in %s: %j', async (code, reference) => {
    await errorOf(code, () => load(reference));
  });
});
