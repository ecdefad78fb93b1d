import { errors } from '../errors.js';
import type { Cell, RowChunk } from './cells.js';

/**
 * The last `count` rows as one chunk. No more than those and a chunk are in memory.
 *
 * @param input for the message
 * @throws DATA_SERIES_SHORT if there are fewer
 */
export async function* lastRows(
  input: string,
  chunks: AsyncIterable<RowChunk>,
  count: number,
): AsyncGenerator<RowChunk> {
  let kept: RowChunk = { firstRow: 1, rowCount: 0, columns: new Map() };
  for await (const chunk of chunks) kept = last(joined(kept, chunk), count);
  if (kept.rowCount < count) throw errors.DATA_SERIES_SHORT({ input, times: kept.rowCount, window: count });
  yield kept;
}

function joined(a: RowChunk, b: RowChunk): RowChunk {
  const names = new Set([...a.columns.keys(), ...b.columns.keys()]);
  const cells = ({ columns, rowCount }: RowChunk, name: string): readonly Cell[] => {
    return columns.get(name) ?? new Array<Cell>(rowCount).fill(null);
  };
  const columns = [...names].map((name) => [name, [...cells(a, name), ...cells(b, name)]] as const);
  return { ...b, firstRow: a.firstRow, rowCount: a.rowCount + b.rowCount, columns: new Map(columns) };
}

function last(chunk: RowChunk, count: number): RowChunk {
  const { firstRow, rowCount, columns } = chunk;
  const skipped = Math.max(0, rowCount - count);
  const kept = [...columns].map(([name, cells]) => [name, cells.slice(skipped)] as const);
  return { ...chunk, firstRow: firstRow + skipped, rowCount: rowCount - skipped, columns: new Map(kept) };
}
