import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { columnView, digestOfFolds, loadDataset, loadFolds, splitView } from '../../src/data/index.js';
import type { DatasetReference } from '../../src/data/reference.js';
import { errorOf, temporaryFolder, writeInto } from './support.js';

const folder = temporaryFolder();
const options = { cacheDirectory: folder, baseDirectory: folder };
const rows = Array.from(
  { length: 30 },
  (_, i) => `${(i * 7) % 13},${'abc'[i % 3]},${i % 2 === 0 ? 'yes' : 'no'},p${i % 10}`,
);
writeInto(folder, 'rows.csv', `x,kind,y,person\n${rows.join('\n')}\n`);
const table = { path: 'rows.csv', target: 'y' };
const all = (more: object = {}) =>
  loadFolds({ ...table, test: 3, splits: { folds: 3, fold: 'all', ...more } }, options);

describe('all folds', () => {
  it('are what each is by itself', async () => {
    const folds = await all();
    expect(folds.length).toBe(3);
    for (const [fold, dataset] of folds.entries()) {
      const alone = await loadDataset({ ...table, test: 3, splits: { folds: 3, fold } }, options);
      expect(dataset.digest).toBe(alone.digest);
      expect(dataset.encoder).toEqual(alone.encoder);
    }
    const validated = folds.flatMap((dataset) => [...splitView(dataset, 'validation')]);
    const tested = folds.map((dataset) => splitView(dataset, 'test').join());
    expect(new Set(validated).size).toBe(27);
    expect(new Set(tested).size).toBe(1);
  });

  it('keep groups together', async () => {
    const [first] = await all({ by: 'group', column: 'person' });
    const people = (split: 'train' | 'validation') => new Set([...splitView(first!, split)].map((row) => row % 10));
    for (const person of people('validation')) expect(people('train').has(person)).toBe(false);
  });

  it('of images have their pixels in memory once, and splits of their own', async () => {
    for (let i = 0; i < 12; i++) {
      mkdirSync(join(folder, 'images', i % 2 === 0 ? 'a' : 'b'), { recursive: true });
      const raw = { width: 2, height: 2, channels: 3 } as const;
      const path = join(folder, 'images', i % 2 === 0 ? 'a' : 'b', `${i}.png`);
      await sharp(Buffer.alloc(12, i * 9), { raw })
        .png()
        .toFile(path);
    }
    const reference = { folder: 'images', splits: { folds: 4, fold: 'all' } } as const;
    const folds = await loadFolds(reference, options);
    expect(new Set(folds.map(({ buffer }) => buffer)).size).toBe(1);
    for (const [fold, dataset] of folds.entries()) {
      const alone = await loadDataset({ ...reference, splits: { folds: 4, fold } }, options);
      expect(dataset.digest).toBe(alone.digest);
      for (const split of ['train', 'validation'] as const)
        expect(splitView(dataset, split)).toEqual(splitView(alone, split));
      expect(columnView(dataset, 'x')).toEqual(columnView(alone, 'x'));
    }
  });

  it('have a digest together; a single data set has its own', async () => {
    const folds = await all();
    expect(digestOfFolds(folds)).not.toBe(digestOfFolds([...folds].reverse()));
    expect(digestOfFolds([folds[0]!])).toBe(folds[0]!.digest);
    const [only] = await loadFolds(table, options);
    expect(digestOfFolds([only!])).toBe((await loadDataset(table, options)).digest);
  });

  it('are refused where one data set is wanted, and where each would be streamed', async () => {
    const reference: DatasetReference = { ...table, splits: { folds: 3, fold: 'all' } };
    await errorOf('DATA_REFERENCE_INVALID', () => loadDataset(reference, options));
    await errorOf('DATA_REFERENCE_INVALID', () => loadFolds({ ...reference, memory: '1GB' }, options));
    await errorOf('DATA_REFERENCE_INVALID', () => loadFolds({ ...table, splits: { fold: 'all' } }, options));
    await errorOf('DATA_REFERENCE_INVALID', () => loadFolds({ ...reference, validation: 0.1 }, options));
  });
});
