import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnView, loadDataset, splitView } from '../../src/data/index.js';
import { type SeriesOptions, seriesDataset } from '../../src/data/series-dataset.js';
import { errorOf, rawColumn, temporaryFolder, writeInto } from './support.js';

const folder = temporaryFolder();
const load = (reference: object) => loadDataset(reference as never, { cacheDirectory: folder, baseDirectory: folder });

const table = (columns: Record<string, readonly (number | string | null)[]>) => {
  const list = Object.entries(columns).map(([name, values]) => rawColumn(name, values));
  return { path: 'series.csv', rowCount: Object.values(columns)[0]!.length, columns: list };
};
const options = (given: Partial<SeriesOptions>): SeriesOptions => ({
  name: 's',
  columns: ['v'],
  target: 'v',
  window: 3,
  horizon: 1,
  validation: 4,
  test: 0,
  ...given,
});

const shapes = fc.record({
  window: fc.integer({ min: 1, max: 6 }),
  horizon: fc.integer({ min: 1, max: 5 }),
  validation: fc.integer({ min: 1, max: 10 }),
  test: fc.integer({ min: 0, max: 10 }),
});

describe('seriesDataset', () => {
  it('forecasts each time of validation and test once, from the times before', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 20 }), (shape, trainRows) => {
        const first = shape.window - 1 + shape.horizon;
        const times = first + trainRows + shape.validation + shape.test;
        const numbers = Array.from({ length: times }, (_, time) => time);
        const dataset = seriesDataset(table({ v: numbers }), options(shape));
        const y = columnView(dataset, 'y');
        const forecast = (split: 'train' | 'validation' | 'test') =>
          [...splitView(dataset, split)].map((row) => y[row]);
        expect(forecast('train')).toEqual(numbers.slice(first, first + trainRows));
        expect(forecast('validation')).toEqual(numbers.slice(first + trainRows, times - shape.test));
        if (shape.test > 0) expect(forecast('test')).toEqual(numbers.slice(times - shape.test));
        const trainTimes = first + trainRows;
        const mean = (trainTimes - 1) / 2;
        const deviation = Math.sqrt((trainTimes ** 2 - 1) / 12) || 1;
        const x = columnView(dataset, 'x');
        for (let row = 0; row < dataset.rowCount; row++) {
          for (let at = 0; at < shape.window; at++) {
            expect(x[row * shape.window + at]! * deviation + mean).toBeCloseTo(y[row]! - first + at, 3);
          }
        }
      }),
    );
  });

  it('knows nothing in training of later times: changing them changes no training row, mean or deviation', () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (shape, other) => {
        const first = shape.window - 1 + shape.horizon;
        const trainTimes = first + 7;
        const times = trainTimes + shape.validation + shape.test;
        const made = (later: (time: number) => number) => {
          const values = Array.from({ length: times }, (_, time) => (time < trainTimes ? Math.sin(time) : later(time)));
          const dataset = seriesDataset(table({ v: values, w: values }), options({ ...shape, columns: ['v', 'w'] }));
          const rows = splitView(dataset, 'train');
          const width = 2 * shape.window;
          const { target } = dataset;
          return [
            rows,
            columnView(dataset, 'x').slice(0, rows.length * width),
            columnView(dataset, 'y').slice(0, rows.length),
            target,
          ];
        };
        expect(made(() => other)).toEqual(made((time) => Math.sin(time)));
      }),
    );
  });

  it('reads columns in the given order, and need not read the target', () => {
    const dataset = seriesDataset(
      table({ a: [0, 1, 2, 3, 4, 5], v: [9, 8, 7, 6, 5, 4], b: [1, 1, 1, 1, 1, 1] }),
      options({ columns: ['b', 'a'], window: 1, validation: 2 }),
    );
    const x = columnView(dataset, 'x');
    expect(x[0]).toBe(0);
    expect(x[3]).toBeGreaterThan(x[1]!);
    expect([...columnView(dataset, 'y')]).toEqual([8, 7, 6, 5, 4]);
  });
});

describe('a series', () => {
  it('is read by its reference, with all numbers unless columns are named', async () => {
    const lines = Array.from({ length: 20 }, (_, time) => `${time},d${time},${time * 2}`);
    writeInto(folder, 'series.csv', `v,day,w\n${lines.join('\n')}\n`);
    const dataset = await load({ series: 'series.csv', target: 'w', window: 4 });
    expect(dataset.features.names).toEqual(['v', 'w']);
    expect(splitView(dataset, 'validation')).toHaveLength(4);
    expect(columnView(dataset, 'y')[0]).toBe(8);
  });

  it('refuses what cannot be forecast from', async () => {
    writeInto(folder, 'bad.csv', 'v,day,gap\n1,a,1\n2,b,\n3,c,3\n4,d,4\n5,e,5\n');
    const reference = { series: 'bad.csv', target: 'v', window: 2, validation: 1 };
    const error = await errorOf('DATA_SERIES_MISSING', () => load({ ...reference, columns: ['gap'] }));
    expect(error.message).toContain('row 2');
    await errorOf('DATA_SERIES_NOT_NUMBER', () => load({ ...reference, columns: ['day'] }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => load({ ...reference, columns: ['days'] }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => load({ ...reference, columns: ['v'], target: 'u' }));
    await errorOf('DATA_SERIES_TOO_SHORT', () => load({ ...reference, columns: ['v'], window: 4, validation: 2 }));
    await errorOf('DATA_REFERENCE_INVALID', () => load({ ...reference, horizon: 0 }));
  });
});
