import type { FileHandle } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet';
import { TunerError } from '../../errors/index.js';
import { errors } from '../errors.js';
import { checkColumnNames, checkIgnored, type RawColumn, type RawTable } from '../raw-table.js';
import { withDataFile } from './data-file.js';
import { MemoryLimit } from './memory-limit.js';
import { columnsWithHints } from './parquet/arrow-hints.js';
import { type Chunk, chunksOf } from './parquet/chunks.js';
import { isKnownCodec } from './parquet/codecs.js';
import { type DirectColumn, readDirectly } from './parquet/read-directly.js';
import { valueTypeOf } from './parquet/value-type.js';
import { defaultThreads, ReadPool, threadsFromBytes } from './read-pool.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

/**
 * Reads a Parquet file, some columns of one row group at a time, in any of its compressions. Integers (64-bit ones as the
 * nearest double), floats, decimals, booleans, strings, dates and times are read; NaN and null are missing.
 */
export const readParquet: TableReader = (path, options) =>
  withParquetFile(path, async (file) => readTable(path, file, await parquetMetadataAsync(file), options));

/** A Parquet file whose footer was read. */
export interface OpenedParquet {
  /** Of the top-level columns. */
  readonly names: readonly string[];
  /** As `readParquet` does. */
  read(options: TableReadOptions): Promise<RawTable>;
}

/** Reads a file's footer, once for all readings of some of its columns: it has thousands of entries, and what they become in memory is garbage later. */
export async function openParquet(path: string): Promise<OpenedParquet> {
  const metadata = await withParquetFile(path, (file) => parquetMetadataAsync(file));
  return {
    names: parquetSchema(metadata).children.map((child) => child.element.name),
    read: (options) => withParquetFile(path, (file) => readTable(path, file, metadata, options)),
  };
}

/** Names of the top-level columns of a Parquet file. */
export async function parquetColumnNames(path: string): Promise<string[]> {
  return [...(await openParquet(path)).names];
}

async function readTable(
  path: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  options: TableReadOptions,
): Promise<RawTable> {
  const fields = parquetSchema(metadata).children;
  const names = fields.map((field) => field.element.name);
  checkColumnNames(path, names);
  checkIgnored(options.ignore, names);
  const kept = fields.filter((field) => !options.ignore.includes(field.element.name));
  for (const field of kept) checkType(path, field, options.texts ?? []);
  const rowCount = checkedRowCount(metadata);
  if (rowCount === 0) throw errors.DATA_NO_ROWS({ path });
  new MemoryLimit(path, options.memoryLimitBytes).take(rowCount * kept.length * 4);
  const columns = await readColumns(path, file, metadata, kept, rowCount, options);
  return { path, rowCount, columns };
}

/** The columns that are like nearly all by code of our own, others by the library. */
async function readColumns(
  path: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  fields: readonly SchemaTree[],
  rowCount: number,
  options: TableReadOptions,
): Promise<RawColumn[]> {
  const names = fields.map((field) => field.element.name);
  const limit = new MemoryLimit(path, options.memoryLimitBytes);
  const chunks = chunksOf(metadata, names, file.byteLength, limit);
  const least = options.threadsFromBytes ?? threadsFromBytes;
  const pool = file.byteLength < least ? undefined : new ReadPool(options.threads ?? defaultThreads);
  try {
    const reading = { path, file, rowCount, limit, pool, onRows: options.onRows, room: options.room };
    const texts = options.texts ?? [];
    const direct = await readDirectly(directColumns(metadata, fields, chunks, texts), reading);
    const read = new Map(direct.map((column) => [column.name, column]));
    const others = new Map([...chunks].filter(([name]) => !read.has(name)));
    // progress is told once
    const onRows = others.size === names.length ? options.onRows : undefined;
    if (others.size > 0) {
      // most files do not need it, and it takes a tenth of a second to load
      const { readByLibrary } = await import('./parquet/library-columns.js');
      for (const column of await readByLibrary(others, { ...reading, onRows, texts })) read.set(column.name, column);
    }
    return names.map((name) => read.get(name)!);
  } finally {
    await pool?.close();
  }
}

function directColumns(
  metadata: FileMetaData,
  fields: readonly SchemaTree[],
  chunks: ReadonlyMap<string, readonly Chunk[]>,
  texts: readonly string[],
): DirectColumn[] {
  const hinted = columnsWithHints(metadata);
  return fields.flatMap(({ element }) => {
    const { name, repetition_type } = element;
    const type = hinted.has(name) ? undefined : valueTypeOf(element, texts.includes(name) && isBytes(element));
    const own = chunks.get(name)!;
    // the library has integers in all their digits
    if (type?.kind === 'number' && texts.includes(name)) return [];
    if (type === undefined || !own.every(({ isHere, codec }) => isHere && isKnownCodec(codec))) return [];
    return [{ name, type, isOptional: repetition_type === 'OPTIONAL', chunks: own }];
  });
}

/** Whether a column of bytes is not said to be anything else. */
function isBytes({ type, converted_type, logical_type }: SchemaTree['element']): boolean {
  return type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
}

/** Row counts that can be true. */
function checkedRowCount({ num_rows, row_groups }: FileMetaData): number {
  const rows = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  const isPossible = row_groups.every((group) => group.num_rows >= 0n);
  if (!isPossible || !Number.isSafeInteger(rows) || BigInt(rows) !== num_rows) {
    throw new Error(`its footer promises ${num_rows} rows, and its row groups have ${rows}`);
  }
  return rows;
}

async function withParquetFile<T>(path: string, use: (file: AsyncBuffer) => Promise<T>): Promise<T> {
  return withDataFile(path, async (handle, size) => {
    try {
      return await use({ byteLength: size, slice: (start, end) => readSlice(handle, start, end ?? size, size) });
    } catch (cause) {
      if (cause instanceof TunerError) throw cause;
      throw errors.DATA_PARQUET_UNREADABLE({ path, reason: (cause as Error).message }, cause);
    }
  });
}

async function readSlice(handle: FileHandle, start: number, end: number, size: number): Promise<ArrayBuffer> {
  if (start < 0 || end > size || end < start) throw new Error('its footer names bytes outside of the file');
  const bytes = new Uint8Array(new ArrayBuffer(end - start));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error(`it ends at byte ${start + filled}, before the ${end} that its footer names`);
    filled += bytesRead;
  }
  return bytes.buffer;
}

const numberTypes: ReadonlySet<string> = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE', 'INT96']);
const numberAnnotations = /^(U?INT_\d+|INTEGER|DECIMAL|NULL|DATE|TIME|TIME_\w+|TIMESTAMP|TIMESTAMP_\w+)$/;
const textAnnotations = /^(UTF8|STRING|ENUM)$/;

/** Refuses what is neither number, date, boolean nor text, before anything is read. */
function checkType(path: string, field: SchemaTree, texts: readonly string[]): void {
  const { name, type, converted_type, logical_type, repetition_type, num_children } = field.element;
  const refuse = (found: string) => errors.DATA_COLUMN_TYPE({ path, column: name, type: found });
  if (num_children || type === undefined) throw refuse(`${converted_type ?? logical_type?.type ?? 'STRUCT'} (nested)`);
  if (repetition_type === 'REPEATED') throw refuse(`${type} (repeated)`);
  const annotation = converted_type ?? logical_type?.type;
  if (type === 'BOOLEAN') return;
  if (type === 'BYTE_ARRAY' && textAnnotations.test(annotation ?? '')) return;
  // old writers say of no column of bytes that it is one of texts
  if (isBytes(field.element) && texts.includes(name)) return;
  const isNumber = annotation === undefined ? numberTypes.has(type) : numberAnnotations.test(annotation);
  if (isNumber || logical_type?.type === 'FLOAT16') return;
  throw refuse(annotation === undefined ? type : `${annotation} (${type})`);
}
