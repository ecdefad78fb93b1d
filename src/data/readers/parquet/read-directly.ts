import { setImmediate } from 'node:timers/promises';
import type { RawColumn } from '../../raw-table.js';
import type { ColumnRoom } from '../column-room.js';
import { lettersOf, type MemoryLimit } from '../memory-limit.js';
import { errorOf } from '../read-failure.js';
import type { ReadPool } from '../read-pool.js';
import type { Chunk } from './chunks.js';
import { columnQueue, type DecodedShare, decodeShare } from './column-queue.js';
import type { ColumnTask } from './direct-column.js';

/** A column to be decoded by code of our own. */
export type DirectColumn = Pick<ColumnTask, 'name' | 'type' | 'isOptional' | 'chunks'>;

export interface DirectReading {
  readonly path: string;
  readonly rowCount: number;
  readonly limit: MemoryLimit;
  /** Threads to decode with, beside this one; by default none. */
  readonly pool: ReadPool | undefined;
  readonly onRows: ((rows: number) => void) | undefined;
  /** Where columns are put; by default into new arrays. */
  readonly room: ColumnRoom | undefined;
}

/** Reads columns. Those are absent that have pages of an encoding that is not decoded here. */
export async function readDirectly(columns: readonly DirectColumn[], reading: DirectReading): Promise<RawColumn[]> {
  const { path, rowCount, limit, room } = reading;
  const memory = ({ type }: DirectColumn) => rowCount * (type.kind === 'number' ? 8 : 4);
  for (const column of columns) limit.take(memory(column));
  const tasks = columns.map((column): ColumnTask => {
    const out = column.type.kind === 'number' ? room?.numbers(rowCount) : room?.codes(rowCount);
    return { ...column, path, rowCount, byteLimit: limit.limitBytes, out };
  });
  // the largest first, so that threads end at about the same time
  tasks.sort((a, b) => bytesOf(b.chunks) - bytesOf(a.chunks));
  const shares = await decodeAll(tasks, reading);
  const failures = shares.flatMap(({ failure }) => failure ?? []).sort((a, b) => a.index - b.index);
  if (failures.length > 0) throw errorOf(failures[0]!.failure);
  const read = shares.flatMap(({ decoded }) => decoded.flatMap(({ column }) => column ?? []));
  for (const column of read) {
    if (column.kind === 'text') limit.takeTexts(column.texts.length, lettersOf(column.texts));
  }
  const names = new Set(read.map(({ name }) => name));
  for (const column of columns) if (!names.has(column.name)) limit.take(-memory(column));
  return read;
}

function bytesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { plainBytes }) => sum + plainBytes, 0);
}

/** In this thread, and those of the pool, which take a while to start. */
async function decodeAll(
  tasks: readonly ColumnTask[],
  { pool, onRows, rowCount }: DirectReading,
): Promise<DecodedShare[]> {
  const queue = columnQueue(tasks);
  const chunkCount = tasks.reduce((sum, { chunks }) => sum + chunks.length, 0);
  const others = Array.from({ length: (pool?.threads ?? 1) - 1 }, () => pool!.decodeColumns(queue));
  const own = decodeShare(queue, async (count) => {
    onRows?.(Math.floor((rowCount * count) / chunkCount));
    // the other threads' messages
    await setImmediate();
  });
  const shares = await Promise.all([own, ...others]);
  if (tasks.length > 0) onRows?.(rowCount);
  return shares;
}
