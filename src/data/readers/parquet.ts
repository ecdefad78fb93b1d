import type { FileHandle } from 'node:fs/promises';
import { type AsyncBuffer, parquetMetadataAsync, parquetScan, parquetSchema, type SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { TunerError } from '../../errors/index.js';
import { errors } from '../errors.js';
import { checkColumnNames, checkIgnored, NumberColumnBuilder, type RawTable, TextColumnBuilder } from '../raw-table.js';
import { withDataFile } from './data-file.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

/**
 * Reads a Parquet file, one column of one row group at a time, in any of its compressions. Integers (64-bit ones as the
 * nearest double), floats, decimals, booleans and strings are read; NaN and null are missing.
 */
export const readParquet: TableReader = (path, options) =>
  withParquetFile(path, (file) => readTable(path, file, options));

/** Names of the top-level columns of a Parquet file. */
export function parquetColumnNames(path: string): Promise<string[]> {
  return withParquetFile(path, async (file) => {
    const schema = parquetSchema(await parquetMetadataAsync(file));
    return schema.children.map((child) => child.element.name);
  });
}

async function readTable(path: string, file: AsyncBuffer, options: TableReadOptions): Promise<RawTable> {
  const metadata = await parquetMetadataAsync(file);
  const fields = parquetSchema(metadata).children;
  const names = fields.map((field) => field.element.name);
  checkColumnNames(path, names);
  checkIgnored(options.ignore, names);
  const rowCount = Number(metadata.num_rows);
  if (rowCount === 0) throw errors.DATA_NO_ROWS({ path });
  const columns = fields
    .filter((field) => !options.ignore.includes(field.element.name))
    .map((field) => openColumn(path, field, rowCount));
  const scan = await parquetScan({ file, metadata, compressors, columns: columns.map((column) => column.name) });
  for (const { rowStart, rowEnd } of scan.ranges) {
    for (const column of columns) {
      append(column, await scan.readColumn({ column: column.name, rowStart, rowEnd }));
    }
    options.onRows?.(rowEnd);
  }
  for (const column of columns) checkLength(path, column, rowCount);
  return { path, rowCount, columns: columns.map((column) => column.finish()) };
}

async function withParquetFile<T>(path: string, use: (file: AsyncBuffer) => Promise<T>): Promise<T> {
  return withDataFile(path, async (handle, size) => {
    try {
      return await use({ byteLength: size, slice: (start, end) => readSlice(handle, start, end ?? size) });
    } catch (cause) {
      if (cause instanceof TunerError) throw cause;
      throw errors.DATA_PARQUET_UNREADABLE({ path, reason: (cause as Error).message }, cause);
    }
  });
}

async function readSlice(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(new ArrayBuffer(end - start));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error(`it ends at byte ${start + filled}, before the ${end} that its footer names`);
    filled += bytesRead;
  }
  return bytes.buffer;
}

type ColumnBuilder = NumberColumnBuilder | TextColumnBuilder;

const numberTypes: ReadonlySet<string> = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE']);
const numberAnnotations = /^(U?INT_\d+|INTEGER|DECIMAL|NULL)$/;
const textAnnotations = /^(UTF8|STRING|ENUM)$/;

function openColumn(path: string, field: SchemaTree, rowCount: number): ColumnBuilder {
  const { name, type, converted_type, logical_type, repetition_type, num_children } = field.element;
  const refuse = (found: string) => errors.DATA_COLUMN_TYPE({ path, column: name, type: found });
  if (num_children || type === undefined) throw refuse(`${converted_type ?? logical_type?.type ?? 'STRUCT'} (nested)`);
  if (repetition_type === 'REPEATED') throw refuse(`${type} (repeated)`);
  const annotation = converted_type ?? logical_type?.type;
  if (type === 'BOOLEAN') return new TextColumnBuilder(name, rowCount);
  if (type === 'BYTE_ARRAY' && textAnnotations.test(annotation ?? '')) return new TextColumnBuilder(name, rowCount);
  const isNumber = annotation === undefined ? numberTypes.has(type) : numberAnnotations.test(annotation);
  if (isNumber || logical_type?.type === 'FLOAT16') return new NumberColumnBuilder(name, rowCount);
  throw refuse(annotation === undefined ? type : `${annotation} (${type})`);
}

function append(column: ColumnBuilder, values: ArrayLike<unknown>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) column.pushMissing();
    else if (column instanceof NumberColumnBuilder) column.push(Number(value));
    else column.push(String(value));
  }
}

function checkLength(path: string, column: ColumnBuilder, rowCount: number): void {
  if (column.length === rowCount) return;
  const reason = `column "${column.name}" has ${column.length} values, and its footer promises ${rowCount}`;
  throw errors.DATA_PARQUET_UNREADABLE({ path, reason });
}
