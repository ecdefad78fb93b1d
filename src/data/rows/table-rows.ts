import { dateUnitOf, millisecondsPer } from '../dates.js';
import type { RawColumn, RawTable } from '../raw-table.js';
import type { IdxTensor } from '../readers/idx.js';
import type { Cell, RowChunk } from './cells.js';

/** Rows of a table that was read as a whole, in chunks. */
export function* tableRows({ rowCount, columns }: RawTable, chunkRows: number): Generator<RowChunk> {
  const dated = columns.flatMap((column) => (column.kind === 'number' && column.unit ? [column] : []));
  const units = new Map(dated.map(({ name, unit }) => [name, unit!]));
  for (let start = 0; start < rowCount; start += chunkRows) {
    const end = Math.min(rowCount, start + chunkRows);
    const cells = columns.map((column) => [column.name, cellsOf(column, start, end)] as const);
    yield { firstRow: start + 1, rowCount: end - start, columns: new Map(cells), units };
  }
}

function cellsOf(column: RawColumn, start: number, end: number): Cell[] {
  if (column.kind === 'number') {
    const values = [...column.values.subarray(start, end)];
    const unit = dateUnitOf(column);
    return unit === undefined ? values : values.map((value) => dateText(value * millisecondsPer[unit]));
  }
  return Array.from(column.codes.subarray(start, end), (code) => column.texts[code] ?? null);
}

/** As a text, since what it is counted in need not be what it was counted in in training. */
function dateText(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Images of an IDX file, each a row with the one column `x`. */
export function* imageRows({ shape, values }: IdxTensor, chunkRows: number): Generator<RowChunk> {
  const [rowCount = 0, ...rest] = shape;
  const size = rest.reduce((a, b) => a * b, 1);
  for (let start = 0; start < rowCount; start += chunkRows) {
    const end = Math.min(rowCount, start + chunkRows);
    const cells = Array.from({ length: end - start }, (_, i) => {
      return [...values.subarray((start + i) * size, (start + i + 1) * size)];
    });
    yield { firstRow: start + 1, rowCount: end - start, columns: new Map([['x', cells]]) };
  }
}
