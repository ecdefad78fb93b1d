import type { FileHandle } from 'node:fs/promises';
import { DataType, type RecordBatch, RecordBatchReader, type Schema, Table } from 'apache-arrow';
import { TunerError } from '../../errors/index.js';
import { isDatasetSchema } from '../arrow-metadata.js';
import { errors } from '../errors.js';
import { checkColumnNames, checkIgnored, type RawTable } from '../raw-table.js';
import { checkFile, checkStream } from './arrow/check-messages.js';
import { checkMetadataLengths } from './arrow/checked-metadata.js';
import { withCodecs } from './arrow/codecs.js';
import { openArrowColumn } from './arrow/column.js';
import { withDataFile } from './data-file.js';
import { lettersOf, MemoryLimit } from './memory-limit.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

checkMetadataLengths();

/**
 * Reads an Arrow IPC file or stream, batch by batch; Feather, version 2, is the same format. Its buffers may be compressed. Integers
 * (64-bit ones as the nearest double), floats, decimals, booleans, strings, dates, times and dictionaries of them are read; NaN and null
 * are missing.
 *
 * A stream that is cut off exactly between two messages cannot be told from a whole one: the format allows its end mark
 * to be absent.
 */
export const readArrow: TableReader = (path, options) => {
  const limit = new MemoryLimit(path, options.memoryLimitBytes);
  return withCodecs(limit.limitBytes, (renewBudget) =>
    withArrowFile(path, (schema, batches) => readBatches(path, schema, batches, options, limit, renewBudget)),
  );
};

async function readBatches(
  path: string,
  schema: Schema,
  batches: AsyncIterable<RecordBatch>,
  options: TableReadOptions,
  limit: MemoryLimit,
  renewBudget: () => void,
): Promise<RawTable> {
  const names = schema.fields.map((field) => field.name);
  checkColumnNames(path, names);
  checkIgnored(options.ignore, names);
  const columns = schema.fields.map((field) =>
    options.ignore.includes(field.name) ? undefined : openArrowColumn(path, field, options.texts),
  );
  let rowCount = 0;
  for await (const batch of batches) {
    columns.forEach((column, i) => {
      if (column === undefined) return;
      const before = column.bytes;
      limit.take(batch.numRows * 4);
      for (const piece of batch.getChildAt(i)!.data) column.append(piece);
      limit.take(Math.max(0, column.bytes - before - batch.numRows * 4));
    });
    rowCount += batch.numRows;
    renewBudget();
    options.onRows?.(rowCount);
  }
  if (rowCount === 0) throw errors.DATA_NO_ROWS({ path });
  const finished = columns.flatMap((column) => (column === undefined ? [] : [column.finish()]));
  for (const column of finished) {
    if (column.kind === 'text') limit.takeTexts(column.texts.length, lettersOf(column.texts));
    const length = column.kind === 'number' ? column.values.length : column.codes.length;
    if (length === rowCount) continue;
    throw new Error(`column "${column.name}" has ${length} values, and there are ${rowCount} rows`);
  }
  return { path, rowCount, columns: finished };
}

/** The table in an Arrow file that `toArrow` wrote; `undefined` if it is another Arrow file. */
export function readDatasetTable(path: string): Promise<Table | undefined> {
  return withArrowFile(path, async (schema, batches) => {
    if (!isDatasetSchema(schema)) return undefined;
    const collected: RecordBatch[] = [];
    for await (const batch of batches) collected.push(batch);
    return new Table(schema, collected);
  });
}

/** Rows of bytes, and where they are to be. */
export interface ByteLists {
  /** Bytes of a row. */
  readonly size: number;
  /** Has room for exactly the rows that the file must have. */
  readonly target: Uint8Array;
  readonly onRows: (rows: number) => void;
}

/**
 * Reads a column of lists of `size` uint8 each, without nulls, into `target`.
 *
 * @throws DATA_ARROW_UNREADABLE if the file has no such column, or other rows than fill the target
 */
export function readByteLists(path: string, name: string, { size, target, onRows }: ByteLists): Promise<void> {
  return withArrowFile(path, async (schema, batches) => {
    const type = schema.fields.find((field) => field.name === name)?.type;
    const isBytes = DataType.isFixedSizeList(type) && type.listSize === size && isUint8(type.children[0]?.type);
    if (!isBytes) throw new Error(`it has no column "${name}" of ${size} bytes a row`);
    let at = 0;
    for await (const batch of batches) {
      for (const { children, length, offset, nullCount } of batch.getChild(name)!.data) {
        const values: Uint8Array = children[0]?.values.subarray(offset * size, (offset + length) * size);
        if (nullCount > 0 || values.length !== length * size) throw new Error(`"${name}" lacks values`);
        if (at + values.length > target.length) throw new Error(`"${name}" has more than ${target.length / size} rows`);
        target.set(values, at);
        at += values.length;
      }
      onRows(at / size);
    }
    if (at < target.length) throw new Error(`"${name}" has ${at / size} rows, and not ${target.length / size}`);
  });
}

function isUint8(type: DataType | undefined): boolean {
  return DataType.isInt(type) && type.bitWidth === 8 && !type.isSigned;
}

/** Names of the columns of an Arrow file. */
export function arrowColumnNames(path: string): Promise<string[]> {
  return withArrowFile(path, async (schema) => schema.fields.map((field) => field.name));
}

function withArrowFile<T>(
  path: string,
  use: (schema: Schema, batches: AsyncIterable<RecordBatch>) => Promise<T>,
): Promise<T> {
  const unreadable = (reason: string, cause?: unknown) => errors.DATA_ARROW_UNREADABLE({ path, reason }, cause);
  return withDataFile(path, async (file, size) => {
    const isFile = await hasMagic(file, 0);
    if (isFile && !(await hasMagic(file, size - magic.length))) {
      throw unreadable('it is cut off: an Arrow file ends with ARROW1');
    }
    try {
      await (isFile ? checkFile : checkStream)({ file, size });
      const reader = await RecordBatchReader.from(file);
      await reader.open();
      // A file without a schema opens as one without batches.
      if (!reader.schema) throw unreadable('it has no schema');
      return await use(reader.schema, reader as AsyncIterable<RecordBatch>);
    } catch (cause) {
      throw cause instanceof TunerError ? cause : unreadable((cause as Error).message, cause);
    }
  });
}

const magic = 'ARROW1';

/** Files begin and end with the magic; streams have none. */
async function hasMagic(file: FileHandle, position: number): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, position);
  return buffer.toString('latin1', 0, bytesRead) === magic;
}
