import type { RawTable } from '../raw-table.js';
import { arrowColumnNames, readArrow } from './arrow-ipc.js';
import { csvColumnNames, readCsv } from './csv.js';
import { detectFileKind, type FileKind } from './file-kind.js';
import { jsonLinesColumnNames, readJsonLines } from './json-lines.js';
import { parquetColumnNames, readParquet } from './parquet.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

const readers: Readonly<Record<FileKind, TableReader>> = {
  csv: readCsv,
  jsonl: readJsonLines,
  arrow: readArrow,
  parquet: readParquet,
};

const columnNames: Readonly<Record<FileKind, (path: string) => Promise<string[]>>> = {
  csv: csvColumnNames,
  jsonl: jsonLinesColumnNames,
  arrow: arrowColumnNames,
  parquet: parquetColumnNames,
};

/** Reads a file of rows with the reader for its format. */
export async function readTableFile(path: string, options: TableReadOptions): Promise<RawTable> {
  return readers[await detectFileKind(path)](path, options);
}

/** Names of the columns of a file of rows, in order. */
export async function tableColumnNames(path: string): Promise<string[]> {
  return columnNames[await detectFileKind(path)](path);
}
