import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { errors } from '../errors.js';
import type { RawColumn } from '../raw-table.js';
import type { BlockSyntax, ParsedBlock } from './csv/parse-block.js';
import type { ColumnQueue, DecodedShare } from './parquet/column-queue.js';
import type { ParquetTask } from './parquet/columns.js';
import { errorOf, type ReadFailure } from './read-failure.js';

/** What a thread can be asked for. */
export type ReadTask =
  | {
      readonly kind: 'csv';
      readonly bytes: Uint8Array;
      readonly syntax: BlockSyntax;
      readonly cells: SharedArrayBuffer | undefined;
    }
  | { readonly kind: 'columns'; readonly queue: ColumnQueue }
  | { readonly kind: 'parquet'; readonly task: ParquetTask };

/** How a task ends. */
export type ReadResult = { readonly outcome: 'done'; readonly value: unknown } | ReadFailure;

/** Compiled code is what threads run, also when this file itself is run from its source. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/src/data/readers/read-worker.js' : './read-worker.js',
  import.meta.url,
);

/** Threads to read with, unless it is said: more than eight wait for the file. */
export const defaultThreads = Math.min(8, availableParallelism());

/** Bytes of a file from which it is worth starting threads, unless it is said. */
export const threadsFromBytes = 12 << 20;

/** How long threads wait for the next file: starting them, and optimising their code again, takes as long as reading many a file. */
const idleMs = 5_000;

/** By their number of threads. */
const pools = new Map<number, Piscina>();

function poolOf(threads: number): Piscina {
  const known = pools.get(threads);
  if (known !== undefined) return known;
  const pool = new Piscina({
    filename: workerFile.href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleMs,
    concurrentTasksPerWorker: 1,
    // A thread that blocks in Atomics.wait cannot be told anything else.
    atomics: 'disabled',
  });
  // A worker that ends between two tasks is replaced by the pool; unhandled, this event would end the process.
  pool.on('error', () => {});
  pools.set(threads, pool);
  return pool;
}

/** Threads that parse pieces of a file; those of all files that are read with as many are the same ones. */
export class ReadPool {
  readonly #piscina: Piscina;
  readonly #closing = new AbortController();
  #running = 0;

  constructor(readonly threads: number) {
    this.#piscina = poolOf(threads);
    // each task listens
    setMaxListeners(0, this.#closing.signal);
  }

  /** @param cells as for `parseBlock`. @throws DATA_THREAD_LOST if the thread ended before its task did. */
  parseCsv(bytes: Uint8Array, syntax: BlockSyntax, cells?: SharedArrayBuffer): Promise<ParsedBlock> {
    return this.#run({ kind: 'csv', bytes, syntax, cells });
  }

  /** @throws DATA_THREAD_LOST */
  decodeColumns(queue: ColumnQueue): Promise<DecodedShare> {
    return this.#run({ kind: 'columns', queue });
  }

  /** @throws DATA_THREAD_LOST, and what the reading of columns throws. */
  readParquet(task: ParquetTask): Promise<RawColumn[]> {
    return this.#run({ kind: 'parquet', task });
  }

  async #run<T>(task: ReadTask): Promise<T> {
    let result: ReadResult;
    this.#running++;
    try {
      result = (await this.#piscina.run(task, { signal: this.#closing.signal })) as ReadResult;
    } catch (cause) {
      // WebAssembly's: the Parquet library gave up in the middle of a file
      if ((cause as Error).name === 'RuntimeError') throw new Error('its pages contradict its footer', { cause });
      throw errors.DATA_THREAD_LOST({ reason: (cause as Error).message }, cause);
    } finally {
      this.#running--;
    }
    if (result.outcome === 'done') return result.value as T;
    throw errorOf(result);
  }

  /** Ends what is still being done; the threads stay for the next file, for a while. */
  async close(): Promise<void> {
    if (this.#running > 0) this.#closing.abort();
  }
}
