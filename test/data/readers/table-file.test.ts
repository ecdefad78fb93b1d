import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Float64, Int32, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { readTableFile, tableColumnNames } from '../../../src/data/readers/table-file.js';
import { foreignFile } from '../foreign-files.js';
import { contents, errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const read = (path: string, ignore: string[] = []) => readTableFile(path, { ignore });

function arrow(columns: Record<string, (number | string | null)[]>, kind: 'file' | 'stream' = 'file'): Uint8Array {
  const vectors = Object.entries(columns).map(([name, values]) => {
    const isText = values.some((value) => typeof value === 'string');
    return [name, vectorFromArray(values, isText ? new Utf8() : new Float64())] as const;
  });
  return tableToIPC(new Table(Object.fromEntries(vectors)), kind);
}

/** What every format must be read as, whoever wrote it. */
const rows = {
  count: [1, null, -3, 2 ** 40],
  small: [0, 255, 7, null],
  ratio: [0.5, null, null, -2.25],
  price: [12.34, null, -0.05, 7],
  flag: ['true', null, 'false', 'true'],
  colour: ['red', null, 'grün', 'red'],
  kind: ['a', 'b', 'a', null],
};

const csv = `count,small,ratio,price,flag,colour,kind
1,0,0.5,12.34,true,red,a
,255,NaN,,,,b
-3,7,,-0.05,false,grün,a
1099511627776,,-2.25,7.00,true,red,
`;

const sources: [string, string, string | Uint8Array][] = [
  ['CSV', 'rows.csv', csv],
  [
    'CSV with a byte order mark, CRLF and quotes',
    'crlf.csv',
    `\ufeff${csv.replaceAll('\n', '\r\n').replaceAll('red', '"red"')}`,
  ],
  ['tab-separated text', 'rows.tsv', csv.replaceAll(',', '\t')],
  ['an Arrow file', 'rows.arrow', arrow(rows)],
  ['an Arrow stream', 'rows.arrows', arrow(rows, 'stream')],
  ['an Arrow file of another program', 'foreign.feather', foreignFile('arrowFile')],
  ['Parquet with Snappy', 'snappy.parquet', foreignFile('snappyParquet')],
  ['Parquet with Zstandard, without an ending', 'zstd', foreignFile('zstdParquet')],
];

describe.each(sources)('%s', (_, name, bytes) => {
  const path = writeInto(folder, name, bytes);

  it('is read as the rows that were written', async () => {
    const table = await read(path);
    const { wide, ...columns } = contents(table);
    expect(table.rowCount).toBe(4);
    for (const [column, wanted] of Object.entries(rows)) {
      const cells = columns[column]!;
      expect(cells.length).toBe(4);
      wanted.forEach((value, row) => {
        if (typeof value === 'number') expect(cells[row]).toBeCloseTo(value, 12);
        else expect(cells[row]).toBe(value);
      });
    }
    expect(Object.keys(columns)).toEqual(Object.keys(rows));
    expect(wide).toEqual(name === 'foreign.feather' ? ['x', null, 'yy', 'z'] : undefined);
  });

  it('is read without the columns to ignore', async () => {
    expect(Object.keys(contents(await read(path, ['price', 'count'])))).not.toContain('price');
    const error = await errorOf('DATA_COLUMN_UNKNOWN', () => read(path, ['colur']));
    expect(error.message).toContain('Did you mean "colour"?');
  });

  it('names its columns', async () => {
    expect((await tableColumnNames(path)).slice(0, 7)).toEqual(Object.keys(rows));
  });

  it('says how far it is at the end or every 100,000 rows', async () => {
    const counts: number[] = [];
    await readTableFile(path, { ignore: [], onRows: (count) => counts.push(count) });
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1) ?? 4).toBe(4);
  });
});

const cutOff: [string, Uint8Array][] = [
  ['cut.arrow', arrow(rows)],
  ['cut.arrows', arrow(rows, 'stream')],
  ['cut-foreign.arrow', foreignFile('arrowFile')],
  ['cut.parquet', foreignFile('snappyParquet')],
];

describe.each(cutOff)('%s', (name, bytes) => {
  // From 1 byte on, in about 60 places, but not within the end mark of a stream, which may be absent.
  const lengths = Array.from({ length: 60 }, (_, i) => 1 + Math.floor(((bytes.length - 10) * i) / 60));

  it('is refused wherever it is cut off, never read as a shorter table', async () => {
    for (const length of lengths) {
      const path = writeInto(folder, name, bytes.subarray(0, length));
      const outcome = await read(path).then(
        (table) => `${table.rowCount} rows of ${length} bytes`,
        (error) => error.code ?? error,
      );
      expect(['DATA_ARROW_UNREADABLE', 'DATA_PARQUET_UNREADABLE', 'DATA_FORMAT_MISMATCH', 'DATA_NO_ROWS']).toContain(
        outcome,
      );
    }
  });
});

describe('a file of rows', () => {
  const notReadable: [string, string, string | Uint8Array, string][] = [
    ['an empty CSV file', 'empty.csv', '', 'DATA_FILE_EMPTY'],
    ['an empty Parquet file', 'empty.parquet', '', 'DATA_FILE_EMPTY'],
    ['Parquet without rows', 'none.parquet', foreignFile('emptyParquet'), 'DATA_NO_ROWS'],
    ['Arrow without rows', 'none.arrow', arrow({ a: [] }), 'DATA_NO_ROWS'],
    ['text named Parquet', 'text.parquet', 'a,b\n1,2\n', 'DATA_FORMAT_MISMATCH'],
    ['text named Arrow', 'text.arrow', 'a,b\n1,2\n', 'DATA_FORMAT_MISMATCH'],
    ['Parquet named CSV', 'parquet.csv', foreignFile('snappyParquet'), 'DATA_FORMAT_MISMATCH'],
    ['Arrow named Parquet', 'arrow.parquet', arrow({ a: [1] }), 'DATA_FORMAT_MISMATCH'],
    ['text named gzip', 'text.csv.gz', 'a,b\n1,2\n', 'DATA_FORMAT_MISMATCH'],
    ['an IDX file named CSV', 'idx.csv', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5), 'DATA_FORMAT_MISMATCH'],
    ['text without an ending', 'text', 'a,b\n1,2\n', 'DATA_FORMAT_UNKNOWN'],
    ['a file of another ending', 'rows.xlsx', 'PK\u0003\u0004', 'DATA_FORMAT_UNKNOWN'],
    ['Zstandard named gzip', 'zstd.csv.gz', Buffer.from('28b52ffd0000', 'hex'), 'DATA_FORMAT_MISMATCH'],
    ['Feather, version 1', 'old.feather', 'FEA1', 'DATA_FEATHER_1'],
  ];

  it.each(notReadable)('refuses %s', async (_, name, bytes, code) => {
    const error = await errorOf(code, () => read(writeInto(folder, name, bytes)));
    expect(error.message).toContain(name);
  });

  it('refuses a folder, whatever its name', async () => {
    mkdirSync(join(folder, 'folder.csv'));
    await errorOf('DATA_FILE_IS_FOLDER', () => read(join(folder, 'folder.csv')));
  });

  it('refuses a file that is not there, or is below a file', async () => {
    await errorOf('DATA_FILE_NOT_FOUND', () => read(join(folder, 'missing.csv')));
    await errorOf('DATA_FILE_NOT_FOUND', () => read(join(writeInto(folder, 'file.csv', csv), 'below.csv')));
  });

  it.each([
    ['tags', 'nested'],
    ['place', 'nested'],
    ['raw', 'BYTE_ARRAY'],
  ])('refuses the Parquet column %s by name, unless it is ignored', async (column, type) => {
    const path = writeInto(folder, 'nested.parquet', foreignFile('nestedParquet'));
    const others = ['tags', 'place', 'raw'].filter((other) => other !== column);
    const error = await errorOf('DATA_COLUMN_TYPE', () => read(path, others));
    expect(error.message).toContain(`"${column}"`);
    expect(error.message).toContain(type);
    expect(error.todo).toContain(`ignore: ["${column}"]`);
    expect(contents(await read(path, [...others, column]))).toMatchObject({ id: [1, 2] });
  });

  it('refuses nested Arrow columns by name, and reads dates', async () => {
    const table = new Table({
      id: vectorFromArray([1], new Int32()),
      at: vectorFromArray([new Date(0)]),
      list: vectorFromArray([[1, 2]]),
    });
    const path = writeInto(folder, 'nested.arrow', tableToIPC(table, 'file'));
    expect((await errorOf('DATA_COLUMN_TYPE', () => read(path))).message).toContain('"list"');
    expect(contents(await read(path, ['list']))).toEqual({ id: [1], at: [0] });
  });

  it('reads Arrow with compressed buffers', async () => {
    expect((await read(writeInto(folder, 'lz4.feather', foreignFile('lz4Arrow')))).rowCount).toBeGreaterThan(0);
  });

  it('refuses an infinity in any format, with its column and row', async () => {
    const path = writeInto(folder, 'infinite.arrow', arrow({ a: [1, 2, Number.NEGATIVE_INFINITY] }));
    const error = await errorOf('DATA_NUMBER_NOT_FINITE', () => read(path));
    expect(error.message).toContain('"a" has -Infinity in row 3');
  });
});
