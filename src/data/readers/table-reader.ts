import type { RawTable } from '../raw-table.js';

export interface TableReadOptions {
  /** Columns that are not read at all. */
  readonly ignore: readonly string[];
  /** Between cells of delimited text; by default a tab for `.tsv`, else a comma. */
  readonly delimiter?: string;
  /** Told now and then how many rows have been read. */
  readonly onRows?: (rows: number) => void;
}

/**
 * Reads a file of rows into columns. Missing values stay missing. The contract of every reader: columns that are neither
 * numbers, booleans (read as the texts `false` and `true`) nor strings are refused by name; numbers that are not finite
 * are refused, NaN being a missing value; a file that is cut off is an error, never a shorter table.
 */
export type TableReader = (path: string, options: TableReadOptions) => Promise<RawTable>;

/** Rows between two calls of `onRows`. */
export const progressInterval = 100_000;
