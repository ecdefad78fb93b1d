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
  if (column.kind === 'number') return [...column.values.subarray(start, end)];
  return Array.from(column.codes.subarray(start, end), (code) => column.texts[code] ?? null);
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
