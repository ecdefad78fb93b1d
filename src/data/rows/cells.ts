import { type DateUnit, millisecondsPer, parseDate } from '../dates.js';
import { errors } from '../errors.js';

/** A value of a new row, as its source has it. Lists are of nothing but numbers, texts and lists; bytes are an image's. */
export type Cell = string | number | boolean | null | Uint8Array | readonly Cell[];

/** Rows that follow one another, by column. */
export interface RowChunk {
  /** The number of its first row, counted from 1. */
  readonly firstRow: number;
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, readonly Cell[]>;
  /** The file of each row, where each is a file of its own. */
  readonly files?: readonly string[];
}

/** Texts that stand for a missing value, beside empty ones: as the reader of delimited text has them. */
const missing: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL']);
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Where a cell stands, for messages. */
export interface CellPlace {
  readonly column: string;
  readonly row: number;
}

/**
 * The cell as a number; NaN where it is missing.
 *
 * @param unit of a column of dates: what ISO 8601 texts are counted in, since 1970; numbers are that already
 * @throws DATA_ROW_CELL
 */
export function numberOf(cell: Cell, place: CellPlace, unit?: DateUnit): number {
  if (cell === null || cell === undefined) return Number.NaN;
  if (typeof cell === 'number' && Math.abs(cell) !== Number.POSITIVE_INFINITY) return cell;
  if (typeof cell === 'boolean') return Number(cell);
  if (typeof cell === 'string') {
    const text = cell.trim();
    if (missing.has(text)) return Number.NaN;
    if (decimal.test(text)) return Number(text);
    const milliseconds = unit === undefined ? Number.NaN : parseDate(text);
    if (!Number.isNaN(milliseconds)) return milliseconds / millisecondsPer[unit!];
  }
  const must = unit === undefined ? 'a finite number' : 'an ISO 8601 date';
  throw errors.DATA_ROW_CELL({ ...place, must, given: JSON.stringify(cell) ?? String(cell) });
}

/**
 * The cell as a text; `null` where it is missing.
 *
 * @throws DATA_ROW_CELL
 */
export function textOf(cell: Cell, place: CellPlace): string | null {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return null;
  if (typeof cell === 'object') throw errors.DATA_ROW_CELL({ ...place, must: 'a text', given: JSON.stringify(cell) });
  const text = String(cell).trim();
  return missing.has(text) ? null : text;
}
