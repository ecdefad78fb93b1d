import type { FileHandle } from 'node:fs/promises';
import { DataType, type RecordBatch, RecordBatchReader, type Schema, Table, type Vector } from 'apache-arrow';
import { TunerError } from '../../errors/index.js';
import { isDatasetSchema } from '../arrow-metadata.js';
import { errors } from '../errors.js';
import { checkColumnNames, checkIgnored, NumberColumnBuilder, TextColumnBuilder } from '../raw-table.js';
import { withDataFile } from './data-file.js';
import type { TableReader } from './table-reader.js';

/**
 * Reads an Arrow IPC file or stream, batch by batch. Integers (64-bit ones as the nearest double), floats, booleans,
 * strings and dictionaries of strings are read; NaN and null are missing.
 *
 * A stream that is cut off exactly between two messages cannot be told from a whole one: the format allows its end mark
 * to be absent.
 */
export const readArrow: TableReader = (path, options) =>
  withArrowFile(path, async (schema, batches) => {
    const names = schema.fields.map((field) => field.name);
    checkColumnNames(path, names);
    checkIgnored(options.ignore, names);
    const columns = schema.fields.map((field) =>
      options.ignore.includes(field.name) ? undefined : openColumn(path, field.name, field.type),
    );
    let rowCount = 0;
    for await (const batch of batches) {
      for (let i = 0; i < columns.length; i++) columns[i]?.append(batch.getChildAt(i)!);
      rowCount += batch.numRows;
      options.onRows?.(rowCount);
    }
    if (rowCount === 0) throw errors.DATA_NO_ROWS({ path });
    return { path, rowCount, columns: columns.flatMap((column) => (column === undefined ? [] : [column.finish()])) };
  });

/** The table in an Arrow file that `toArrow` wrote; `undefined` if it is another Arrow file. */
export function readDatasetTable(path: string): Promise<Table | undefined> {
  return withArrowFile(path, async (schema, batches) => {
    if (!isDatasetSchema(schema)) return undefined;
    const collected: RecordBatch[] = [];
    for await (const batch of batches) collected.push(batch);
    return new Table(schema, collected);
  });
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
    if (!(await endsAsItStarts(file, size))) throw unreadable('it is cut off: an Arrow file ends with ARROW1');
    try {
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
async function endsAsItStarts(file: FileHandle, size: number): Promise<boolean> {
  const read = async (position: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, position);
    return buffer.toString('latin1', 0, bytesRead);
  };
  return (await read(0)) !== magic || (await read(size - magic.length)) === magic;
}

interface ArrowColumn {
  append(vector: Vector): void;
  finish(): ReturnType<NumberColumnBuilder['finish'] | TextColumnBuilder['finish']>;
}

function openColumn(path: string, name: string, type: DataType): ArrowColumn {
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isNull(type)) return numberColumn(name);
  const isText = DataType.isDictionary(type) ? isString(type.dictionary) : isString(type) || DataType.isBool(type);
  if (isText) return textColumn(name);
  throw errors.DATA_COLUMN_TYPE({ path, column: name, type: String(type) });
}

function isString(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
}

function numberColumn(name: string): ArrowColumn {
  const builder = new NumberColumnBuilder(name);
  return {
    append: (vector) => {
      for (let i = 0; i < vector.length; i++) {
        const value: number | bigint | null = vector.get(i);
        if (value === null) builder.pushMissing();
        else builder.push(Number(value));
      }
    },
    finish: () => builder.finish(),
  };
}

function textColumn(name: string): ArrowColumn {
  const builder = new TextColumnBuilder(name);
  return {
    append: (vector) => {
      for (let i = 0; i < vector.length; i++) {
        const value: string | boolean | null = vector.get(i);
        if (value === null) builder.pushMissing();
        else builder.push(String(value));
      }
    },
    finish: () => builder.finish(),
  };
}
