import type { RawColumn } from '../../raw-table.js';
import { failureOf, type ReadFailure } from '../read-failure.js';
import { type ColumnTask, decodeColumn } from './direct-column.js';

/** Columns that several threads decode, each of which takes the next that no other has taken. Structured-cloneable. */
export interface ColumnQueue {
  readonly tasks: readonly ColumnTask[];
  /** On shared memory: how many tasks were taken, and how many chunks are done. */
  readonly counts: Int32Array;
}

const taken = 0;
const done = 1;

/** What one thread decoded of a queue, by the tasks' indices. */
export interface DecodedShare {
  readonly decoded: readonly { readonly index: number; readonly column: RawColumn | undefined }[];
  readonly failure?: { readonly index: number; readonly failure: ReadFailure };
}

export function columnQueue(tasks: readonly ColumnTask[]): ColumnQueue {
  return { tasks, counts: new Int32Array(new SharedArrayBuffer(8)) };
}

/**
 * Decodes columns until none is left. After an error nobody takes another one: the tasks before it were all taken, and are
 * decoded, so that the first error does not depend on the threads.
 *
 * @param onChunk is awaited after each chunk, with the number of chunks that all threads have decoded
 */
export async function decodeShare(
  { tasks, counts }: ColumnQueue,
  onChunk?: (chunkCount: number) => Promise<void>,
): Promise<DecodedShare> {
  const decoded: { index: number; column: RawColumn | undefined }[] = [];
  const count = async () => {
    const before = Atomics.add(counts, done, 1);
    await onChunk?.(before + 1);
  };
  for (;;) {
    const index = Atomics.add(counts, taken, 1);
    const task = tasks[index];
    if (task === undefined) return { decoded };
    try {
      decoded.push({ index, column: await decodeColumn(task, count) });
    } catch (error) {
      Atomics.store(counts, taken, tasks.length);
      return { decoded, failure: { index, failure: failureOf(error) } };
    }
  }
}
