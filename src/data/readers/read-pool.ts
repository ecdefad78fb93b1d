import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { errors } from '../errors.js';
import type { BlockSyntax, ParsedBlock } from './csv/parse-block.js';

/** What a thread can be asked for. */
export type ReadTask = { readonly kind: 'csv'; readonly bytes: Uint8Array; readonly syntax: BlockSyntax };

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

  async #run<T>(task: ReadTask): Promise<T> {
    try {
      return (await this.#piscina.run(task)) as T;
    } catch (cause) {
      throw errors.DATA_THREAD_LOST({ reason: (cause as Error).message }, cause);
    }
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }
}
