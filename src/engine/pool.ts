import { Piscina } from 'piscina';
import { unwrap } from './task-result.js';
import type { Task, TaskResult, WorkerContext } from './tasks.js';

/** A worker ended before its task did; the task may be run again. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

/** Compiled code is what threads run, also when this file itself is run from its source; bundled, see scripts/bundle-workers.mjs. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/src/engine/worker-bundle.js' : './worker-bundle.js',
  import.meta.url,
);

/** Threads of one kind. Each task ends in exactly one of: a value, a TunerError, WorkerLost. */
export class WorkerPool {
  readonly #piscina: Piscina;

  /** @param idleMs after which a thread that does nothing ends; the next task starts another */
  constructor(threads: number, context: WorkerContext, idleMs = Number.POSITIVE_INFINITY) {
    this.#piscina = new Piscina({
      filename: workerFile.href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: idleMs,
      concurrentTasksPerWorker: 1,
      // A thread that blocks in Atomics.wait cannot be told anything else; a task here takes far longer than a message.
      atomics: 'disabled',
      workerData: context,
    });
    // A worker that ends between two tasks is replaced by the pool; unhandled, this event would end the process.
    this.#piscina.on('error', () => {});
  }

  async run<T>(task: Task): Promise<T> {
    let result: TaskResult<T>;
    try {
      result = (await this.#piscina.run(task)) as TaskResult<T>;
    } catch (error) {
      throw new WorkerLost(error instanceof Error ? error.message : String(error), { cause: error });
    }
    return unwrap(result);
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }
}
