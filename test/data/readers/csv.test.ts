import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctTextLimit } from '../../../src/data/raw-table.js';
import { readCsv, readCsvBytes } from '../../../src/data/readers/csv.js';
import { cells, contents, errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const parse = async (text: string | Uint8Array, name = 'table.csv', delimiter?: string) => {
  const path = writeInto(folder, name, text);
  return readCsv(path, delimiter === undefined ? { ignore: [] } : { ignore: [], delimiter });
};

describe('CSV', () => {
  it('gives back any numbers and texts that were written', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
    const text = fc
      .string({ unit: 'grapheme' })
      .map((value) => `t${value.trim()}`)
      .filter((value) => !value.includes('\u0000'));
    const row = fc.tuple(fc.option(number), fc.option(text));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        // A first row fixes the types.
        const all = [[1, 'first'], ...rows] as [number | null, string | null][];
        const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
        const lines = all.map(([a, b]) => `${a ?? ''},${b === null ? '' : quoted(b)}`);
        const table = await readCsvBytes('law.csv', Buffer.from(`a,b\n${lines.join('\n')}`), { ignore: [] });
        expect(contents(table)).toEqual({ a: all.map(([a]) => a), b: all.map(([, b]) => b) });
      }),
      { numRuns: 50 },
    );
  });

  it.each(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', ' ', '""', '" "'])('reads %j as missing', async (missing) => {
    expect(contents(await parse(`a,b,c\n1,x,y\n${missing},${missing},y\n`))).toMatchObject({
      a: [1, null],
      b: ['x', null],
    });
  });

  it.each(['1', '-1.5', '+.5', '1.', '1e-3', '6.02E+23', '007', ' 4 ', '"5"', '" 5"'])(
    'reads %j as a number',
    async (text) => {
      const [column] = (await parse(`a,b\n${text},x\n`)).columns;
      expect(column).toMatchObject({ kind: 'number', values: Float64Array.of(Number(text.replaceAll('"', ''))) });
    },
  );

  it.each(['0x10', '1,5', '1 000', '1e', '.', '-', '1_000', '١', '12px', 'true', '1n', '2020-01-01'])(
    'reads %j as a text',
    async (text) => {
      const [column] = (await parse(`a,b\n"${text}",x\n`)).columns;
      expect(column).toMatchObject({ kind: 'text', texts: [text] });
    },
  );

  it.each(['Infinity', '-inf', '+INF', '1e999'])('refuses %j in a column of numbers, with its row', async (text) => {
    const error = await errorOf('DATA_NUMBER_NOT_FINITE', () => parse(`a,b\n1,x\n${text},y\n`));
    expect(error.message).toContain('"a"');
    expect(error.message).toContain('row 2');
  });

  it('keeps texts as they are written in a column that starts with numbers', async () => {
    const [column] = (await parse('a,b\n01,x\n1.0,x\n,x\nabc,x\n2,x\nInfinity,x\n')).columns;
    expect(cells(column!)).toEqual(['01', '1.0', null, 'abc', '2', 'Infinity']);
    expect(column).toMatchObject({ firstText: { text: 'abc', row: 4 } });
  });

  it('does not mention a first text in a column without numbers', async () => {
    const [column] = (await parse('a,b\n,x\nabc,x\n')).columns;
    expect(cells(column!)).toEqual([null, 'abc']);
    expect(column).not.toHaveProperty('firstText');
  });

  it('reads a column without any value as missing numbers', async () => {
    expect(contents(await parse('a,b\n,1\nNA,2\n'))).toEqual({ a: [null, null], b: [1, 2] });
  });

  it('reads quotes, delimiters, line breaks and spaces in cells', async () => {
    const text = 'a, b\n"x, ""y""\nz" ,  w w  \n\n"  kept" , 2\n';
    expect(contents(await parse(text))).toEqual({ a: ['x, "y"\nz', '  kept'], b: ['w w', '2'] });
  });

  it('reads gzipped text', async () => {
    expect(contents(await parse(gzipSync('a,b\n1,x\n'), 'rows.csv.gz'))).toEqual({ a: [1], b: ['x'] });
    const cut = gzipSync('a,b\n1,x\n').subarray(0, 20);
    const error = await errorOf('DATA_CSV_MALFORMED', () => parse(cut, 'cut.csv.gz'));
    expect(error.message).toContain('gzip');
  });

  it('takes another delimiter', async () => {
    expect(contents(await parse('a;b\n1,5;x\n', 'semicolon.csv', ';'))).toEqual({ a: ['1,5'], b: ['x'] });
  });

  it('reads a file that ends without a line break, in chunks that cut characters', async () => {
    const path = writeInto(folder, 'long.csv', `name,n\n${'ß€😀,1\n'.repeat(100_000)}ß€😀,2`);
    const counts: number[] = [];
    const table = await readCsv(path, { ignore: [], onRows: (rows) => counts.push(rows) });
    expect(table.rowCount).toBe(100_001);
    expect(table.columns[0]).toMatchObject({ texts: ['ß€😀'] });
    expect(counts).toEqual([100_000]);
  });

  it('keeps a bounded number of distinct texts', async () => {
    const rows = distinctTextLimit + 10;
    const text = Array.from({ length: rows }, (_, i) => `id${i}`).join('\n');
    const [column] = (await parse(`id\n${text}\n`)).columns;
    if (column?.kind !== 'text') throw new Error('expected texts');
    expect(column.texts.length).toBe(distinctTextLimit);
    expect(column.codes.filter((code) => code === -2).length).toBe(10);
  });

  it.each([
    ['a header only', 'a,b\n', 'DATA_NO_ROWS', 'none'],
    ['a header without a line break', 'a,b', 'DATA_NO_ROWS', 'none'],
    ['blank lines only', '\n\n', 'DATA_NO_ROWS', 'none'],
    ['a name twice', 'a,b,a\n1,2,3\n', 'DATA_COLUMN_DUPLICATE', '"a"'],
    ['a column without a name', ',b\n1,2\n', 'DATA_COLUMN_UNNAMED', 'column 1'],
    ['a row with too few cells', 'a,b\n1,2\n3\n', 'DATA_CSV_MALFORMED', 'line 3'],
    ['a row with too many cells', 'a,b\n1,2,3\n', 'DATA_CSV_MALFORMED', 'line 2'],
    ['a quote that is not closed', 'a,b\n1,"x\n', 'DATA_CSV_MALFORMED', 'line'],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'DATA_TEXT_ENCODING', 'UTF-16'],
    [
      'UTF-16 with the other byte order',
      Buffer.from('\ufeffa,b\n', 'utf16le').swap16(),
      'DATA_TEXT_ENCODING',
      'UTF-16',
    ],
    ['UTF-16 without a mark', Buffer.from('a,b\n1,2\n', 'utf16le'), 'DATA_TEXT_ENCODING', 'zero byte at 1'],
    ['Latin-1', Buffer.from('a,b\nMünchen,2\n', 'latin1'), 'DATA_TEXT_ENCODING', 'bytes that are not'],
    ['a character that is cut off at the end', Buffer.from('a\nß').subarray(0, 3), 'DATA_TEXT_ENCODING', 'between'],
  ])('refuses %s', async (_, text, code, says) => {
    const error = await errorOf(code, () => parse(text));
    expect(error.message).toContain(says);
  });
});
