import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnView, splitView } from '../../src/data/index.js';
import { tabularDataset } from '../../src/data/tabular-dataset.js';
import type { TabularOptions } from '../../src/data/tabular-layout.js';
import { errorOf, rawTable } from './support.js';

const options = (change: Partial<TabularOptions> = {}): TabularOptions => ({
  name: 'table',
  target: 'y',
  splits: { validation: 0.25, test: 0, seed: 0 },
  ...change,
});

const table = rawTable({
  size: [1, 2, 3, null, 5, 6, 7, 8, 9, 10],
  y: ['a', 'b', 'a', 'b', null, 'b', 'a', 'b', null, 'b'],
  colour: ['red', 'red', 'blue', 'red', 'red', 'blue', 'red', 'blue', 'red', 'red'],
});

describe('tabularDataset', () => {
  it('lays out features, classes and how they were encoded', () => {
    const dataset = tabularDataset(table, options());
    expect(dataset).toMatchObject({
      name: 'table',
      rowCount: 8,
      droppedRowCount: 2,
      features: { column: 'x', scale: 1, offset: 0, names: ['size', 'size is missing', 'colour=blue', 'colour=red'] },
      target: { column: 'y', kind: 'class', classes: ['a', 'b'] },
      splits: { train: { count: 6 }, validation: { count: 2 } },
    });
    expect(dataset.columns.map(({ name, type, rowShape }) => [name, type, rowShape])).toEqual([
      ['x', 'float32', [4]],
      ['y', 'int32', []],
    ]);
    expect([...columnView(dataset, 'y')]).toEqual([0, 1, 0, 1, 1, 0, 1, 1]);
    expect(dataset.encoder!.columns.map((column) => column.column)).toEqual(['size', 'colour']);
  });

  it('standardises over the training rows alone, of the rows that were kept', () => {
    const dataset = tabularDataset(table, options());
    const x = columnView(dataset, 'x');
    const kept = [1, 2, 3, Number.NaN, 6, 7, 8, 10];
    const known = [...splitView(dataset, 'train')].filter((row) => !Number.isNaN(kept[row]!));
    const mean = known.reduce((sum, row) => sum + kept[row]! / known.length, 0);
    const deviation = Math.sqrt(known.reduce((sum, row) => sum + (kept[row]! - mean) ** 2 / known.length, 0));
    kept.forEach((value, row) => {
      expect(x[row * 4]).toBeCloseTo(Number.isNaN(value) ? 0 : (value - mean) / deviation, 5);
      expect(x[row * 4 + 1]).toBe(Number.isNaN(value) ? 1 : 0);
    });
  });

  it('keeps the numbers of a regression as they are', () => {
    const dataset = tabularDataset(rawTable({ a: [1, 2, 3, 4], y: [0.5, 1.5, null, 3.5] }), options());
    // of the training rows alone
    expect(dataset.target).toEqual({ column: 'y', kind: 'number', mean: 1, deviation: 0.5, label: 'y' });
    expect([...columnView(dataset, 'y')]).toEqual([0.5, 1.5, 3.5]);
    expect(columnView(dataset, 'y')).toBeInstanceOf(Float32Array);
  });

  it('keeps categories as numbers beside the features, in one byte where that is enough', () => {
    const texts = Array.from({ length: 600 }, (_, row) => `t${row % 300}`);
    const y = texts.map((_, row) => row / 10);
    const many = tabularDataset(rawTable({ a: y, b: texts, y }), options({ encoding: { categories: 'index' } }));
    expect(columnView(many, 'categories')).toBeInstanceOf(Int32Array);
    const few = tabularDataset(rawTable({ b: texts.map((_, row) => `t${row % 10}`), y }), {
      ...options({ encoding: { categories: 'index' } }),
    });
    expect(columnView(few, 'categories')).toBeInstanceOf(Uint8Array);
    expect(few.categories).toEqual({ column: 'categories', names: ['b'], sizes: [11] });
    // a model has an x in any case
    expect([...columnView(few, 'x')].every((value) => value === 1)).toBe(true);
  });

  it('splits by a column that is no feature, unless it is encoded by name', () => {
    const group = Array.from({ length: 40 }, (_, row) => `g${row % 8}`);
    const y = group.map((_, row) => row / 7);
    const grouped = rawTable({ a: y, group, y: [null, ...y.slice(1)] });
    const splits = { validation: 0.25, test: 0, seed: 0, rule: { by: 'group', column: 'group' } } as const;
    const dataset = tabularDataset(grouped, options({ splits }));
    expect(dataset.features.names).toEqual(['a']);
    const groupsOf = (split: 'train' | 'validation') =>
      // the first row has no target
      new Set([...splitView(dataset, split)].map((row) => group[row + 1]));
    expect([...groupsOf('train')].some((name) => groupsOf('validation').has(name))).toBe(false);
    const encoded = tabularDataset(grouped, options({ splits, encoding: { encode: { group: 'hash' } } }));
    expect(encoded.features.names).toHaveLength(65);
  });

  it('has the same digest for the same table, and another for another seed', () => {
    const splits = { validation: 0.25, test: 0.25, seed: 0 };
    const first = tabularDataset(table, options({ splits }));
    expect(tabularDataset(table, options({ splits, name: 'renamed' })).digest).toBe(first.digest);
    expect(tabularDataset(table, options({ splits: { ...splits, seed: 1 } })).digest).not.toBe(first.digest);
    expect(first.splits.test!.count).toBe(2);
  });

  it('does not depend on what stands in other rows than the training ones', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(values, values, (sizes, others) => {
        const y = [0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        const one = tabularDataset(rawTable({ sizes, y }), options());
        const train = [...splitView(one, 'train')];
        const mixed = sizes.map((size, row) => (train.includes(row) ? size : others[row]!));
        const other = tabularDataset(rawTable({ sizes: mixed, y }), options());
        for (const row of train) expect(columnView(other, 'x')[row]).toBe(columnView(one, 'x')[row]);
        expect(other.encoder).toEqual(one.encoder);
      }),
    );
  });

  it('suggests the column that a misspelt target means, and lists all', async () => {
    const error = await errorOf('DATA_COLUMN_UNKNOWN', () => tabularDataset(table, options({ target: 'color' })));
    expect(error.message).toContain('"size", "y", "colour"');
    expect(error.message).toContain('Did you mean "colour"?');
  });

  it('suspects the delimiter where there is only one column', async () => {
    const only = rawTable({ 'a;y': ['1;2', '3;4'] });
    const error = await errorOf('DATA_COLUMN_UNKNOWN', () => tabularDataset(only, options()));
    expect(error.message).toContain('";"');
  });

  it.each([
    ['DATA_NO_FEATURES', rawTable({ y: [0.5, 1.5, 2.5, 3.5] })],
    ['DATA_NO_FEATURES', rawTable({ a: [null, null, null, 'x'], y: [0.5, 1.5, 2.5, null] })],
    ['DATA_TARGET_ALL_MISSING', rawTable({ a: [1, 2], y: [null, null] })],
    ['DATA_SPLIT_EMPTY', rawTable({ a: [1], y: [0.5] })],
    ['DATA_CLASS_TOO_SMALL', rawTable({ a: [1, 2, 3, 4], y: ['p', 'p', 'p', 'q'] })],
  ])('ends in %s', async (code, broken) => {
    await errorOf(code, () => tabularDataset(broken, options()));
  });

  it('refuses a value that training rows make too large for float32', async () => {
    const y = [0.5, 1, 2, 3, 4, 5, 6, 7];
    const probe = tabularDataset(rawTable({ a: y, y }), options());
    const validationRow = splitView(probe, 'validation')[0]!;
    const a = y.map((value, row) => (row === validationRow ? 1e300 : value));
    const error = await errorOf('DATA_NUMBER_NOT_FINITE', () => tabularDataset(rawTable({ a, y }), options()));
    expect(error.message).toContain(`in row ${validationRow + 1}`);
  });
});
