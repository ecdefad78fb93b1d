/** Files that other programs wrote (test/fixtures/foreign/generate.py, generate_more.py and generate.R say how) have the values that pyarrow reads in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTableFile, tableColumnNames } from '../../../src/data/readers/table-file.js';
import { TunerError } from '../../../src/errors/index.js';
import { contents, errorOf } from '../support.js';

type Cells = (number | string | null)[];

const folder = join(import.meta.dirname, '../../fixtures/foreign');
const bombs = join(import.meta.dirname, '../../fixtures/bombs');
const expected: Record<string, Record<string, Cells>> = Object.assign(
  {},
  ...['expected.json', 'expected-more.json'].map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))),
);
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

describe.each(Object.keys(expected).filter((name) => name.endsWith('.parquet')))('%s', (name) => {
  it('is the same table when threads read it', async () => {
    const path = join(folder, name);
    const threaded = await readTableFile(path, { ignore: [], threads: 2, threadsFromBytes: 0 });
    expect(threaded).toEqual(await readTableFile(path, { ignore: [], threads: 1 }));
  });
});

describe.each(readdirSync(bombs))('%s', (name) => {
  it('is refused before it takes more memory than it may', async () => {
    const path = join(bombs, name);
    for (const threads of [1, 2]) {
      const limits = { memoryLimitBytes: 64 << 20, threads, threadsFromBytes: 0 };
      const before = process.memoryUsage().rss;
      const error = await readTableFile(path, { ignore: [], ...limits }).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(TunerError);
      expect(process.memoryUsage().rss - before).toBeLessThan(250 << 20);
    }
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

  it.each([
    ['bytes', 'more-bytes.parquet', 'plain'],
    ['UUIDs', 'more-uuid.parquet', 'uuid'],
  ])('are refused by name where they are %s', async (_, name, column) => {
    const error = await errorOf('DATA_COLUMN_TYPE', () => read(name));
    expect(error.todo).toContain(`ignore: ["${column}"]`);
    await read(name, [column]);
  });

  it('have texts in bytes, where that is said', async () => {
    const error = await errorOf('DATA_COLUMN_TYPE', () => read('more-bytes.parquet'));
    expect(error.todo).toContain('texts: ["plain"]');
    const table = await readTableFile(join(folder, 'more-bytes.parquet'), { ignore: [], texts: ['plain'] });
    expect(contents(table).plain).toEqual(expected['more-wide.parquet']!.word);
  });

  it('are refused where an Arrow column is of runs', async () => {
    const error = await errorOf('DATA_ARROW_UNREADABLE', () => read('more-runs.arrow'));
    expect(error.todo).toContain('run-end');
  });

  it.each(['more-wide.parquet', 'more-deltas.parquet', 'more-types.feather'])(
    'keep integers of 64 bits in all their digits: %s',
    async (name) => {
      const table = await readTableFile(join(folder, name), { ignore: [], texts: ['id', 'big', 'ids'] });
      const { id, big, ids } = contents(table);
      expect(id).toEqual(Array.from({ length: 40 }, (_, i) => String(2n ** 60n + BigInt(i >> 1))));
      expect(big).toEqual(Array.from({ length: 40 }, (_, i) => String(2n ** 63n + BigInt(i))));
      if (ids !== undefined) expect(ids.slice(0, 2)).toEqual([String(2n ** 60n), String(2n ** 60n + 1n)]);
    },
  );

  it('have the LZ4 of old Hadoop', async () => {
    const table = await readTableFile(join(folder, 'more-hadoop-lz4.parquet'), { ignore: [], texts: ['c1'] });
    const c0 = [1593604800, 1593604800, 1593604801, 1593604801];
    expect(contents(table)).toEqual({ c0, c1: ['abc', 'def', 'abc', 'def'], v11: [42, 7.7, 42.125, 7.7] });
  });

  it('have moments beyond 2262, which nanoseconds do not reach', async () => {
    const { a } = contents(await read('more-int96.parquet'));
    const dates = a!
      .slice(0, 5)
      .map((seconds) => seconds && new Date(Number(seconds) * 1000).toISOString().slice(0, 16));
    expect(dates).toEqual(['2024-01-01T20:34', '2024-01-01T01:00', '9999-12-31T03:00', '2024-12-30T23:00', null]);
  });

  it('are refused in Feather, version 1', async () => {
    await errorOf('DATA_FEATHER_1', () => read('pyarrow-version-1.feather'));
  });
});
