/** Large text: read in blocks, by any number of threads. Needs a build: threads run compiled code. */
import { describe, expect, it } from 'vitest';
import type { RawColumn } from '../../../../src/data/raw-table.js';
import { ColumnRoom } from '../../../../src/data/readers/column-room.js';
import { readCsv, storeCsv } from '../../../../src/data/readers/csv.js';
import { ScratchFile } from '../../../../src/data/scratch-file.js';
import { contents, errorOf, temporaryFolder, writeInto } from '../../support.js';

const folder = temporaryFolder();
const rows = 400_000;

/** Quotes with line ends in many cells, so that blocks end within some; a column whose first text comes late. */
function text(): { text: string; late: (string | null)[]; word: string[] } {
  const lines = ['n,word,late,day'];
  const late: (string | null)[] = [];
  const word: string[] = [];
  for (let i = 0; i < rows; i++) {
    word.push(i % 2 === 0 ? `line ${i % 7}\nand, "${i % 11}"\n` : `w${i % 13}`);
    late.push(i === 350_000 ? 'late' : i % 5 === 0 ? null : `0${i % 10}`);
    const quoted = i % 2 === 0 ? `"${word[i]!.replaceAll('"', '""')}"` : word[i];
    lines.push(`${i / 8},${quoted},${late[i] ?? ''},20${String((i % 90) + 10)}-01-01`);
  }
  return { text: `${lines.join('\n')}\n`, late, word };
}

/** A column's cells as bytes, and the rest of it. */
function apart(column: RawColumn) {
  const { buffer, byteOffset, byteLength } = column.kind === 'number' ? column.values : column.codes;
  return { ...column, values: [], codes: [], cells: Buffer.from(buffer, byteOffset, byteLength) };
}

describe('large text', () => {
  it('is read the same by one thread and by several, with texts as they are written', async () => {
    const written = text();
    const path = writeInto(folder, 'large.csv', written.text);
    expect(written.text.length).toBeGreaterThan(13 << 20);
    const one = await readCsv(path, { ignore: [], threads: 1 });
    const several = await readCsv(path, { ignore: [], threads: 3 });
    expect(several).toEqual(one);
    const store = ScratchFile.create(folder);
    const { names, rowCount, column } = await storeCsv(
      path,
      { ignore: ['n'], threads: 2, memoryLimitBytes: 1e5 },
      store,
    );
    // in any order, more than once
    for (const name of ['day', 'late', 'word', 'late']) {
      const { cells, ...rest } = apart(column(name, new ColumnRoom()));
      const { cells: expected, ...others } = apart(one.columns.find((each) => each.name === name)!);
      expect(rest).toEqual(others);
      expect(Buffer.compare(cells, expected)).toBe(0);
    }
    expect([names, rowCount]).toEqual([['word', 'late', 'day'], rows]);
    store.close();
    const { n, word, late } = contents(several);
    expect(n![333_333]).toBe(333_333 / 8);
    expect(word!.every((cell, i) => cell === written.word[i])).toBe(true);
    expect(late!.every((cell, i) => cell === written.late[i])).toBe(true);
    expect(several.columns[2]).toMatchObject({ firstText: { text: 'late', row: 350_001 } });
    expect(several.columns[3]).toMatchObject({ unit: 'days' });
  });

  it('has its faults named by line, wherever they are', async () => {
    const line = `1,"${'x'.repeat(40)}"\n`;
    const before = line.repeat(350_000);
    const path = writeInto(folder, 'fault.csv', `a,b\n${before}1,2,3\n${line}`);
    const error = await errorOf('DATA_CSV_MALFORMED', () => readCsv(path, { ignore: [], threads: 2 }));
    expect(error.message).toContain('line 350002 has 3 cells');
    const open = writeInto(folder, 'open.csv', `a,b\n${before}1,"open\n${line.replaceAll('"', '')}`);
    const unclosed = await errorOf('DATA_CSV_MALFORMED', () => readCsv(open, { ignore: [], threads: 2 }));
    expect(unclosed.message).toContain('line 350002');
  });
});
