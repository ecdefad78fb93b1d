import type { RawColumn } from '../../raw-table.js';
import { bytesOfText, type MemoryLimit } from '../memory-limit.js';
import { remapTexts } from '../merge-raw.js';
import type { ReadPool } from '../read-pool.js';
import type { Chunk } from './chunks.js';
import { type ChunkTask, type DecodedChunk, decodeChunk } from './column-chunk.js';
import type { ValueType } from './value-type.js';

/** A column whose chunks are decoded by {@link decodeChunk}. */
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
  /** Threads to decode with; by default this one does. */
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
    destinations.map((destination) => ({ destination, task: taskOf(destination, group, reading) })),
  ).flat();
  const run = (task: ChunkTask) => (reading.pool === undefined ? decodeChunk(task) : reading.pool.decodeChunk(task));
  const results = reading.pool === undefined ? [] : tasks.map(({ task }) => run(task));
  // an error of an earlier chunk comes first, and nobody may be waiting for a later one's
  for (const result of results) result.catch(() => undefined);
  for (const [i, { destination, task }] of tasks.entries()) {
    take(destination, await (results[i] ?? run(task)), reading.limit);
    if ((i + 1) % columns.length === 0) reading.onRows?.(task.firstRow + task.rowCount);
  }
  return destinations.flatMap(columnOf);
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
