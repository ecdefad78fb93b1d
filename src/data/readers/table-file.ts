import type { RawTable } from '../raw-table.js';
import { detectFileKind, type FileKind } from './file-kind.js';
import type { TableReader, TableReadOptions } from './table-reader.js';
import { withTexts } from './text-columns.js';

/** What the names in delimited text depend on. */
export type ColumnNameOptions = Pick<TableReadOptions, 'header' | 'delimiter' | 'encoding'>;

interface Format {
  readonly read: TableReader;
  /** As far as the file's head says. */
  readonly columnNames: (path: string, options: Partial<TableReadOptions>) => Promise<string[]>;
  /** Given where that may not be all of them. */
  readonly everyName?: (path: string, options: Partial<TableReadOptions>) => Promise<string[]>;
}

/** The reader of each format, loaded when a file of it is read: together they take tens of megabytes. */
const formats: Readonly<Record<FileKind, () => Promise<Format>>> = {
  csv: async () => {
    const { readCsv, csvColumnNames } = await import('./csv.js');
    return { read: readCsv, columnNames: csvColumnNames };
  },
  jsonl: async () => {
    const { readJsonLines, jsonLinesColumnNames, everyJsonLinesName } = await import('./json-lines.js');
    return { read: readJsonLines, columnNames: jsonLinesColumnNames, everyName: everyJsonLinesName };
  },
  arrow: async () => {
    const { readArrow, arrowColumnNames } = await import('./arrow-ipc.js');
    return { read: readArrow, columnNames: arrowColumnNames };
  },
  parquet: async () => {
    const { readParquet, parquetColumnNames } = await import('./parquet.js');
    return { read: readParquet, columnNames: parquetColumnNames };
  },
};

/** Reads a file of rows with the reader for its format; `kind` where it is known. */
export async function readTableFile(path: string, options: TableReadOptions, kind?: FileKind): Promise<RawTable> {
  const { read } = await formats[kind ?? (await detectFileKind(path))]();
  return withTexts(await read(path, options), options.texts);
}

/** Names of the columns of a file of rows, in order, as far as its head says: for messages. */
export async function tableColumnNames(path: string, options: ColumnNameOptions = {}): Promise<string[]> {
  const { columnNames } = await formats[await detectFileKind(path)]();
  return columnNames(path, options);
}

/** Names of all columns that reading a file of rows gives, in order; `options` as for reading it. */
export async function everyColumnName(path: string, options: TableReadOptions): Promise<string[]> {
  const { columnNames, everyName = columnNames } = await formats[await detectFileKind(path)]();
  return everyName(path, options);
}
