import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveReference } from '../../src/data/index.js';
import { nameOfFile } from '../../src/data/reference.js';
import { errorOf, temporaryFolder, writeInto } from './support.js';

const base = temporaryFolder();

describe('resolveReference', () => {
  it('keeps the names of data sets that ship, even beside a file of that name', () => {
    mkdirSync(join(base, 'spirals'));
    expect(resolveReference('spirals', base)).toBe('spirals');
  });

  it('makes paths absolute', () => {
    expect(resolveReference('./spirals', base)).toBe(join(base, 'spirals'));
    expect(resolveReference('data/rows.arrow', base)).toBe(join(base, 'data', 'rows.arrow'));
    expect(resolveReference({ path: 'rows.csv', target: 'y', seed: 3 }, base)).toEqual({
      path: join(base, 'rows.csv'),
      target: 'y',
      seed: 3,
    });
    expect(resolveReference({ images: 'i', labels: '../l' }, base)).toEqual({
      images: join(base, 'i'),
      labels: resolve(base, '../l'),
    });
    writeInto(base, 'word', 'x');
    expect(resolveReference('word', base)).toBe(join(base, 'word'));
  });

  it('changes nothing the second time, in any folder', () => {
    for (const reference of ['mnist-test', 'a/b.arrow', { path: 'c.csv', target: 'y' }, { images: 'i', labels: 'l' }]) {
      const once = resolveReference(reference, base);
      expect(resolveReference(once, '/elsewhere')).toEqual(once);
    }
  });

  it('takes encoders and splits, and says what is wrong with them', async () => {
    const reference = {
      path: '/c.csv',
      target: 'y',
      encode: { a: 'log', b: { hash: 32 }, c: { ordinal: ['low', 'high'] }, d: { quantile: 'uniform' } },
      numbers: 'quantile',
      categories: 'index',
      splits: { folds: 5, fold: 4 },
    };
    expect(resolveReference(reference, base)).toEqual(reference);
    const refused = async (change: object) => {
      return (await errorOf('DATA_REFERENCE_INVALID', () => resolveReference({ ...reference, ...change }, base)))
        .message;
    };
    expect(await refused({ encode: { a: 'logg' } })).toContain('encode');
    expect(await refused({ encode: { a: { hash: 1 } } })).toContain('encode');
    expect(await refused({ encode: { a: { ordinal: ['x', 'x'] } } })).toContain('encode');
    expect(await refused({ splits: { by: 'group' } })).toContain('must name a column to split by group');
    expect(await refused({ categories: 'embedding' })).toContain('categories');
  });

  it('suggests the name that a misspelt one means, and lists all', async () => {
    const error = await errorOf('DATA_DATASET_UNKNOWN', () => resolveReference('mnist-10', base));
    expect(error.message).toContain('Did you mean "mnist-10k"?');
    expect(error.todo).toContain('"spirals"');
  });

  it.each([
    [undefined, 'a name or an object'],
    [null, 'a name or an object'],
    ['', 'a name or an object'],
    [7, 'a name or an object'],
    [['mnist-10k'], 'a name or an object'],
    [{}, 'path'],
    [{ path: 'a.csv', target: 'y', validation: 0 }, 'validation: must be a fraction between 0 and 1, or a count'],
    [{ path: 'a.csv', target: 'y', validation: 1.5 }, 'and is 1.5'],
    [{ path: 'a.csv', target: 'y', test: -1 }, 'test'],
    [{ path: 'a.csv', target: 'y', seed: -1 }, 'seed'],
    [{ path: 'a.csv', target: 'y', task: 'clustering' }, 'task'],
    [{ path: 'a.csv', target: 'y', delimiter: '::' }, 'delimiter'],
    [{ path: 'a.csv', target: 'y', validaton: 0.1 }, 'Did you mean "validation"?'],
    [{ images: 'a' }, 'labels'],
    [{ images: 'a', labels: 'b', target: 'y' }, 'target'],
  ])('refuses %j', async (value, says) => {
    const error = await errorOf('DATA_REFERENCE_INVALID', () => resolveReference(value, base));
    expect(error.message).toContain(says);
  });

  it('says all that is wrong at once', async () => {
    const error = await errorOf('DATA_REFERENCE_INVALID', () =>
      resolveReference({ path: '', target: 3, seed: 0.5 }, base),
    );
    for (const field of ['path', 'target', 'seed']) expect(error.message).toContain(`${field}:`);
  });
});

describe('nameOfFile', () => {
  it.each([
    ['/a/b/rows.csv', 'rows'],
    ['rows.csv.gz', 'rows'],
    ['rows.csv.zst', 'rows'],
    ['t10k-images-idx3-ubyte.gz', 't10k-images-idx3-ubyte'],
    ['v1.2 final.parquet', 'v1.2 final'],
    ['rows', 'rows'],
    ['.csv', '.csv'],
  ])('calls %s %s', (path, name) => {
    expect(nameOfFile(path)).toBe(name);
  });
});
