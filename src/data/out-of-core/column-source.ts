import { errors } from '../errors.js';
import { type FoundImport, readImport } from '../import/imported.js';
import { checkIgnored, distinctTextLimit, type RawTable } from '../raw-table.js';
import { everyColumnName, readTableFile } from '../readers/table-file.js';
import type { TableReadOptions } from '../readers/table-reader.js';

/** Columns of a table, read a few at a time. */
export interface ColumnSource {
  /** For messages. */
  readonly path: string;
  /** In order, without those that are left out. */
  readonly names: readonly string[];
  /** Reads some columns, in the order of `names`. */
  read(names: readonly string[]): Promise<RawTable>;
}

/** Columns of a file of rows, each reading of which goes through what the others need of the file. */
export async function fileColumns(path: string, { ignore, ...options }: TableReadOptions): Promise<ColumnSource> {
  const all = await everyColumnName(path, { ...options, ignore: [] });
  checkIgnored(ignore, all);
  return columnsBesides(path, all, ignore, (others) => readTableFile(path, { ...options, ignore: others }));
}

/** Columns of an import. */
export function importColumns(
  found: FoundImport,
  { ignore, ...options }: Pick<TableReadOptions, 'ignore' | 'onRows' | 'memoryLimitBytes'>,
): ColumnSource {
  const { columns } = found.manifest.schema;
  const all = columns.flatMap(({ name, role }) => (role === 'left out' ? [] : [name]));
  checkIgnored(ignore, all);
  return columnsBesides(found.folder, all, ignore, (others) => readImport(found, { ...options, ignore: others }));
}

function columnsBesides(
  path: string,
  all: readonly string[],
  ignored: readonly string[],
  readWithout: (others: string[]) => Promise<RawTable>,
): ColumnSource {
  const names = all.filter((name) => !ignored.includes(name));
  return {
    path,
    names,
    read: (wanted) => {
      const chosen = new Set(wanted);
      return readWithout(all.filter((name) => !chosen.has(name)));
    },
  };
}

/**
 * How many columns may be in memory at once: the larger part of it is for them, and as much again as one of them is for making them.
 *
 * @throws DATA_MEMORY_TOO_SMALL if not even one may
 */
export function columnsAtOnce(rowCount: number, memory: number): number {
  const columnBytes = rowCount * Float64Array.BYTES_PER_ELEMENT;
  const count = Math.floor((memory * share) / columnBytes) - 1;
  if (count >= 1) return count;
  const least = Math.ceil((2 * columnBytes) / share);
  throw errors.DATA_MEMORY_TOO_SMALL({ given: memory, least, what: `a column of ${rowCount} rows to be encoded` });
}

/** Of the memory, for columns; the rest is for row numbers, threads that read and pieces under way. */
const share = 1 / 2;

/** What the distinct texts of a column may take at most, about, which do not grow with its rows. */
const textBytes = distinctTextLimit * 128;

/** Limit of the memory that a reader may take for columns of which so many were chosen as {@link columnsAtOnce} says. */
export function readerLimit(memory: number): number {
  return memory + textBytes;
}
