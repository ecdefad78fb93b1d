/** A table that is imported a few columns at a time: the same manifest and the same Arrow file, byte for byte, as of one that is read whole. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import type * as ParquetWasm from 'parquet-wasm';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ImportOptions, importFile } from '../../../src/data/import/import-file.js';
import { manifestFile } from '../../../src/data/import/schema.js';
import { errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const rowCount = 3000;
/** The least that is enough for one column at a time: 32 bytes a row. */
const memory = 32 * rowCount;

type Cell = number | string | null;

/** One column or more of whatever is inferred, or warned of. The last 40 rows repeat earlier ones. */
const columns: Readonly<Record<string, (row: number) => Cell>> = {
  class: (row) => (row % 13 === 0 ? null : row % 40 === 1 ? 'rare' : 'often'),
  number: (row) => (row % 11 === 0 ? null : Math.sin(row) * 1e3),
  'same number': (row) => (row % 11 === 0 ? null : Math.sin(row) * 1e3),
  'class again': (row) => (row % 13 === 0 ? null : row % 40 === 1 ? 'r' : 'o'),
  whole: (row) => (row * 7919) % 1009,
  rating: (row) => 1 + ((row * row) % 5),
  size: (row) => ['S', 'L', 'M', null][row % 4]!,
  colour: (row) => ['red', 'green', 'blue'][(row * row) % 3]!,
  many: (row) => `v${(row * 31) % 700}`,
  token: (row) => `t${row}`,
  remark: (row) => `it was number ${row} of a long list`,
  day: (row) => new Date(Date.UTC(2000, 0, 1) + (row % 977) * 864e5).toISOString().slice(0, 10),
  leak: (row) => (row % 40 === 1 ? 1 : 0),
  constant: () => 4,
  'mostly missing': (row) => (row % 3 === 0 ? row / 7 : null),
  'nothing at all': () => null,
};
const cellOf = (name: string, row: number) => columns[name]!(row < rowCount - 40 ? row : row - 100);
const names = Object.keys(columns);
const valuesOf = (name: string) => Array.from({ length: rowCount }, (_, row) => cellOf(name, row));

/** Cells that only texts have: numbers with a word among them, and numbers that no double is. */
const spelt: Readonly<Record<string, (row: number) => string>> = {
  mixed: (row) => (row === 2500 ? 'n/k' : String(row % 9)),
  user_id: (row) => `90071992547${String(40_993 + (row % 500)).padStart(5, '0')}`,
  amount: (row) => `9007199254741${String(row % 777).padStart(3, '0')}`,
};

function writeFiles(): void {
  const all = [...names, ...Object.keys(spelt)];
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const text = (name: string, row: number) => (name in spelt ? spelt[name]!(row) : (cellOf(name, row) ?? ''));
  const csv = [all.join(','), ...rows.map((row) => all.map((name) => text(name, row)).join(','))];
  writeInto(folder, 'table.csv', `${csv.join('\n')}\n`);
  const lines = rows.map((row) => {
    const cells = names.map((name) => [name, cellOf(name, row)] as const).filter(([, cell]) => cell !== null);
    const ids = `"user_id":${spelt.user_id!(row)},"amount":${spelt.amount!(row)}`;
    return `${JSON.stringify(Object.fromEntries(cells)).slice(0, -1)},${ids}}`;
  });
  writeInto(folder, 'table.jsonl', lines.join('\n'));
  const vectors = names
    .filter((name) => name !== 'nothing at all')
    .map((name) => [name, vectorFromArray(valuesOf(name))]);
  const wide = ['user_id', 'amount'].map((name) => {
    return [name, vectorFromArray(BigInt64Array.from(rows, (row) => BigInt(spelt[name]!(row))))];
  });
  const table = new Table(Object.fromEntries([...vectors, ...wide]));
  writeFileSync(join(folder, 'table.arrow'), tableToIPC(table, 'file'));
  const wasm = createRequire(import.meta.url)('parquet-wasm/node') as typeof ParquetWasm;
  const properties = new wasm.WriterPropertiesBuilder().setMaxRowGroupSize(700).build();
  const parquet = wasm.writeParquet(wasm.Table.fromIPCStream(tableToIPC(table, 'stream')), properties);
  writeFileSync(join(folder, 'table.parquet'), parquet);
}

/** The files of an import, by their SHA-256, and what it said. */
async function imported(file: string, options: Partial<ImportOptions>) {
  const to = join(folder, 'made');
  const { folder: _, ...said } = await importFile(join(folder, file), {
    target: 'class',
    baseDirectory: folder,
    version: '1.2.3',
    to,
    ...options,
  });
  const sha256 = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(to, name)))
      .digest('hex');
  const files = Object.fromEntries(readdirSync(to).map((name) => [name, sha256(name)]));
  rmSync(to, { recursive: true });
  expect(readdirSync(folder).filter((name) => /scratch|importing/.test(name))).toEqual([]);
  return { said, files };
}

beforeAll(writeFiles);
afterEach(() => vi.restoreAllMocks());

describe('an import in little memory', () => {
  it.each(['table.csv', 'table.jsonl', 'table.arrow', 'table.parquet'])(
    'is the import of all at once: %s',
    async (file) => {
      const whole = await imported(file, {});
      const codes = new Set(whole.said.schema.warnings.map(({ code }) => code));
      const expected = ['target-missing', 'imbalanced', 'constant', 'mostly-missing', 'duplicate-column'];
      expect([...codes]).toEqual(expect.arrayContaining([...expected, 'huge-category', 'leak', 'rounded']));
      // one column at a time, and several
      for (const limit of [memory, 5 * memory]) {
        expect(await imported(file, { memory: limit })).toEqual(whole);
      }
      expect(Object.keys(whole.files)).toEqual(['data.arrow', manifestFile]);
    },
  );

  it('counts repeated rows, and reads numbers that are names as texts, the target too', async () => {
    const options = { ignore: ['user_id', 'amount', 'mixed', 'token', 'remark'] };
    const { said } = await imported('table.csv', { ...options, memory });
    expect(said.schema.duplicateRows).toBeGreaterThanOrEqual(40);
    const ofIds = { target: 'user_id', task: 'classification' as const };
    const whole = await imported('table.csv', ofIds);
    expect(whole.said.notes).toEqual([expect.stringContaining('Column "user_id" has whole numbers of 2^53')]);
    expect(await imported('table.csv', { ...ofIds, memory })).toEqual(whole);
  });

  it('is the same with columns that are kept, left out, or read as texts, and no header', async () => {
    for (const options of [
      { keep: ['token', 'remark'], ignore: ['leak'], texts: ['whole'], missing: ['red'] },
      { header: false, target: 'column 1', ignore: ['column 2'] },
    ]) {
      expect(await imported('table.csv', { ...options, memory: 33 * rowCount })).toEqual(
        await imported('table.csv', options),
      );
    }
  });

  it('is of several record batches where there are many rows', async () => {
    const rows = 70_000;
    const lines = Array.from({ length: rows }, (_, row) => `${row % 1013},${row % 7 === 3 ? '' : row / 8},${row % 2}`);
    writeInto(folder, 'long.csv', `a,b,class\n${lines.join('\n')}\n`);
    expect(await imported('long.csv', { memory: 32 * rows })).toEqual(await imported('long.csv', {}));
  });

  it('is refused as it is otherwise, and says how much it needs', async () => {
    const run = (more: Partial<ImportOptions>) => imported('table.csv', { memory, ...more });
    await errorOf('DATA_COLUMN_UNKNOWN', () => run({ target: 'nothing' }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => run({ keep: ['nothing'] }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => run({ ignore: ['nothing'] }));
    await errorOf('DATA_COLUMN_UNKNOWN', () => run({ texts: ['nothing'] }));
    const error = await errorOf('DATA_MEMORY_TOO_SMALL', () => run({ memory: memory - 1 }));
    expect(error.message).toContain(`at least ${memory} bytes`);
    expect(readdirSync(folder).filter((name) => /made|scratch|importing/.test(name))).toEqual([]);
  });

  it('is what a table gets that is more than one may be, unless a limit to refuse beyond is given', async () => {
    const whole = await imported('table.parquet', {});
    // half of it is for a table: less than this one takes
    vi.spyOn(process, 'constrainedMemory').mockReturnValue(16 * memory);
    expect(await imported('table.parquet', {})).toEqual(whole);
    await errorOf('DATA_MEMORY_LIMIT', () => imported('table.parquet', { memoryLimitBytes: 2 * memory }));
  });
});
