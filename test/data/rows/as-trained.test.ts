/** New rows are read as the rows of the training file were: the same rows have the same features, whatever they are read from. */
import { join } from 'node:path';
import { Float64, Table, TimestampSecond, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { columnView, importFile, loadDataset } from '../../../src/data/index.js';
import { preprocessingOf, readPreprocessing } from '../../../src/data/preprocessing.js';
import type { DatasetReference } from '../../../src/data/reference.js';
import { rowsOf } from '../../../src/data/rows/open-rows.js';
import { RowEncoder } from '../../../src/data/rows/row-encoder.js';
import { errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const load = (reference: DatasetReference) => loadDataset(reference, { cacheDirectory: folder, baseDirectory: folder });

const csv = `day;moment;age;town;price
2024-02-29;2024-02-29T13:05:06.5+02:00;30;"a;b";1
2024-03-01;NA;?;Köln;2
n/a;2024-03-02;-nan; Ulm ;3
#N/A;2024-03-02 10:00;+.5;" Ulm";4
2023-12-31;;1e2;<NA>;5
1969-07-20;1969-07-20T20:17Z; 7 ;?;6
0001-01-01;9999-12-31;"8";NULL;7
2024-02-29;2024-02-29;\\N;nan;8
`;

/** The features of all rows of a file, as a model that was trained on `reference` takes them. */
async function features(reference: DatasetReference, input: string): Promise<[Float32Array, number[]]> {
  const dataset = await load(reference);
  const preprocessing = readPreprocessing(JSON.stringify(preprocessingOf(dataset)), 'encoder.json');
  const encoder = new RowEncoder(preprocessing);
  const predicted: number[] = [];
  const missing = preprocessing.encoder?.missing ?? [];
  for await (const chunk of await rowsOf(input, { chunkRows: 3, missing })) predicted.push(...encoder.encode(chunk).x);
  return [columnView(dataset, 'x') as Float32Array, predicted];
}

const options = { target: 'price', task: 'regression', validation: 2, test: 0 } as const;
const text = new TextEncoder().encode(csv);

describe('rows of the training file', () => {
  it.each([
    ['rows.csv', text],
    ['utf16.csv', Buffer.from(`\ufeff${csv}`, 'utf16le')],
    ['windows.csv', Buffer.from(csv, 'latin1')],
    ['tabs.tsv', Buffer.from(csv.replaceAll(';', '\t'))],
  ])('have the features that they were trained on: %s', async (name, bytes) => {
    const path = writeInto(folder, name, bytes);
    const [trained, predicted] = await features({ path, missing: ['?'], ...options }, path);
    expect(predicted).toEqual([...trained]);
    expect(new Set(trained).size).toBeGreaterThan(10);
  });

  it('have them with dates in parts, too', async () => {
    const path = writeInto(folder, 'parts.csv', text);
    const encode = { day: 'date', moment: 'date' } as const;
    const reference = { path, missing: ['?'], encode, ...options };
    const [trained, predicted] = await features(reference, path);
    expect(predicted).toEqual([...trained]);
    const dataset = await load(reference);
    expect(dataset.features.names).toContain('day year sin');
    const at = dataset.features.names!.indexOf('day year sin');
    // the 60th day of a year of 366
    expect(trained[at]).toBeCloseTo(Math.sin((2 * Math.PI * 59) / 366), 6);
  });

  it('have them after an import, which was told what is missing', async () => {
    const path = writeInto(folder, 'imported.csv', text);
    const keep = ['day', 'moment', 'age', 'town'];
    await importFile(path, {
      target: 'price',
      task: 'regression',
      missing: ['?'],
      keep,
      baseDirectory: folder,
      version: '0',
    });
    const [trained, predicted] = await features({ path: join(folder, 'imported'), validation: 2, test: 0 }, path);
    expect(predicted).toEqual([...trained]);
  });
});

describe('rows of another format', () => {
  const path = writeInto(folder, 'days.csv', 'day,age,town,price\n2024-01-01,1,a,1\n2024-01-02,2,b,2\n,3,a,3\n');
  const reference = { path, target: 'price', task: 'regression', validation: 1, test: 0 } as const;

  it('have their dates in the unit of the training file', async () => {
    const dates = [new Date('2024-01-01'), new Date('2024-01-02'), null];
    const table = new Table({
      day: vectorFromArray(dates, new TimestampSecond()),
      age: vectorFromArray([1, 2, 3], new Float64()),
      town: vectorFromArray(['a', 'b', 'a'], new Utf8()),
    });
    const [trained, predicted] = await features(reference, writeInto(folder, 'days.arrow', tableToIPC(table, 'file')));
    expect(predicted).toEqual([...trained]);
  });

  it('may have them as JSON writes them', async () => {
    const rows =
      '{"day":"2024-01-01T00:00Z","age":1,"town":"a"}\n{"day":19724,"age":"2","town":"b"}\n{"age":3,"town":"a"}';
    const [trained, predicted] = await features(reference, writeInto(folder, 'days.jsonl', rows));
    expect(predicted).toEqual([...trained]);
  });

  it('are refused where a date cannot be one', async () => {
    const input = writeInto(folder, 'odd.csv', 'day,age,town\n2024-02-30,1,a\n');
    const error = await errorOf('DATA_ROW_CELL', () => features(reference, input));
    expect(error.message).toContain('ISO 8601 date');
    const none = writeInto(folder, 'none.csv', 'day,age,town\n2024-02-01,2024-02-01,a\n');
    await errorOf('DATA_ROW_CELL', () => features(reference, none));
  });
});
