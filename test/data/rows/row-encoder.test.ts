import { describe, expect, it } from 'vitest';
import { columnView, splitView } from '../../../src/data/index.js';
import { type Preprocessing, preprocessingOf, readPreprocessing } from '../../../src/data/preprocessing.js';
import type { Cell, RowChunk } from '../../../src/data/rows/cells.js';
import { RowEncoder } from '../../../src/data/rows/row-encoder.js';
import { seriesDataset } from '../../../src/data/series-dataset.js';
import { tabularDataset } from '../../../src/data/tabular-dataset.js';
import { errorOf, rawTable } from '../support.js';

const table = rawTable({
  age: [30, 40, null, 50, 20, 60, 70, 80],
  town: ['Ulm', 'Bonn', 'Ulm', null, 'Rom', 'Ulm', 'Bonn', 'Rom'],
  size: ['S', 'M', 'L', 'M', 'S', 'L', 'M', 'S'],
  zip: [10, 9, 10, 9, 10, 9, 10, 9],
  paid: [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5],
});

const dataset = tabularDataset(table, {
  name: 'people',
  target: 'paid',
  splits: { validation: 2, test: 0, seed: 0 },
  encoding: { encode: { size: { ordinal: ['S', 'M', 'L'] }, zip: 'one-hot' }, categories: 'index' },
});

/** As it is read from a folder. */
const preprocessing = readPreprocessing(JSON.stringify(preprocessingOf(dataset)), 'encoder.json');

const chunk = (columns: Readonly<Record<string, readonly Cell[]>>, firstRow = 1): RowChunk => ({
  firstRow,
  rowCount: Object.values(columns)[0]!.length,
  columns: new Map(Object.entries(columns)),
});

const rowsOfTable: Readonly<Record<string, readonly Cell[]>> = {
  paid: [],
  age: [30, 40, null, 50, 20, 60, 70, 80],
  town: ['Ulm', 'Bonn', 'Ulm', null, 'Rom', 'Ulm', 'Bonn', 'Rom'],
  size: ['S', 'M', 'L', 'M', 'S', 'L', 'M', 'S'],
  zip: [10, 9, 10, 9, 10, 9, 10, 9],
};

describe('RowEncoder', () => {
  it('gives new rows the features that the data set gave the same rows', () => {
    const { paid: _, ...columns } = rowsOfTable;
    const encoded = new RowEncoder(preprocessing).encode(chunk(columns));
    expect(encoded.x).toEqual(columnView(dataset, 'x'));
    expect([...encoded.categories!]).toEqual([...columnView(dataset, 'categories')]);
    expect(splitView(dataset, 'validation')).toHaveLength(2);
  });

  it('reads texts as what the column was', () => {
    const texts = Object.fromEntries(
      Object.entries(rowsOfTable)
        .filter(([name]) => name !== 'paid')
        .map(([name, cells]) => [
          name,
          cells.map((cell) => (typeof cell === 'number' ? ` ${cell} ` : name === 'age' ? 'NA' : cell)),
        ]),
    );
    const encoded = new RowEncoder(preprocessing).encode(
      chunk({ ...texts, zip: texts.zip!.map((zip) => `0${String(zip).trim()}.0`) }),
    );
    expect(encoded.x).toEqual(columnView(dataset, 'x'));
  });

  it('counts categories that were not seen, and has none for them', () => {
    const encoder = new RowEncoder(preprocessing);
    const odd = { age: [1, 2], town: ['Wien', 'Ulm'], size: ['XL', 'XL'], zip: [9, 9] };
    const { categories } = encoder.encode(chunk(odd));
    expect(categories![0]).toBe(0);
    expect(categories![1]).toBeGreaterThan(0);
    encoder.encode(chunk(odd, 3));
    expect(encoder.unseen).toEqual([
      { column: 'town', rows: 2, example: 'Wien' },
      { column: 'size', rows: 4, example: 'XL' },
    ]);
  });

  it('names the columns that are not there', async () => {
    const error = await errorOf('DATA_ROW_COLUMNS', () => new RowEncoder(preprocessing).encode(chunk({ age: [1] })));
    expect(error.message).toContain('lack "town", "size", "zip"');
  });

  it('names the row and the cell that cannot be read', async () => {
    const bad = chunk({ age: [1, 'old'], town: ['Ulm', 'Ulm'], size: ['S', 'S'], zip: [9, 9] }, 513);
    const error = await errorOf('DATA_ROW_CELL', () => new RowEncoder(preprocessing).encode(bad));
    expect(error.message).toContain('"age" must hold a finite number, and has "old" in row 514');
    const list = chunk({ age: [1], town: [[1]], size: ['S'], zip: [9] });
    await errorOf('DATA_ROW_CELL', () => new RowEncoder(preprocessing).encode(list));
    const huge = chunk({ age: [1e308], town: ['Ulm'], size: ['S'], zip: [9] });
    await errorOf('DATA_NUMBER_NOT_FINITE', () => new RowEncoder(preprocessing).encode(huge));
  });
});

describe('rows that are no rows of a table', () => {
  const images: Preprocessing = {
    version: 2,
    dataset: 'images',
    features: { shape: [2, 2, 1], scale: 1 / 255, offset: 0 },
    target: { kind: 'class', classes: ['0', '1'] },
  };

  it('have their values in x, nested or not, in the unit of the source', () => {
    const nested = [
      [
        [[0], [255]],
        [[51], [102]],
      ],
      [0, 255, 51, 102],
    ];
    const { x } = new RowEncoder(images).encode(chunk({ x: nested }));
    expect([...x]).toEqual([0, 1, 0.2, 0.4, 0, 1, 0.2, 0.4].map(Math.fround));
  });

  it('have the shape of the training rows', async () => {
    const error = await errorOf('DATA_ROW_SHAPE', () => new RowEncoder(images).encode(chunk({ x: [[1, 2, 3]] })));
    expect(error.message).toContain('4 values, of shape [2,2,1], and has 3 in row 1');
    await errorOf('DATA_ROW_COLUMNS', () => new RowEncoder(images).encode(chunk({ pixels: [[1]] })));
  });

  it('are tokens where there is a vocabulary', async () => {
    const features = { shape: [3], scale: 1, offset: 0, vocabulary: ['a', 'b', '!'] };
    const text: Preprocessing = { ...images, features, target: { kind: 'none' } };
    const { x, lengths } = new RowEncoder(text).encode(chunk({ x: ['ab!', ['!', 'a', 'a'], [2, 1, 0]] }));
    expect(x).toEqual(Int32Array.of(0, 1, 2, 2, 0, 0, 2, 1, 0));
    expect(lengths).toEqual(Int32Array.of(3, 3, 3));
    // the last ones count, and what is not there is behind those that are
    const others = new RowEncoder(text).encode(chunk({ x: ['aab!b', 'b'] }));
    expect(others.x).toEqual(Int32Array.of(1, 2, 1, 1, 0, 0));
    expect(others.lengths).toEqual(Int32Array.of(3, 1));
    await errorOf('DATA_ROW_SHAPE', () => new RowEncoder(text).encode(chunk({ x: [''] })));
    await errorOf('DATA_ROW_CELL', () => new RowEncoder(text).encode(chunk({ x: ['abc'] })));
  });
});

describe('a series', () => {
  const series = seriesDataset(rawTable({ load: [3, 5, 4, 8, 6, 9, 7, 12], heat: [1, 1, 1, 1, 1, 1, 1, 1] }), {
    name: 'loads',
    columns: ['heat', 'load'],
    target: 'load',
    window: 3,
    horizon: 2,
    validation: 2,
    test: 0,
  });
  const read = readPreprocessing(JSON.stringify(preprocessingOf(series)), 'encoder.json');

  it('is standardised as its training times were, window by window', () => {
    const [load, heat] = [[3, 5, 4, 8, 6, 9, 7, 12], new Array(8).fill(1)];
    for (let row = 0; row < series.rowCount; row++) {
      const window = chunk({ load: load.slice(row, row + 3), heat: heat.slice(row, row + 3) }, row + 1);
      const { x, rowCount } = new RowEncoder(read).encode(window);
      expect(rowCount).toBe(1);
      expect(x).toEqual(columnView(series, 'x').slice(row * 6, row * 6 + 6));
    }
  });

  it('is a number at every time', async () => {
    const gap = chunk({ load: [1, null, 2], heat: [1, 1, 1] }, 41);
    const error = await errorOf('DATA_ROW_CELL', () => new RowEncoder(read).encode(gap));
    expect(error.message).toContain('"load" must hold a number at every time, and has none in row 42');
  });
});

describe('dates', () => {
  const days = [18_262, 18_300, 18_400, 18_500, 18_600, 18_700];
  const dated = tabularDataset(
    {
      path: 'dated.csv',
      rowCount: 6,
      columns: [
        { kind: 'number', name: 'sold', unit: 'days', values: Float64Array.from(days) },
        { kind: 'number', name: 'paid', values: Float64Array.of(1.5, 2.5, 3.5, 4.5, 5.5, 6.5) },
      ],
    },
    { name: 'dated', target: 'paid', splits: { validation: 2, test: 0, seed: 0 } },
  );
  const read = readPreprocessing(JSON.stringify(preprocessingOf(dated)), 'encoder.json');
  const text = (day: number) => new Date(day * 86_400_000).toISOString();

  it('have parts of the calendar, from texts as from what a reader has made of them', () => {
    const x = columnView(dated, 'x');
    expect(x.length / 6).toBe(5);
    // 2020-01-01 is where the year begins
    expect([x[1], x[2]]).toEqual([0, 1]);
    const columns = [days, days.map(text), days.map((day) => text(day).slice(0, 10))];
    for (const sold of columns) expect(new RowEncoder(read).encode(chunk({ sold })).x).toEqual(x);
  });

  it('must be dates', async () => {
    const error = await errorOf('DATA_ROW_CELL', () => new RowEncoder(read).encode(chunk({ sold: ['2020-02-30'] })));
    expect(error.message).toContain('must hold a finite number or an ISO 8601 date, and has "2020-02-30"');
  });
});

describe('what an export keeps', () => {
  it('is read again, also of version 1 of the encoder', () => {
    const old = {
      version: 2,
      dataset: 'old',
      features: { shape: [3], scale: 1, offset: 0 },
      encoder: {
        version: 1,
        columns: [
          { kind: 'number', column: 'age', mean: 10, deviation: 2, hasMissing: false },
          { kind: 'category', column: 'town', categories: ['Bonn', 'Ulm'] },
        ],
      },
      target: { kind: 'number', mean: 0, deviation: 1 },
    };
    const encoder = new RowEncoder(readPreprocessing(JSON.stringify(old), 'encoder.json'));
    expect([...encoder.encode(chunk({ age: ['14', 10], town: ['Ulm', 'Rom'] })).x]).toEqual([2, 0, 1, 0, 0, 0]);
  });

  it('is refused where it is something else', async () => {
    await errorOf('DATA_PREPROCESSING_INVALID', () => readPreprocessing('{', 'encoder.json'));
    await errorOf('DATA_PREPROCESSING_INVALID', () => readPreprocessing('{"version":3}', 'encoder.json'));
  });
});
