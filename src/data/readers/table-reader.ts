import type { RawTable } from '../raw-table.js';
import type { ColumnRoom } from './column-room.js';
import type { Decimal } from './csv/dialect.js';
import type { Encoding } from './csv/encoding.js';

export interface TableReadOptions {
  /** Columns that are not read at all. */
  readonly ignore: readonly string[];
  /** Between cells of delimited text; by default told from the first lines. */
  readonly delimiter?: string;
  /** Between whole and fraction of the numbers of delimited text; by default told from the first lines. */
  readonly decimal?: Decimal;
  /** Of text; by default told from the text: UTF-8, UTF-16, or else Windows-1252. */
  readonly encoding?: Encoding;
  /** Further cells of text that are read as missing, beside empty ones, `NA` and the like. */
  readonly missing?: readonly string[];
  /** Columns that are read as texts: as they are spelt, or where a format has no spelling, integers in all their digits. */
  readonly texts?: readonly string[];
  /** Whether the first record of delimited text names the columns; by default true. Otherwise they are `column 1`, `column 2`, … */
  readonly header?: boolean;
  /** Whether columns without a name get one, `column 3`, instead of being refused. */
  readonly nameUnnamed?: boolean;
  /** Threads that read; by default as many as there are cores. What is read does not depend on it. */
  readonly threads?: number;
  /** Bytes of a file from which it is worth starting threads; by default 12 MiB. Nor does it depend on this … */
  readonly threadsFromBytes?: number;
  /** … and on this: bytes of delimited text that are parsed as one block; by default 4 MiB. */
  readonly blockBytes?: number;
  /** Bytes that the table may take; by default half of the memory that this process may have. */
  readonly memoryLimitBytes?: number;
  /** Where a reader that can do so puts columns, which lie there until it is used again; by default into new arrays. */
  readonly room?: ColumnRoom;
  /** Told now and then how many rows have been read. */
  readonly onRows?: (rows: number) => void;
  /** Told what was assumed of a file, in a sentence each: its delimiter, its decimal mark, its encoding. */
  readonly onNote?: (note: string) => void;
}

/**
 * Reads a file of rows into columns. Missing values stay missing. The contract of every reader: columns that are neither
 * numbers, booleans (read as the texts `false` and `true`), dates (read as numbers, in days or seconds) nor strings are refused by name; numbers that are not finite
 * are refused, NaN being a missing value; a file that is cut off is an error, never a shorter table; a table that is
 * larger than the memory limit is refused while it is read.
 */
export type TableReader = (path: string, options: TableReadOptions) => Promise<RawTable>;
