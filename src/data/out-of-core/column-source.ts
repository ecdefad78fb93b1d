import { setImmediate } from 'node:timers/promises';
import { TunerError } from '../../errors/index.js';
import { errors } from '../errors.js';
import { type FoundImport, readImport } from '../import/imported.js';
import type { TableManifest } from '../import/schema.js';
import { checkIgnored, type RawColumn, type RawTable } from '../raw-table.js';
import { ColumnRoom } from '../readers/column-room.js';
import { detectFileKind, type FileKind } from '../readers/file-kind.js';
import { defaultThreads } from '../readers/read-pool.js';
import { everyColumnName, readTableFile } from '../readers/table-file.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import { withTexts } from '../readers/text-columns.js';
import { ScratchFile } from '../scratch-file.js';

/** Columns of a table, read a few at a time. */
export interface ColumnSource {
  /** In order, without those that are left out. */
  readonly names: readonly string[];
  /** More columns at once are no faster to be read. */
  readonly mostAtOnce: number;
  /** Reads some columns, in the order of `names`. They are there until the next ones are read: memory is used again. */
  read(names: readonly string[]): Promise<RawTable>;
  /** No more is read: a scratch file it may have is gone. */
  close(): void;
}

/**
 * Columns of a file of rows. Of Parquet what is wanted is read; of Arrow and JSON lines all is gone through each time; delimited text, which would
 * have to be parsed each time, is parsed once, and its cells are kept in a scratch file in `directory`.
 */
export async function fileColumns(
  path: string,
  options: TableReadOptions & { readonly memory: number },
  directory: string,
): Promise<ColumnSource> {
  const { ignore, memory } = options;
  const kind = await detectFileKind(path);
  if (kind === 'csv') return storedColumns(path, { blockBytes: blockBytes(memory), ...options }, directory);
  const { all, read, mostAtOnce } =
    kind === 'parquet' ? await parquetColumns(path) : await otherColumns(path, kind, options);
  checkIgnored(ignore, all);
  const room = new ColumnRoom();
  const readBesides = (others: string[]) => {
    room.reuse();
    return read({ ...options, ignore: others, room });
  };
  return columnsBesides({ all, ignore, read: readBesides, mostAtOnce });
}

interface FileOfColumns {
  readonly all: readonly string[];
  readonly mostAtOnce: number;
  readonly read: (options: TableReadOptions) => Promise<RawTable>;
}

async function parquetColumns(path: string): Promise<FileOfColumns> {
  const { openParquet } = await import('../readers/parquet.js');
  const { names, read } = await openParquet(path);
  const readWithTexts = async (options: TableReadOptions) => withTexts(await read(options), options.texts);
  // one for each thread: what is shared stays in memory after the table is encoded, until V8 happens to collect it
  return { all: names, mostAtOnce: defaultThreads, read: readWithTexts };
}

async function otherColumns(path: string, kind: FileKind, options: TableReadOptions): Promise<FileOfColumns> {
  const all = await everyColumnName(path, { ...options, ignore: [] });
  return { all, mostAtOnce: Number.POSITIVE_INFINITY, read: (chosen) => readTableFile(path, chosen, kind) };
}

async function storedColumns(path: string, options: TableReadOptions, directory: string): Promise<ColumnSource> {
  const { storeCsv } = await import('../readers/csv.js');
  const store = ScratchFile.create(directory);
  try {
    const { rowCount, names, column } = await storeCsv(path, options, store);
    const room = new ColumnRoom();
    return {
      names,
      mostAtOnce: 1,
      read: async (wanted) => {
        room.reuse();
        return { path, rowCount, columns: wanted.map((name) => column(name, room)) };
      },
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

/** Codes of errors that fewer columns at once may not have. */
const tooMuch = new Set(['DATA_MEMORY_LIMIT', 'DATA_TEXTS_TOO_LARGE']);

/**
 * Reads columns, as many at once as fit into the memory, and uses each in order; it is there during the call.
 *
 * @throws DATA_MEMORY_TOO_SMALL if not even one column fits
 */
export async function forEachColumn(
  source: ColumnSource,
  names: readonly string[],
  { rowCount, memory }: { readonly rowCount: number; readonly memory: number },
  use: (column: RawColumn) => void | Promise<void>,
): Promise<void> {
  const step = Math.min(columnsAtOnce(rowCount, memory), source.mostAtOnce);
  for (let from = 0; from < names.length; from += step) await forSome(source, names.slice(from, from + step), use);
}

/** All at once, or where their texts turn out to take too much, in two halves. */
async function forSome(
  source: ColumnSource,
  names: readonly string[],
  use: (column: RawColumn) => void | Promise<void>,
): Promise<void> {
  const columns = await source.read(names).then(
    (table) => [...table.columns],
    (error: unknown) => {
      const isTooMuch = error instanceof TunerError && tooMuch.has(error.code);
      if (!isTooMuch || names.length === 1) throw error;
      return undefined;
    },
  );
  if (columns === undefined) {
    const middle = Math.ceil(names.length / 2);
    await forSome(source, names.slice(0, middle), use);
    await forSome(source, names.slice(middle), use);
    return;
  }
  // where readers made new arrays, each is free once it is used, and its memory is given back between two turns of the event loop
  for (let column = columns.shift(); column !== undefined; column = columns.shift()) {
    await use(column);
    await setImmediate();
  }
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
  throw errors.DATA_MEMORY_TOO_SMALL({ given: memory, least, what: `a column of ${rowCount} rows` });
}

/** Of the memory, for columns; the rest is for row numbers, threads that read and pieces under way. */
const share = 1 / 2;

/**
 * Bytes of delimited text that are parsed as one block: several blocks are under way at once, each with its cells, which may be larger than their
 * text, once in the thread that parses them and once on their way to the file.
 */
function blockBytes(memory: number): number {
  return Math.min(4 << 20, Math.max(1 << 16, Math.floor(memory / 32)));
}

/** For distinct texts: 65,536 of 64 letters. A column of more, or longer ones, needs part of the memory for them. */
const textBytes = 65_536 * 160;

/** Limit of the memory that a reader may take for columns of which so many were chosen as {@link columnsAtOnce} says. */
export function readerLimit(memory: number): number {
  return memory + textBytes;
}
