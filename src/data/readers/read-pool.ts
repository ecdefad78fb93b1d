import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { TunerError } from '../../errors/index.js';
import { errors } from '../errors.js';
import type { RawColumn } from '../raw-table.js';
import type { BlockSyntax, ParsedBlock } from './csv/parse-block.js';
import type { ChunkTask, DecodedChunk } from './parquet/column-chunk.js';
import type { ParquetTask } from './parquet/columns.js';

/** What a thread can be asked for. */
export type ReadTask =
  | { readonly kind: 'csv'; readonly bytes: Uint8Array; readonly syntax: BlockSyntax }
  | { readonly kind: 'chunk'; readonly task: ChunkTask }
  | { readonly kind: 'parquet'; readonly task: ParquetTask };

/** How a task ends: errors lose what they are on their way between threads. */
export type ReadResult =
  | { readonly outcome: 'done'; readonly value: unknown }
  | { readonly outcome: 'refused'; readonly error: Pick<TunerError, 'code' | 'kind' | 'message' | 'todo'> }
  | { readonly outcome: 'failed'; readonly reason: string };

/** Compiled code is what threads run, also when this file itself is run from its source. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/src/data/readers/read-worker.js' : './read-worker.js',
  import.meta.url,
);

/** Threads to read with, unless it is said: more than eight wait for the file. */
export const defaultThreads = Math.min(8, availableParallelism());

/** Threads that parse pieces of a file. */
export class ReadPool {
  readonly #piscina: Piscina;

  constructor(readonly threads: number) {
    this.#piscina = new Piscina({
      filename: workerFile.href,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      // A thread that blocks in Atomics.wait cannot be told anything else.
      atomics: 'disabled',
    });
    // A worker that ends between two tasks is replaced by the pool; unhandled, this event would end the process.
    this.#piscina.on('error', () => {});
  }

  /** @throws DATA_THREAD_LOST if the thread ended before its task did. */
  parseCsv(bytes: Uint8Array, syntax: BlockSyntax): Promise<ParsedBlock> {
    return this.#run({ kind: 'csv', bytes, syntax });
  }

  /** @throws DATA_THREAD_LOST, and what the decoding of chunks throws. */
  decodeChunk(task: ChunkTask): Promise<DecodedChunk> {
    return this.#run({ kind: 'chunk', task });
  }

  /** @throws DATA_THREAD_LOST, and what the reading of columns throws. */
  readParquet(task: ParquetTask): Promise<RawColumn[]> {
    return this.#run({ kind: 'parquet', task });
  }

  async #run<T>(task: ReadTask): Promise<T> {
    let result: ReadResult;
    try {
      result = (await this.#piscina.run(task)) as ReadResult;
    } catch (cause) {
      // WebAssembly's: the Parquet library gave up in the middle of a file
      if ((cause as Error).name === 'RuntimeError') throw new Error('its pages contradict its footer', { cause });
      throw errors.DATA_THREAD_LOST({ reason: (cause as Error).message }, cause);
    }
    if (result.outcome === 'done') return result.value as T;
    if (result.outcome === 'failed') throw new Error(result.reason);
    const { code, kind, message, todo } = result.error;
    throw new TunerError(code, kind, message, todo);
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }
}
