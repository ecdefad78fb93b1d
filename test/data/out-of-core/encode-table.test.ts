import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import type * as ParquetWasm from 'parquet-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type DatasetReference,
  encodeToFile,
  importFile,
  type LoadProgress,
  loadDataset,
  type TableReference,
} from '../../../src/data/index.js';
import { columnsAtOnce, readerLimit } from '../../../src/data/out-of-core/column-source.js';
import { readTableFile } from '../../../src/data/readers/table-file.js';
import { errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const options = { cacheDirectory: join(folder, 'cache'), baseDirectory: folder };
const rowCount = 3000;

/** The least that is enough for one column at a time: 32 bytes a row. */
const memory = 32 * rowCount;

type Cell = number | string | null;

/** Columns of every kind, with cells missing here and there, among them some targets. */
const columns: Readonly<Record<string, (row: number) => Cell>> = {
  number: (row) => (row % 11 === 0 ? null : Math.sin(row) * 1e3),
  skewed: (row) => Math.exp((row * 7919) % 23),
  constant: () => 4,
  colour: (row) => (row % 17 === 0 ? null : ['red', 'green', 'blue'][(row * row) % 3]!),
  size: (row) => ['small', 'middle', 'large'][row % 3]!,
  many: (row) => `v${(row * 31) % 700}`,
  day: (row) => new Date(Date.UTC(2000, 0, 1) + row * 864e5).toISOString().slice(0, 10),
  time: (row) => (row % 5 === 0 ? null : new Date(Date.UTC(2000, 0, 1) + row * 36e5).toISOString()),
  house: (row) => `h${row % 97}`,
  'late text': (row) => (row === rowCount - 1 ? 'n/k' : row % 40),
  class: (row) => (row % 13 === 0 ? null : ['yes', 'no', 'maybe'][Math.floor(row / 7) % 3]!),
  price: (row) => (row % 19 === 0 ? null : row / 3 + Math.cos(row)),
};

const valuesOf = (name: string) => Array.from({ length: rowCount }, (_, row) => columns[name]!(row));

function writeCsv(path: string): string {
  const table = Object.keys(columns).map(valuesOf);
  const lines = Array.from({ length: rowCount }, (_, row) => table.map((column) => column[row] ?? '').join(','));
  writeFileSync(path, `${Object.keys(columns).join(',')}\n${lines.join('\n')}\n`);
  return path;
}

function writeJsonLines(path: string): string {
  const lines = Array.from({ length: rowCount }, (_, row) => {
    // a key that comes late, and is absent before
    const names = Object.keys(columns).filter((name) => row >= 5 || name !== 'many');
    return JSON.stringify(Object.fromEntries(names.map((name) => [name, columns[name]!(row)])));
  });
  writeFileSync(path, lines.join('\n'));
  return path;
}

/** As Arrow, and as Parquet in several row groups. */
function writeArrowAndParquet(arrow: string, parquet: string): void {
  const names = Object.keys(columns).filter((name) => name !== 'late text');
  const table = new Table(Object.fromEntries(names.map((name) => [name, vectorFromArray(valuesOf(name))])));
  writeFileSync(arrow, tableToIPC(table, 'file'));
  const wasm = createRequire(import.meta.url)('parquet-wasm/node') as typeof ParquetWasm;
  const properties = new wasm.WriterPropertiesBuilder().setMaxRowGroupSize(700).build();
  writeFileSync(parquet, wasm.writeParquet(wasm.Table.fromIPCStream(tableToIPC(table, 'stream')), properties));
}

/** What both ways make of a reference: the file in memory first, the one a few columns at a time second. */
async function bothWays(reference: TableReference, limit = memory): Promise<[Buffer, Buffer]> {
  const [whole, limited] = [join(folder, 'whole.arrow'), join(folder, 'limited.arrow')];
  const first = await encodeToFile(reference, whole, options);
  const second = await encodeToFile({ ...reference, memory: limit }, limited, options);
  expect(second).toMatchObject({
    digest: first.digest,
    rowCount: first.rowCount,
    droppedRowCount: first.droppedRowCount,
  });
  return [readFileSync(whole), readFileSync(limited)];
}

const csv = join(folder, 'table.csv');
const files = ['table.csv', 'table.jsonl', 'table.arrow', 'table.parquet'];
beforeAll(() => {
  writeCsv(csv);
  writeJsonLines(join(folder, 'table.jsonl'));
  writeArrowAndParquet(join(folder, 'table.arrow'), join(folder, 'table.parquet'));
});

describe('a table that is encoded a few columns at a time', () => {
  it.each(files)('becomes the file that it becomes in memory, byte for byte: %s', async (name) => {
    const [whole, limited] = await bothWays({ path: join(folder, name), target: 'class', test: 0.1 });
    expect(limited.equals(whole)).toBe(true);
    // more than one record batch would do, and more than one column at a time
    const [, several] = await bothWays({ path: join(folder, name), target: 'class', test: 0.1 }, 5 * memory);
    expect(several.equals(whole)).toBe(true);
  });

  it.each<[string, Partial<TableReference>]>([
    [
      'all kinds of encoders',
      {
        target: 'price',
        ignore: ['late text'],
        encode: {
          number: { quantile: 'uniform' },
          skewed: 'log',
          constant: 'min-max',
          colour: 'one-hot',
          size: { ordinal: ['small', 'middle', 'large'] },
          many: { hash: 16 },
          day: 'date',
          house: 'index',
          class: 'index',
        },
      },
    ],
    ['quantiles of all numbers, indices of all texts', { target: 'class', numbers: 'quantile', categories: 'index' }],
    ['splits by group', { target: 'price', splits: { by: 'group', column: 'house' } }],
    ['splits by time', { target: 'price', splits: { by: 'time', column: 'day' }, encode: { day: 'date' } }],
    ['folds', { target: 'class', splits: { folds: 5, fold: 2 } }],
    [
      'indices only',
      {
        target: 'class',
        ignore: Object.keys(columns).filter((name) => !['colour', 'size', 'class'].includes(name)),
        categories: 'index',
      },
    ],
    ['texts that stand for missing ones', { target: 'price', missing: ['red', 'v7'] }],
  ])('does so with %s', async (_, fields) => {
    const [whole, limited] = await bothWays({ path: csv, ...fields });
    expect(limited.equals(whole)).toBe(true);
  });

  it('does so from an import', async () => {
    const path = join(folder, 'imported');
    await importFile(csv, { to: path, target: 'price', baseDirectory: folder, version: '0.0.0' });
    const [whole, limited] = await bothWays({ path });
    expect(limited.equals(whole)).toBe(true);
  });

  it('is refused as it is in memory', async () => {
    const encode = (fields: Partial<TableReference>) => {
      const reference = { path: csv, memory, ...fields } as DatasetReference;
      return encodeToFile(reference, join(folder, 'refused.arrow'), options);
    };
    await errorOf('DATA_COLUMN_UNKNOWN', () => encode({ target: 'nothing' }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => encode({ target: 'class', ignore: ['nothing'] }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => encode({ target: 'class', encode: { nothing: 'log' } }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => encode({ target: 'class', splits: { by: 'time', column: 'nothing' } }));
    await errorOf('DATA_ENCODER_INPUT', () => encode({ target: 'class', encode: { colour: 'log' } }));
    const others = Object.keys(columns).filter((name) => name !== 'class');
    await errorOf('DATA_NO_FEATURES', () => encode({ target: 'class', ignore: others }));
    await errorOf('DATA_TARGET_REQUIRED', () => encode({ ignore: others }));
    // nothing is left behind
    expect(readdirSync(folder).filter((name) => /refused|scratch|tmp/.test(name))).toEqual([]);
  });

  it('needs memory for one column, and the message says how much', async () => {
    const encode = (limit: number) =>
      encodeToFile({ path: csv, target: 'price', memory: limit }, join(folder, 'small.arrow'), options);
    const error = await errorOf('DATA_MEMORY_TOO_SMALL', () => encode(memory - 1));
    const least = Number(/at least (\d+) bytes/.exec(error.message)![1]);
    expect((await encode(least)).rowCount).toBeGreaterThan(0);
  });
});

it('reads fewer columns at once where their texts take too much', async () => {
  const rows = 70_000;
  const text = (row: number, column: string) => `${column}${row % 65_000}`.padEnd(60, column);
  const lines = Array.from({ length: rows }, (_, row) => {
    return JSON.stringify({ first: text(row, 'a'), second: text(row * 3, 'b'), y: row % 2 });
  });
  const path = writeInto(folder, 'texts.jsonl', lines.join('\n'));
  // two at once by their rows, and more than the reader may take by their texts
  const limit = 48 * rows;
  const reading = { ignore: ['y'], memoryLimitBytes: readerLimit(limit) };
  expect(columnsAtOnce(rows, limit)).toBe(2);
  await errorOf('DATA_MEMORY_LIMIT', () => readTableFile(path, reading));
  const [whole, limited] = await bothWays({ path, target: 'y', categories: 'hash' }, limit);
  expect(limited.equals(whole)).toBe(true);
});

it('keeps more than 65,536 texts of a column, and their groups', async () => {
  const rows = 70_000;
  const name = (row: number) => `n${(row * 7919) % rows}`;
  const cells = (row: number) => [name(row), `g${Math.floor(row / 2)}`, row % 3];
  const lines = Array.from({ length: rows }, (_, row) => cells(row).join(','));
  const csvPath = writeInto(folder, 'names.csv', `name,group,y\n${lines.join('\n')}\n`);
  const objects = Array.from({ length: rows }, (_, row) => {
    const [name, group, y] = cells(row);
    return JSON.stringify({ name, group, y });
  });
  const jsonPath = writeInto(folder, 'names.jsonl', objects.join('\n'));
  for (const path of [csvPath, jsonPath]) {
    const fields = { target: 'y', encode: { name: { hash: 32 } }, splits: { by: 'group', column: 'group' } } as const;
    const [whole, limited] = await bothWays({ path, ...fields }, 16e6);
    expect(limited.equals(whole)).toBe(true);
  }
});

describe('how a table is read', () => {
  const big = (row: number) => `90071992547409${String(93 + row).padStart(3, '0')}`;
  const cells = (row: number) => [big(Math.floor(row / 2)), row % 7, row % 2 === 0 ? 'yes' : 'no'];
  const body = Array.from({ length: 400 }, (_, row) => cells(row).join(',')).join('\n');
  const withHeader = writeInto(folder, 'wide.csv', `id,number,class\n${body}\n`);
  const without = writeInto(folder, 'no-header.csv', `${body}\n`);
  const limit = 1e6;
  const apart = { ...options, cacheDirectory: join(folder, 'apart') };

  it('is the same: without a header, and numbers as texts', async () => {
    const [whole, limited] = await bothWays({ path: without, target: 'column 3', header: false }, limit);
    expect(limited.equals(whole)).toBe(true);
    const reference = { path: without, target: 'column 3', header: false, memory: limit };
    const { encoder } = await loadDataset(reference, apart);
    expect(encoder).toMatchObject({ header: false });
    for (const fields of [{ texts: ['id', 'number'] }, { splits: { by: 'group', column: 'id' } as const }]) {
      const both = await bothWays({ path: withHeader, target: 'class', ...fields }, limit);
      expect(both[1].equals(both[0])).toBe(true);
    }
  });

  it('is the same of an import', async () => {
    const path = join(folder, 'imported-without');
    const given = { to: path, target: 'column 3', header: false, keep: ['column 1'], missing: ['3'] };
    await importFile(without, { ...given, baseDirectory: folder, version: '0.0.0' });
    const [whole, limited] = await bothWays({ path, texts: ['column 2'] }, limit);
    expect(limited.equals(whole)).toBe(true);
    const { encoder } = await loadDataset({ path, memory: limit }, apart);
    expect(encoder).toMatchObject({ header: false, missing: ['3'] });
  });

  it('tells once of numbers that are rounded, and refuses unknown columns of texts', async () => {
    const notes: string[] = [];
    const onProgress = (one: LoadProgress) => {
      if (one.kind === 'noted') notes.push(one.text);
    };
    const fields = { target: 'class', splits: { by: 'time', column: 'id' }, encode: { id: 'standardise' } } as const;
    const reference = { path: withHeader, ...fields, memory: limit };
    await encodeToFile(reference, join(folder, 'noted.arrow'), { ...options, onProgress });
    expect(notes).toEqual([expect.stringContaining('Column "id" has whole numbers of 2^53 and more')]);
    for (const path of [withHeader, join(folder, 'table.jsonl'), join(folder, 'imported-without')]) {
      const encode = () => encodeToFile({ path, target: 'class', texts: ['nothing'], memory: limit }, path, options);
      await errorOf('DATA_COLUMN_UNKNOWN', encode);
    }
    expect(readdirSync(folder).filter((name) => /scratch|tmp/.test(name))).toEqual([]);
  });
});

describe('a table with a limit of memory', () => {
  const reference: DatasetReference = { path: csv, target: 'class', memory };
  const cached = () => readdirSync(join(folder, 'cache', 'datasets')).filter((name) => name.endsWith('.arrow'));

  it('is the data set that it is without, streamed if it is larger', async () => {
    const progress: LoadProgress[] = [];
    const streamed = await loadDataset(reference, { ...options, onProgress: (one) => progress.push(one) });
    const whole = await loadDataset({ path: csv, target: 'class' }, options);
    expect(streamed.stream?.memory).toBe(memory);
    expect(streamed).toMatchObject({ name: whole.name, digest: whole.digest, encoder: whole.encoder });
    const dropped = { kind: 'dropped', column: 'class', rows: Math.ceil(rowCount / 13) };
    expect(progress).toContainEqual(dropped);
    const roomy = await loadDataset({ path: csv, target: 'class', memory: '1GB' }, options);
    expect(roomy.stream).toBeUndefined();
    expect(roomy.digest).toBe(whole.digest);
    // the limit decides nothing of what is encoded
    expect(cached()).toHaveLength(1);
  });

  it('is encoded once, and again when the file or the reference changes', async () => {
    const [name] = cached();
    const copy = join(folder, 'cache', 'datasets', name!);
    const { mtimeMs } = statSync(copy);
    await loadDataset(reference, options);
    expect(statSync(copy).mtimeMs).toBe(mtimeMs);
    await loadDataset({ ...reference, numbers: 'quantile' } as DatasetReference, options);
    expect(cached()).toHaveLength(2);
    utimesSync(csv, 1, 1);
    await loadDataset(reference, options);
    expect(cached()).toHaveLength(3);
  });

  it('is encoded again when the copy is damaged', async () => {
    const whole = await loadDataset({ path: csv, target: 'class' }, options);
    for (const name of cached()) writeFileSync(join(folder, 'cache', 'datasets', name), 'ARROW1 and no more');
    const progress: LoadProgress[] = [];
    const dataset = await loadDataset(reference, { ...options, onProgress: (one) => progress.push(one) });
    expect(dataset.digest).toBe(whole.digest);
    expect(progress.map(({ kind }) => kind)).toContain('repairing');
  });

  it('needs a cache that can be written to', async () => {
    const cacheDirectory = join(folder, 'file', 'cache');
    mkdirSync(join(folder, 'file'), { recursive: true });
    writeFileSync(cacheDirectory, '');
    await errorOf('FILES_NO_FOLDER', () => loadDataset(reference, { ...options, cacheDirectory }));
  });
});
