import { type FileHandle, open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { RecordBatchReader } from 'apache-arrow';
import type * as ParquetWasm from 'parquet-wasm';
import type { RawColumn } from '../../raw-table.js';
import { type ArrowColumn, openArrowColumn } from '../arrow/column.js';

/** Some columns of some row groups of a Parquet file. Structured-cloneable. */
export interface ParquetTask {
  readonly path: string;
  readonly rowGroup: number;
  /** Rows of the row group, as the file's footer says. */
  readonly rowCount: number;
  /** Top-level columns, each a leaf. */
  readonly columns: readonly string[];
  /** Those of them whose integers are texts. */
  readonly texts: readonly string[];
}

const require = createRequire(import.meta.url);
const moduleName = 'parquet-wasm/node';

/** Rows of one record batch: few enough that what a batch takes twice is little. */
const batchRows = 1 << 16;

/**
 * Decodes columns with the Parquet library of Arrow's Rust implementation, compiled to WebAssembly: the values go through
 * Arrow record batches.
 *
 * @throws Error where the file is damaged, and the errors of Arrow columns
 */
export async function readParquetColumns(task: ParquetTask): Promise<RawColumn[]> {
  return columnsOf(task, await decodedInPieces(task.path, optionsOf(task)));
}

/** The same of a small file that has been read already. The library then decodes all columns of a row group, whichever are wanted. */
export function decodeParquetColumns(task: ParquetTask, file: Uint8Array): RawColumn[] {
  try {
    const wasm: typeof ParquetWasm = require(moduleName);
    return columnsOf(task, wasm.readParquet(file, optionsOf(task)).intoIPCStream());
  } catch (error) {
    throw withoutPanic(error);
  }
}

/** Errors of WebAssembly are a panic, which leaves the instance in no defined state: the next file gets another one. */
function withoutPanic(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error.name !== 'RuntimeError') return error;
  delete require.cache[require.resolve(moduleName)];
  return new Error('its pages contradict its footer', { cause: error });
}

function optionsOf({ rowGroup, columns }: ParquetTask): ParquetWasm.ReaderOptions {
  return { rowGroups: [rowGroup], columns: [...columns], batchSize: batchRows };
}

function columnsOf({ path, rowGroup, rowCount, columns, texts }: ParquetTask, bytes: Uint8Array): RawColumn[] {
  const reader = RecordBatchReader.from(bytes);
  reader.open();
  const wanted = reader.schema.fields.filter((field) => columns.includes(field.name));
  const opened = new Map<string, ArrowColumn>(wanted.map((field) => [field.name, openArrowColumn(path, field, texts)]));
  let rows = 0;
  for (const batch of reader) {
    batch.schema.fields.forEach((field, i) => {
      const column = opened.get(field.name);
      if (column !== undefined) for (const piece of batch.getChildAt(i)!.data) column.append(piece);
    });
    rows += batch.numRows;
  }
  if (rows !== rowCount)
    throw new Error(`row group ${rowGroup + 1} has ${rows} rows, and its footer promises ${rowCount}`);
  return columns.map((name) => {
    const column = opened.get(name);
    if (column === undefined) throw new Error(`it lacks the column "${name}" that its footer names`);
    return column.finish();
  });
}

/**
 * As an Arrow IPC stream, of a file that is read as it is needed. For a thread of its own: where the file is damaged, the library may end in a panic
 * that nobody can catch.
 */
async function decodedInPieces(path: string, options: ParquetWasm.ReaderOptions): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const wasm: typeof ParquetWasm = require(moduleName);
    const parquet = await wasm.ParquetFile.fromFile(blobOf(file, (await file.stat()).size));
    try {
      return (await parquet.read(options)).intoIPCStream();
    } finally {
      parquet.free();
    }
  } catch (error) {
    throw withoutPanic(error);
  } finally {
    await file.close();
  }
}

/** The part of a `Blob` that the library uses: pieces of the file, read when they are needed. */
function blobOf(file: FileHandle, size: number): Blob {
  const slice = (start = 0, end = size) => ({
    size: end - start,
    arrayBuffer: async () => {
      if (start < 0 || end > size || end < start) throw new Error('its footer names bytes outside of the file');
      const bytes = new Uint8Array(end - start);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) throw new Error(`it ends at byte ${start + filled}`);
        filled += bytesRead;
      }
      return bytes.buffer;
    },
  });
  return { size, slice } as unknown as Blob;
}
