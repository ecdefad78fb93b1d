import { failureOf, type ReadFailure } from '../read-failure.js';
import { type ChunkTask, type DecodedChunk, decodeChunk } from './column-chunk.js';

/** Chunks that several threads decode, each of which takes the next that no other has taken. Structured-cloneable. */
export interface ChunkQueue {
  readonly tasks: readonly ChunkTask[];
  /** One integer, on shared memory: how many were taken. */
  readonly taken: Int32Array;
}

/** What one thread decoded of a queue, by the tasks' indices. */
export interface DecodedShare {
  readonly decoded: readonly { readonly index: number; readonly chunk: DecodedChunk }[];
  readonly failure?: { readonly index: number; readonly failure: ReadFailure };
}

export function chunkQueue(tasks: readonly ChunkTask[]): ChunkQueue {
  return { tasks, taken: new Int32Array(new SharedArrayBuffer(4)) };
}

/**
 * Decodes chunks until none is left. After an error nobody takes another one: the tasks before it were all taken, and are
 * decoded, so that the first error does not depend on the threads.
 *
 * @param onTaken is awaited before each task
 */
export async function decodeShare(
  { tasks, taken }: ChunkQueue,
  onTaken?: (task: ChunkTask) => Promise<void>,
): Promise<DecodedShare> {
  const decoded: { index: number; chunk: DecodedChunk }[] = [];
  for (;;) {
    const index = Atomics.add(taken, 0, 1);
    const task = tasks[index];
    if (task === undefined) return { decoded };
    try {
      await onTaken?.(task);
      decoded.push({ index, chunk: await decodeChunk(task) });
    } catch (error) {
      Atomics.store(taken, 0, tasks.length);
      return { decoded, failure: { index, failure: failureOf(error) } };
    }
  }
}
