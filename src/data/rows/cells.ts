import { errors } from '../errors.js';
import type { RawNumberColumn } from '../raw-table.js';
import { numberInCell } from '../readers/csv/cell.js';
import type { Decimal } from '../readers/csv/dialect.js';
import { inUnit, readIsoDate } from '../readers/csv/iso-date.js';
import type { MissingSpellings } from '../readers/csv/missing.js';

/** What dates and times count. */
export type Unit = NonNullable<RawNumberColumn['unit']>;

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
  /** What the numbers of some columns count, where the source says so. */
  readonly units?: ReadonlyMap<string, Unit>;
  /** Between whole and fraction of numbers that are texts; by default a point. */
  readonly decimal?: Decimal;
}

/** Where a cell stands, for messages. */
export interface CellPlace {
  readonly column: string;
  readonly row: number;
}

/** How cells become numbers: as the reader of delimited text makes them. */
export interface NumberReading {
  readonly missing: MissingSpellings;
  /** Of the training column: texts may be dates, which count this. */
  readonly unit?: Unit | undefined;
  /** Of the cells that are numbers already; by default the same. */
  readonly given?: Unit | undefined;
  /** Of texts; by default a point. */
  readonly decimal?: Decimal | undefined;
}

/**
 * The cell as a number; NaN where it is missing.
 *
 * @throws DATA_ROW_CELL
 */
export function numberOf(cell: Cell, place: CellPlace, reading: NumberReading): number {
  if (cell === null || cell === undefined) return Number.NaN;
  const value = typeof cell === 'string' ? numberInText(cell, reading) : numberIn(cell, reading);
  if (value !== undefined && Math.abs(value) !== Number.POSITIVE_INFINITY) return value;
  const must = reading.unit === undefined ? 'a finite number' : 'a finite number or an ISO 8601 date';
  throw errors.DATA_ROW_CELL({ ...place, must, given: JSON.stringify(cell) ?? String(cell) });
}

/** `undefined` where it is none. */
function numberIn(cell: Exclude<Cell, string | null>, { unit, given = unit }: NumberReading): number | undefined {
  if (typeof cell === 'boolean') return Number(cell);
  if (typeof cell !== 'number') return undefined;
  if (given === 'days' && unit === 'seconds') return cell * 86_400;
  return given === 'seconds' && unit === 'days' ? inUnit(cell, 'days') : cell;
}

const sink = { seconds: 0 };

/** `undefined` where it is none. */
function numberInText(cell: string, { missing, unit, decimal = '.' }: NumberReading): number | undefined {
  const bytes = Buffer.from(cell);
  if (missing.includes(bytes, 0, bytes.length)) return Number.NaN;
  if ((unit === 'days' || unit === 'seconds') && readIsoDate(bytes, 0, bytes.length, sink) !== 0) {
    return inUnit(sink.seconds, unit);
  }
  const value = numberInCell(bytes, 0, bytes.length, decimal.charCodeAt(0));
  return Number.isNaN(value) ? undefined : value;
}

/**
 * The cell as a text, as it is written; `null` where it is missing, which the reader of its source decides.
 *
 * @throws DATA_ROW_CELL
 */
export function textOf(cell: Cell, place: CellPlace): string | null {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return null;
  if (typeof cell === 'object') throw errors.DATA_ROW_CELL({ ...place, must: 'a text', given: JSON.stringify(cell) });
  return String(cell);
}
