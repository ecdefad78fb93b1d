/** A table of ten thousand columns, from import to encoded rows: nothing takes quadratic time in them, and what is printed can be read. */
import { expect, it } from 'vitest';
import { renderImport } from '../../../src/cli/render-import.js';
import { importFile } from '../../../src/data/import/import-file.js';
import { loadReference } from '../../../src/data/load-reference.js';
import { temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const columnCount = 10_200;
const rowCount = 60;
/** For what takes two to five seconds on one free core: the machine may be busy. */
const limitMs = 90_000;

/** By column: mostly missing numbers, texts, an identifier, other numbers. */
function cell(row: number, column: number): string {
  const mixed = (Math.imul(row + 1, 7919) ^ Math.imul(column + 1, 104_729)) >>> 0;
  if (column % 100 === 7) return `id${row}`;
  if (column % 10 === 3) return `t${mixed % 5}`;
  return column % 3 === 0 && mixed % 4 > 0 ? '' : String((mixed % 1009) / 8);
}

it(
  `is imported and encoded within ${limitMs / 1000} s`,
  async () => {
    const names = Array.from({ length: columnCount }, (_, column) => `c${column}`);
    const lines = Array.from({ length: rowCount }, (_, row) => {
      return `${names.map((_, column) => cell(row, column)).join(',')},${row % 2}`;
    });
    const path = writeInto(folder, 'wide.csv', `${names.join(',')},y\n${lines.join('\n')}\n`);
    const started = performance.now();
    const imported = await importFile(path, { target: 'y', baseDirectory: folder, version: '1' });
    const shown = renderImport(imported, 100);
    const dataset = await loadReference(imported.folder!, { cacheDirectory: folder, baseDirectory: folder });
    expect(performance.now() - started).toBeLessThan(limitMs);

    const { columns, warnings } = imported.schema;
    expect(columns.length).toBe(columnCount + 1);
    expect(columns.filter(({ role }) => role === 'left out').length).toBe(columnCount / 100);
    expect(dataset.features.names!.length).toBeGreaterThan(columnCount);
    expect(warnings.length).toBeGreaterThan(1000);
    expect(shown.length).toBeLessThan(250);
    expect(shown.join('\n')).toMatch(/and 10100 more columns.*\n/);
    const alike = warnings.filter(({ code }) => code === 'mostly-missing').length;
    expect(shown.join(' ')).toContain(`${alike - 10} more warnings like this one (mostly-missing)`);
  },
  2 * limitMs,
);
