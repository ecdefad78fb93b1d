import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadReference } from '../../../src/data/load-reference.js';
import { preprocessingOf, readPreprocessing } from '../../../src/data/preprocessing.js';
import { csvColumnNames, readCsv, readCsvBytes } from '../../../src/data/readers/csv.js';
import { MemoryLimit } from '../../../src/data/readers/memory-limit.js';
import { rowsOf } from '../../../src/data/rows/open-rows.js';
import { cells, contents, errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const parse = async (text: string | Uint8Array, name = 'table.csv', delimiter?: string) => {
  const path = writeInto(folder, name, text);
  return readCsv(path, delimiter === undefined ? { ignore: [] } : { ignore: [], delimiter });
};

describe('CSV', () => {
  it('is read whatever rows blocks have: many short ones, then some of which the first is long', async () => {
    const short = Array.from({ length: 2000 }, (_, row) => `${row},a`);
    const mixed = Array.from({ length: 3000 }, (_, row) =>
      row % 500 === 0 ? `${row},${'long '.repeat(300)}` : `${row},b`,
    );
    const path = writeInto(folder, 'blocks.csv', `n,t\n${[...short, ...mixed].join('\n')}\n`);
    const whole = await readCsv(path, { ignore: [], threads: 1 });
    for (const blockBytes of [500, 4000, 15_000]) {
      expect(await readCsv(path, { ignore: [], threads: 1, blockBytes })).toEqual(whole);
    }
  });

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

  it.each(['0x10', '1,5', '1 000', '1e', '.', '-', '1_000', '١', '12px', 'true', '1n', '2020-02-30', '01/02/2020'])(
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
    expect(contents(await parse('a;b\n1.5;x,y\n', 'semicolon.csv', ';'))).toEqual({ a: [1.5], b: ['x,y'] });
  });

  it('reads a file that ends without a line break, in chunks that cut characters', async () => {
    const path = writeInto(folder, 'long.csv', `name,n\n${'ß€😀,1\n'.repeat(100_000)}ß€😀,2`);
    const counts: number[] = [];
    const table = await readCsv(path, { ignore: [], onRows: (rows) => counts.push(rows) });
    expect(table.rowCount).toBe(100_001);
    expect(table.columns[0]).toMatchObject({ texts: ['ß€😀'] });
    expect(counts.at(-1)).toBe(100_001);
  });

  describe('without a header', () => {
    const path = writeInto(folder, 'iris.csv', '5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,3.4,virginica\n');
    const whole = {
      'column 1': [5.1, 4.9, 6.2],
      'column 2': [3.5, 3, 3.4],
      'column 3': ['setosa', 'setosa', 'virginica'],
    };

    it('keeps its first row where that is said', async () => {
      expect(contents(await readCsv(path, { ignore: [], header: false }))).toEqual(whole);
      expect(await csvColumnNames(path, { header: false })).toEqual(Object.keys(whole));
    });

    it('is noted where its first row would be names, and in no other case', async () => {
      const notes: string[] = [];
      const onNote = (note: string) => notes.push(note);
      expect((await readCsv(path, { ignore: [], onNote })).rowCount).toBe(2);
      expect(notes).toEqual([expect.stringMatching(/5\.1, 3\.5.*--no-header/)]);
      await readCsv(path, { ignore: [], onNote, header: true });
      await readCsv(writeInto(folder, 'named.csv', 'a,b2,x 3\n1,2,3\n'), { ignore: [], onNote });
      expect(notes.length).toBe(1);
    });

    it('is trained on, and predicted from, as it was read', async () => {
      const reference = { path, target: 'column 3', header: false, validation: 1, splits: { by: 'random' } } as const;
      const dataset = await loadReference(reference, { cacheDirectory: folder, baseDirectory: folder });
      expect(dataset.rowCount).toBe(3);
      const { encoder } = readPreprocessing(JSON.stringify(preprocessingOf(dataset)), 'encoder.json');
      expect(encoder!.header).toBe(false);
      for await (const rows of await rowsOf(path, { chunkRows: 10, header: encoder!.header! })) {
        expect(rows.columns.get('column 2')).toEqual(['3.5', '3.0', '3.4']);
      }
    });

    it('may have blank lines, and quotes over lines, before its second row', async () => {
      const text = '\n"a\nb",1\n"c",2\n';
      const table = await readCsvBytes('table.csv', Buffer.from(text), { ignore: [], header: false });
      expect(contents(table)).toEqual({ 'column 1': ['a\nb', 'c'], 'column 2': [1, 2] });
    });
  });

  it('keeps every text, however many differ', async () => {
    const texts = Array.from({ length: 140_000 }, (_, i) => `id${i % 70_000}`);
    const [column] = (await parse(`id\n${texts.join('\n')}\n`)).columns;
    if (column?.kind !== 'text') throw new Error('expected texts');
    expect(column.texts.length).toBe(70_000);
    expect(cells(column)).toEqual(texts);
  });

  it('refuses more texts than the heap may hold, instead of ending the process', async () => {
    const limit = new MemoryLimit('rows.csv', 2 ** 40);
    limit.takeTexts(1000, 10_000);
    const error = await errorOf('DATA_TEXTS_TOO_LARGE', () => limit.takeTexts(2 ** 31, 2 ** 36));
    expect(error.todo).toContain('--max-old-space-size');
  });

  it.each([
    ['UTF-16 with a mark', Buffer.from('\ufeffa,b\nMünchen,2\n', 'utf16le')],
    ['UTF-16 with a mark and the other byte order', Buffer.from('\ufeffa,b\nMünchen,2\n', 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from('a,b\nMünchen,2\n', 'utf16le')],
    ['Windows-1252', Buffer.from('a,b\nMünchen,2\n', 'latin1')],
    ['UTF-8 with a mark', Buffer.from('\ufeffa,b\nMünchen,2\n')],
  ])('reads %s', async (_, bytes) => {
    expect(contents(await parse(bytes))).toEqual({ a: ['München'], b: [2] });
  });

  it('reads the encoding that it is told, and refuses a mark that says otherwise', async () => {
    const bytes = Buffer.from('a\nß\n');
    const table = await readCsvBytes('x.csv', bytes, { ignore: [], encoding: 'windows-1252' });
    expect(contents(table)).toEqual({ a: ['ÃŸ'] });
    const wide = Buffer.from('\ufeffa\n', 'utf16le');
    await errorOf('DATA_TEXT_ENCODING', () => readCsvBytes('x.csv', wide, { ignore: [], encoding: 'utf-8' }));
  });

  it.each([
    ['2020-02-29', 18321, 'days'],
    ['1969-12-31', -1, 'days'],
    ['0001-01-01', -719162, 'days'],
    ['9999-12-31', 2932896, 'days'],
    ['1970-01-01T00:00:01.5Z', 1.5, 'seconds'],
    ['1970-01-01 01:00+01:00', 0, 'seconds'],
    ['"2001-09-09 01:46:40"', 1e9, 'seconds'],
  ])('reads %s as a date', async (text, value, unit) => {
    const [column] = (await parse(`a,b\n${text},x\n,y\n`)).columns;
    expect(column).toMatchObject({ kind: 'number', unit, values: Float64Array.of(value, Number.NaN) });
  });

  it('reads dates beside numbers or other texts as texts', async () => {
    expect(contents(await parse('a,b\n2020-01-01,1\nsoon,2020-01-01\n'))).toEqual({
      a: ['2020-01-01', 'soon'],
      b: ['1', '2020-01-01'],
    });
  });

  it('reads further spellings of a missing value', async () => {
    const table = await readCsvBytes('x.csv', Buffer.from('a,b\n1,?\n?,none\n'), {
      ignore: [],
      missing: ['?', 'none'],
    });
    expect(contents(table)).toEqual({ a: [1, null], b: [null, null] });
  });

  it.each([
    ['decimal commas', 'a;b\n1,5;x\n-2,25e1;"y,z"\n', [1.5, -22.5]],
    [
      'decimal commas in quotes, and groups of thousands that may be either',
      'a\tb\n"1,234"\tx\n"0,5"\ty\n',
      [1.234, 0.5],
    ],
    ['points, if some number has one', 'a;b\n1,5;0.5\n2;1.5\n', ['1,5', '2']],
    ['points, if numbers have nothing but groups of thousands', 'a;b\n1,234;x\n567,890;y\n', ['1,234', '567,890']],
    ['points where commas separate cells', 'a,b\n"1,5",x\n2,y\n', ['1,5', '2']],
  ])('reads %s', async (_, text, wanted) => {
    expect(contents(await parse(text, 'marks.csv')).a).toEqual(wanted);
  });

  it('takes the decimal mark that it is told', async () => {
    const path = writeInto(folder, 'told.csv', 'a;b\n1,234;x\n567,890;y\n');
    expect(contents(await readCsv(path, { ignore: [], decimal: ',' })).a).toEqual([1.234, 567.89]);
    expect(contents(await readCsv(path, { ignore: [], decimal: '.' })).a).toEqual(['1,234', '567,890']);
  });

  it.each([',', ';', '\t', '|'])('tells the delimiter %j by the first lines', async (delimiter) => {
    const lines = ['x,y', '1', '"a;b|c,d\te"', '2.5'];
    const text = `${['"x,y"', 'n'].join(delimiter)}\n${[lines[2], lines[3]].join(delimiter)}\n`;
    expect(contents(await parse(text))).toEqual({ 'x,y': ['a;b|c,d\te'], n: [2.5] });
  });

  it('reads line ends of all kinds', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const table = await parse(['a,b', '1,x', '', '2,"y z"', ''].join(end));
      expect(contents(table)).toEqual({ a: [1, 2], b: ['x', 'y z'] });
    }
  });

  it('reads thousands of columns', async () => {
    const names = Array.from({ length: 5000 }, (_, i) => `c${i}`);
    const text = [names, ...[1, 2, 3].map((row) => names.map((_, i) => row * 10_000 + i))].join('\n');
    const table = await parse(text);
    expect(table.columns.length).toBe(5000);
    expect(cells(table.columns[4999]!)).toEqual([14_999, 24_999, 34_999]);
  });

  it('ends where the memory that it may take does', async () => {
    const bytes = Buffer.from(`a\n${'1\n'.repeat(10_000)}`);
    await errorOf('DATA_MEMORY_LIMIT', () => readCsvBytes('x.csv', bytes, { ignore: [], memoryLimitBytes: 50_000 }));
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
    ['UTF-32', Buffer.from('fffe00006100000062000000', 'hex'), 'DATA_TEXT_ENCODING', 'UTF-32'],
    ['zero bytes', 'a,b\n1,\0\n', 'DATA_TEXT_ENCODING', 'zero byte at 6'],
    ['UTF-8 beside bytes that are not', Buffer.from('61640ac3bc0afc0a', 'hex'), 'DATA_TEXT_ENCODING', 'up to byte 6'],
    ['bytes that no text has in Windows-1252', Buffer.from('610a81ff0a', 'hex'), 'DATA_TEXT_ENCODING', 'up to byte 2'],
    ['text after a closing quote', 'a,b\n"x"y,2\n', 'DATA_CSV_MALFORMED', 'line 2'],
    [
      'a character that is cut off at the end',
      Buffer.from('a\nß').subarray(0, 3),
      'DATA_TEXT_ENCODING',
      'ends within a character',
    ],
  ])('refuses %s', async (_, text, code, says) => {
    const error = await errorOf(code, () => parse(text));
    expect(error.message).toContain(says);
  });
});
