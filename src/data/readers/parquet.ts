import type { FileHandle } from 'node:fs/promises';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet';
import { TunerError } from '../../errors/index.js';
import { errors } from '../errors.js';
import { checkColumnNames, checkIgnored, type RawColumn, type RawTable } from '../raw-table.js';
import { withDataFile } from './data-file.js';
import { MemoryLimit } from './memory-limit.js';
import { mergeRawColumns } from './merge-raw.js';
import { decodeParquetColumns, type ParquetTask } from './parquet/columns.js';
import { defaultThreads, ReadPool } from './read-pool.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

/** Bytes of a file from which it is worth starting threads. */
const threadsFrom = 12 << 20;

/** Bytes of decoded pages that one task may be: a thread has them in memory twice for a moment. */
const taskBytes = 256 << 20;

/**
 * Reads a Parquet file, some columns of one row group at a time, in any of its compressions. Integers (64-bit ones as the
 * nearest double), floats, decimals, booleans, strings, dates and times are read; NaN and null are missing.
 */
export const readParquet: TableReader = (path, options) =>
  withParquetFile(path, async (file) => readTable(path, file, options));

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
  const kept = fields.filter((field) => !options.ignore.includes(field.element.name));
  for (const field of kept) checkType(path, field);
  const columns = kept.map((field) => field.element.name);
  const rowCount = checkedRowCount(metadata);
  if (rowCount === 0) throw errors.DATA_NO_ROWS({ path });
  new MemoryLimit(path, options.memoryLimitBytes).take(rowCount * columns.length * 4);
  const limit = new MemoryLimit(path, options.memoryLimitBytes);
  const tasks = tasksOf(path, metadata, columns, file.byteLength, limit);
  const pieces = new Map<string, RawColumn[]>(columns.map((name) => [name, []]));
  await runTasks(tasks, file, options.threads ?? defaultThreads, (task, read) => {
    task.columns.forEach((name, i) => {
      const column = read[i]!;
      limit.take(column.kind === 'number' ? column.values.byteLength : column.codes.byteLength);
      pieces.get(name)!.push(column);
    });
    options.onRows?.(pieces.get(columns.at(-1)!)!.reduce((rows, piece) => rows + lengthOf(piece), 0));
  });
  return { path, rowCount, columns: columns.map((name) => mergeRawColumns(pieces.get(name)!)) };
}

function lengthOf(column: RawColumn): number {
  return column.kind === 'number' ? column.values.length : column.codes.length;
}

/** Hands results on in the tasks' order. */
async function runTasks(
  tasks: readonly ParquetTask[],
  file: AsyncBuffer,
  threads: number,
  take: (task: ParquetTask, read: RawColumn[]) => void,
): Promise<void> {
  if (file.byteLength < threadsFrom) {
    const bytes = new Uint8Array(await file.slice(0, file.byteLength));
    for (const task of tasks) take(task, decodeParquetColumns(task, bytes));
    return;
  }
  const pool = new ReadPool(threads);
  try {
    const reads = tasks.map((task) => pool.readParquet(task));
    // an error of an earlier task comes first, and nobody may be waiting for a later one's
    for (const read of reads) read.catch(() => undefined);
    for (const [i, read] of reads.entries()) take(tasks[i]!, await read);
  } finally {
    await pool.close();
  }
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

/** One task for a few columns of a row group, so that each is of bounded size and several threads have something to do. */
function tasksOf(
  path: string,
  { row_groups }: FileMetaData,
  columns: readonly string[],
  fileBytes: number,
  limit: MemoryLimit,
): ParquetTask[] {
  const largest = Math.min(taskBytes, limit.limitBytes / 2);
  return row_groups.flatMap((group, rowGroup) => {
    const rowCount = Number(group.num_rows);
    const tasks: { columns: string[]; bytes: number }[] = [];
    const total = Number(group.total_byte_size);
    for (const name of columns) {
      const meta = group.columns.find((chunk) => chunk.meta_data?.path_in_schema[0] === name)?.meta_data;
      if (meta === undefined) throw new Error(`row group ${rowGroup + 1} lacks the column "${name}"`);
      const bytes = Number(meta.total_uncompressed_size);
      const compressed = Number(meta.total_compressed_size);
      if (!(bytes >= 0 && compressed >= 0 && compressed <= fileBytes && Number(meta.num_values) === rowCount)) {
        throw new Error(`column "${name}" is described by sizes that it cannot have`);
      }
      if (bytes > limit.limitBytes) limit.take(bytes);
      const last = tasks.at(-1);
      if (last !== undefined && last.bytes + bytes <= Math.min(largest, total / 4)) {
        last.columns.push(name);
        last.bytes += bytes;
      } else tasks.push({ columns: [name], bytes });
    }
    return tasks.map((task) => ({ path, rowGroup, rowCount, columns: task.columns }));
  });
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
function checkType(path: string, field: SchemaTree): void {
  const { name, type, converted_type, logical_type, repetition_type, num_children } = field.element;
  const refuse = (found: string) => errors.DATA_COLUMN_TYPE({ path, column: name, type: found });
  if (num_children || type === undefined) throw refuse(`${converted_type ?? logical_type?.type ?? 'STRUCT'} (nested)`);
  if (repetition_type === 'REPEATED') throw refuse(`${type} (repeated)`);
  const annotation = converted_type ?? logical_type?.type;
  if (type === 'BOOLEAN') return;
  if (type === 'BYTE_ARRAY' && textAnnotations.test(annotation ?? '')) return;
  const isNumber = annotation === undefined ? numberTypes.has(type) : numberAnnotations.test(annotation);
  if (isNumber || logical_type?.type === 'FLOAT16') return;
  throw refuse(annotation === undefined ? type : `${annotation} (${type})`);
}
