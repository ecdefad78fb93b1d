import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type Column, renderTable } from '../../src/report/table.js';

const columns: readonly Column[] = [
  { title: 'trial', align: 'right', rank: 0 },
  { title: 'name', rank: 2 },
  { title: 'value', align: 'right', rank: 1 },
];
const rows = [
  ['0', 'a', '0.5'],
  ['10', 'longer', '12'],
];

describe('a table', () => {
  it('has its columns below each other', () => {
    expect(renderTable(columns, rows, 80)).toEqual([
      'trial  name    value',
      '    0  a         0.5',
      '   10  longer     12',
    ]);
  });

  it('leaves out columns where there is no room, the least wanted first', () => {
    expect(renderTable(columns, rows, 20)[0]).toBe('trial  name    value');
    expect(renderTable(columns, rows, 19)).toEqual(['trial  value', '    0    0.5', '   10     12']);
    expect(renderTable(columns, rows, 11)).toEqual(['trial', '    0', '   10']);
    expect(renderTable(columns, rows, 3)[1]).toBe('  0');
  });

  it('is only titles without rows', () => {
    expect(renderTable(columns, [], 80)).toEqual(['trial  name  value']);
  });

  it('counts what is seen: neither colours nor the bytes of a letter', () => {
    const { red } = picocolors.createColors(true);
    const lines = renderTable(
      columns,
      [
        ['0', red('漢字'), '1'],
        ['1', 'ab', '2'],
      ],
      80,
    );
    expect(lines.map(stripVTControlCharacters)).toEqual([
      'trial  name  value',
      '    0  漢字      1',
      '    1  ab        2',
    ]);
    expect(lines[1]).toContain(red('漢字'));
  });

  it('is never wider than it may be', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'abcdefgh0123456789.'), maxLength: 30 });
    const table = fc.integer({ min: 1, max: 6 }).chain((count) =>
      fc.record({
        titles: fc.array(cell, { minLength: count, maxLength: count }),
        rows: fc.array(fc.array(cell, { minLength: count, maxLength: count }), { maxLength: 4 }),
        ranks: fc.array(fc.nat(9), { minLength: count, maxLength: count }),
        width: fc.integer({ min: 1, max: 120 }),
      }),
    );
    fc.assert(
      fc.property(table, ({ titles, rows: cells, ranks, width }) => {
        const lines = renderTable(
          titles.map((title, index) => ({ title, rank: ranks[index]! })),
          cells,
          width,
        );
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(lines).toHaveLength(cells.length + 1);
      }),
      { numRuns: 200 },
    );
  });
});
