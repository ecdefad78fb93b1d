import { Piscina } from 'piscina';
import type { RawColumn } from '../raw-table.js';
import { CellArrays } from './csv/cell-memory.js';
import { parseBlock } from './csv/parse-block.js';
import { failureOf } from './read-failure.js';
import type { ReadResult, ReadTask } from './read-pool.js';

/** Of the block before: threads parse one at a time. */
const arrays = new CellArrays();

/** What a thread of the read pool does with a task. */
export default async function work(task: ReadTask): Promise<unknown> {
  try {
    return await done(task);
  } catch (error) {
    return failureOf(error);
  }
}

async function done(task: ReadTask): Promise<unknown> {
  if (task.kind === 'csv') {
    const parsed = parseBlock(task.bytes, task.syntax, arrays, task.cells);
    return moved(
      parsed,
      parsed.columns.flatMap(({ values, codes }) => [values.buffer, codes.buffer]),
    );
  }
  // a thread that reads text has no use for either
  if (task.kind === 'columns') {
    const { decodeShare } = await import('./parquet/column-queue.js');
    const share = await decodeShare(task.queue);
    return moved(
      share,
      share.decoded.flatMap(({ column }) => (column === undefined ? [] : [bufferOf(column)])),
    );
  }
  const { readParquetColumns } = await import('./parquet/columns.js');
  const columns = await readParquetColumns(task.task);
  return moved(columns, columns.map(bufferOf));
}

function bufferOf(column: RawColumn): ArrayBufferLike {
  return column.kind === 'number' ? column.values.buffer : column.codes.buffer;
}

/** Hands memory over instead of copying it. */
function moved(value: unknown, buffers: readonly ArrayBufferLike[]): unknown {
  return Piscina.move({
    // shared memory is there already
    [Piscina.transferableSymbol]: [...new Set(buffers)].filter(
      (buffer) => buffer instanceof ArrayBuffer && buffer.byteLength > 0,
    ),
    [Piscina.valueSymbol]: { outcome: 'done', value } satisfies ReadResult,
  } as never);
}
