/** Files that other programs wrote (test/fixtures/foreign/generate.py and generate.R say how) have the values that pyarrow reads in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTableFile, tableColumnNames } from '../../../src/data/readers/table-file.js';
import { contents, errorOf } from '../support.js';

type Cells = (number | string | null)[];

// files that were written just now, by other versions perhaps: examples/targets/files-of-others.mjs
const folder = process.env.TFJS_TUNER_FOREIGN_FILES ?? join(import.meta.dirname, '../../fixtures/foreign');
const expected: Record<string, Record<string, Cells>> = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const read = (name: string, ignore: string[] = []) => readTableFile(join(folder, name), { ignore });

/** Times lose what a double cannot hold of them; all else is equal. */
function expectSame(actual: Cells, wanted: Cells, what: string): void {
  expect(actual.length, what).toBe(wanted.length);
  wanted.forEach((value, row) => {
    const cell = actual[row]!;
    if (typeof value !== 'number' || typeof cell !== 'number') expect(cell, `${what}, row ${row + 1}`).toBe(value);
    else
      expect(Math.abs(cell - value), `${what}, row ${row + 1}: ${cell}`).toBeLessThanOrEqual(Math.abs(value) * 2e-16);
  });
}

describe.each(Object.keys(expected).filter((name) => name !== 'text'))('%s', (name) => {
  it('has the values that pyarrow reads', async () => {
    const table = contents(await read(name));
    expect(Object.keys(table)).toEqual(Object.keys(expected[name]!));
    for (const [column, wanted] of Object.entries(expected[name]!)) expectSame(table[column]!, wanted, column);
    expect(await tableColumnNames(join(folder, name))).toEqual(Object.keys(table));
  });
});

const texts = [
  'pyarrow.csv',
  'pandas.csv',
  'pandas-utf16.csv',
  'pandas.csv.gz',
  'pandas.csv.zst',
  'duckdb.csv',
  'duckdb.tsv',
  'duckdb.jsonl',
  'polars.csv',
  'r.csv',
  'r.tsv',
  'r-csv2.csv',
  'r-data-table.csv',
  'r-data-table.csv.gz',
  'r-readr.csv',
  'r-readr-excel.csv',
  'r-jsonlite.jsonl',
  'polars.jsonl',
];

describe.each(texts)('%s', (name) => {
  it('has the values that pyarrow reads in the CSV file that it wrote', async () => {
    const table = contents(await read(name));
    expect(Object.keys(table)).toEqual(Object.keys(expected.text!));
    for (const [column, wanted] of Object.entries(expected.text!)) {
      // pandas writes a column with missing booleans as True and False
      const cells = column === 'flag' ? table.flag!.map((cell) => cell && String(cell).toLowerCase()) : table[column]!;
      expectSame(cells, wanted, column);
    }
  });
});

describe('other files of theirs', () => {
  it('are read in Windows-1252 and with semicolons, which is noted', async () => {
    const notes: string[] = [];
    const path = join(folder, 'pandas-latin1.csv');
    const table = contents(await readTableFile(path, { ignore: [], onNote: (note) => notes.push(note) }));
    expect(table.word!.slice(0, 2)).toEqual(['red', 'grün']);
    expectSame(table.x!, expected.text!.x!, 'x');
    expect(notes).toEqual([expect.stringContaining('";"'), expect.stringContaining('Windows-1252')]);
  });

  it('may have a column of row names, which R does not name', async () => {
    const path = join(folder, 'r-row-names.csv');
    const table = contents(await readTableFile(path, { ignore: [], nameUnnamed: true }));
    expect(table['column 1']!.slice(0, 3)).toEqual([1, 2, 3]);
    expectSame(table.x!, expected.text!.x!, 'x');
  });

  it('keep the order of a categorical', async () => {
    const size = (await read('pandas.feather')).columns.find(({ name }) => name === 'size');
    expect(size).toMatchObject({ texts: ['S', 'M', 'L'], isOrdered: true });
  });

  it('say what a date counts', async () => {
    for (const name of ['pyarrow-zstd.parquet', 'pyarrow-zstd.feather']) {
      const units = new Map((await read(name)).columns.map((column) => [column.name, 'unit' in column && column.unit]));
      expect(units.get('day')).toBe('days');
      expect(units.get('zoned')).toBe('seconds');
      expect(units.get('i32')).toBeFalsy();
    }
  });

  it.each(['pyarrow-nested.parquet', 'pyarrow-nested.arrow'])(
    'are refused by name where they are nested: %s',
    async (name) => {
      const error = await errorOf('DATA_COLUMN_TYPE', () => read(name));
      expect(error.message).toContain('"list"');
      expect(error.todo).toContain('ignore: ["list"]');
      expect(contents(await read(name, ['list', 'struct']))).toEqual({ n: [1, 2] });
    },
  );

  it('are refused in Feather, version 1', async () => {
    await errorOf('DATA_FEATHER_1', () => read('pyarrow-version-1.feather'));
  });
});
