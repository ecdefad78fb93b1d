import { errors } from '../errors.js';
import { type FoundImport, readImport } from '../import/imported.js';
import type { TableManifest } from '../import/schema.js';
import { checkIgnored, type RawTable } from '../raw-table.js';
import { detectFileKind } from '../readers/file-kind.js';
import { everyColumnName, readTableFile } from '../readers/table-file.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import { ScratchFile } from '../scratch-file.js';

/** Columns of a table, read a few at a time. */
export interface ColumnSource {
  /** In order, without those that are left out. */
  readonly names: readonly string[];
  /** More columns at once are no faster to be read. */
  readonly mostAtOnce: number;
  /** Reads some columns, in the order of `names`. */
  read(names: readonly string[]): Promise<RawTable>;
  /** No more is read: a scratch file it may have is gone. */
  close(): void;
}

/**
 * Columns of a file of rows. Of Parquet what is wanted is read; of Arrow and JSON lines all is gone through each time; delimited text, which would
 * have to be parsed each time, is parsed once, and its cells are kept in a scratch file in `directory`.
 */
export async function fileColumns(path: string, options: TableReadOptions, directory: string): Promise<ColumnSource> {
  const { ignore } = options;
  const kind = await detectFileKind(path);
  if (kind === 'csv') return storedColumns(path, options, directory);
  const all = await everyColumnName(path, { ...options, ignore: [] });
  checkIgnored(ignore, all);
  const read = (others: string[]) => readTableFile(path, { ...options, ignore: others }, kind);
  return columnsBesides({ all, ignore, read, mostAtOnce: Number.POSITIVE_INFINITY });
}

async function storedColumns(path: string, options: TableReadOptions, directory: string): Promise<ColumnSource> {
  const { storeCsv } = await import('../readers/csv.js');
  const store = ScratchFile.create(directory);
  try {
    const { rowCount, names, column } = await storeCsv(path, options, store);
    return {
      names,
      mostAtOnce: 1,
      read: async (wanted) => ({ path, rowCount, columns: wanted.map(column) }),
      close: () => store.close(),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Columns of an import. */
export function importColumns(
  found: FoundImport<TableManifest>,
  { ignore, ...options }: Pick<TableReadOptions, 'ignore' | 'onRows' | 'memoryLimitBytes'>,
): ColumnSource {
  const { columns } = found.manifest.schema;
  const all = columns.flatMap(({ name, role }) => (role === 'left out' ? [] : [name]));
  checkIgnored(ignore, all);
  const read = (others: string[]) => readImport(found, { ...options, ignore: others });
  return columnsBesides({ all, ignore, read, mostAtOnce: Number.POSITIVE_INFINITY });
}

interface WholeFile {
  readonly all: readonly string[];
  readonly ignore: readonly string[];
  readonly read: (without: string[]) => Promise<RawTable>;
  readonly mostAtOnce: number;
}

function columnsBesides({ all, ignore, read, mostAtOnce }: WholeFile): ColumnSource {
  return {
    names: all.filter((name) => !ignore.includes(name)),
    mostAtOnce,
    read: (wanted) => {
      const chosen = new Set(wanted);
      return read(all.filter((name) => !chosen.has(name)));
    },
    close: () => undefined,
  };
}

/**
 * How many columns may be in memory at once: part of it is for them, and for as much again as one of them takes while it is made.
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

/** For distinct texts: 65,536 of 64 letters. A column of more, or longer ones, needs part of the memory for them. */
const textBytes = 65_536 * 160;

/** Limit of the memory that a reader may take for columns of which so many were chosen as {@link columnsAtOnce} says. */
export function readerLimit(memory: number): number {
  return memory + textBytes;
}
