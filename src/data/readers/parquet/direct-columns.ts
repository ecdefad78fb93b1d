import { setImmediate } from 'node:timers/promises';
import type { RawColumn } from '../../raw-table.js';
import { bytesOfText, type MemoryLimit } from '../memory-limit.js';
import { remapTexts } from '../merge-raw.js';
import { errorOf } from '../read-failure.js';
import type { ReadPool } from '../read-pool.js';
import { chunkQueue, decodeShare } from './chunk-queue.js';
import type { Chunk } from './chunks.js';
import type { ChunkTask, DecodedChunk } from './column-chunk.js';
import type { ValueType } from './value-type.js';

/** A column whose chunks are decoded by code of our own. */
export interface DirectColumn {
  readonly name: string;
  readonly type: ValueType;
  readonly isOptional: boolean;
  readonly chunks: readonly Chunk[];
}

export interface DirectReading {
  readonly path: string;
  readonly rowCount: number;
  readonly limit: MemoryLimit;
  /** Threads to decode with, beside this one; by default none. */
  readonly pool: ReadPool | undefined;
  readonly onRows: ((rows: number) => void) | undefined;
}

interface Destination {
  readonly column: DirectColumn;
  /** A value or a code a row; threads write theirs in place. */
  readonly out: Float64Array | Int32Array;
  /** Of each chunk so far. */
  readonly texts: (readonly string[])[];
}

/** Reads columns, each in one piece of memory that is written once. Those are absent that have pages of an encoding that is not decoded here. */
export async function readDirectly(columns: readonly DirectColumn[], reading: DirectReading): Promise<RawColumn[]> {
  const destinations = columns.map((column) => destinationOf(column, reading));
  const groupCount = columns[0]?.chunks.length ?? 0;
  const tasks = Array.from({ length: groupCount }, (_, group) =>
    destinations.map((destination) => taskOf(destination, group, reading)),
  ).flat();
  const chunks = await decodeAll(tasks, reading);
  for (const [i, chunk] of chunks.entries()) take(destinations[i % columns.length]!, chunk, reading.limit);
  if (columns.length > 0) reading.onRows?.(reading.rowCount);
  return destinations.flatMap(columnOf);
}

/** In this thread and those of the pool, which take a while to start. */
async function decodeAll(
  tasks: readonly ChunkTask[],
  { pool, onRows }: DirectReading,
): Promise<readonly DecodedChunk[]> {
  const queue = chunkQueue(tasks);
  const others = Array.from({ length: (pool?.threads ?? 1) - 1 }, () => pool!.decodeChunks(queue));
  for (const share of others) share.catch(() => undefined);
  let told = 0;
  const own = decodeShare(queue, async ({ firstRow }) => {
    if (firstRow > told) onRows?.(firstRow);
    told = firstRow;
    // the other threads' messages
    await setImmediate();
  });
  const shares = await Promise.all([own, ...others]);
  const failures = shares.flatMap(({ failure }) => failure ?? []).sort((a, b) => a.index - b.index);
  if (failures.length > 0) throw errorOf(failures[0]!.failure);
  const chunks: DecodedChunk[] = [];
  for (const { index, chunk } of shares.flatMap(({ decoded }) => decoded)) chunks[index] = chunk;
  return chunks;
}

function destinationOf(column: DirectColumn, { rowCount, limit, pool }: DirectReading): Destination {
  const isNumber = column.type.kind === 'number';
  const byteCount = rowCount * (isNumber ? 8 : 4);
  limit.take(byteCount);
  const buffer = pool === undefined ? new ArrayBuffer(byteCount) : new SharedArrayBuffer(byteCount);
  return { column, out: isNumber ? new Float64Array(buffer) : new Int32Array(buffer), texts: [] };
}

function taskOf({ column, out }: Destination, group: number, { path, limit }: DirectReading): ChunkTask {
  const { rowCount, firstRow, codec, start, end } = column.chunks[group]!;
  const { name, type, isOptional } = column;
  return {
    path,
    name,
    type,
    isOptional,
    codec,
    start,
    end,
    rowCount,
    firstRow,
    byteLimit: limit.limitBytes,
    out: out.subarray(firstRow, firstRow + rowCount),
  };
}

function take({ texts }: Destination, decoded: DecodedChunk, limit: MemoryLimit): void {
  if (decoded === undefined) return;
  limit.take(decoded.texts.reduce((sum, text) => sum + bytesOfText + text.length, 0));
  texts.push(decoded.texts);
}

/** Nothing if some of it was not decoded. */
function columnOf({ column, out, texts }: Destination): RawColumn[] {
  const { name, type, chunks } = column;
  if (texts.length < chunks.length) return [];
  if (out instanceof Float64Array) {
    const unit = type.kind === 'number' && type.unit !== undefined ? { unit: type.unit } : {};
    return [{ kind: 'number', name, values: out, ...unit }];
  }
  const parts = chunks.map(({ firstRow, rowCount }, i) => ({
    codes: out.subarray(firstRow, firstRow + rowCount),
    texts: texts[i]!,
  }));
  return [{ kind: 'text', name, codes: out, texts: remapTexts(parts) }];
}
