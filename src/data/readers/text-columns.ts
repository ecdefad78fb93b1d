import { textColumn } from '../encoders/categories.js';
import { errors } from '../errors.js';
import type { RawColumn, RawTable } from '../raw-table.js';

/**
 * The table with columns of numbers as texts: those that a reader has not read as texts already, since their format has no spelling of
 * them. Dates stay dates.
 */
export function withTexts(table: RawTable, texts: readonly string[] = []): RawTable {
  const asText = (column: RawColumn) =>
    column.kind === 'number' && column.unit === undefined && texts.includes(column.name) ? textColumn(column) : column;
  return texts.length === 0 ? table : { ...table, columns: table.columns.map(asText) };
}

/** @throws DATA_COLUMN_UNKNOWN if one of the columns of texts is not there. */
export function checkTexts(texts: readonly string[], names: readonly string[]): void {
  const unknown = texts.find((text) => !names.includes(text));
  if (unknown !== undefined)
    throw errors.DATA_COLUMN_UNKNOWN({ role: 'column of texts', column: unknown, columns: names });
}
