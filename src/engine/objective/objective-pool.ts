import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { TunerError } from '../../errors/index.js';
import { setOperationThreads } from '../../native/index.js';
import type { Metrics } from '../../objective/index.js';
import type { Hyperparameters, SpaceDefinition } from '../../space/index.js';
import { errors } from '../errors.js';
import type { Described, FromTrial, ObjectiveTask, RunResult, ToTrial, Verdict } from './messages.js';
import { Places } from './places.js';
import { Stopwatch } from './stopwatch.js';

export interface ObjectivePoolOptions {
  /** The objective's module. */
  readonly path: string;
  /** Trials that compute at a time: at least 1. */
  readonly workers: number;
  /** Trials that are under way at a time, each in a thread of its own; those above `workers` wait for a verdict. */
  readonly threads: number;
  /** Milliseconds that a trial may compute; what it waits for others does not count. */
  readonly timeoutMs: number;
}

export interface ObjectiveRequest {
  readonly trial: number;
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  /** What a result must have; the first, what a report must have, and what a bare number is. At least one. */
  readonly metrics: readonly string[];
  readonly checkpoint: Uint8Array | null;
}

/** What a running trial asks of the study. What these reject with is thrown in the trial. */
export interface ObjectiveListener {
  report(step: number, metrics: Metrics): Promise<Verdict>;
  checkpoint(bytes: Uint8Array): Promise<void>;
  output(text: string): void;
}

/** Compiled code is what threads run, also when this file itself is run from its source. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/src/engine/objective/worker.js' : './worker.js',
  import.meta.url,
);

/** How long a trial may take to end once it was told to, in milliseconds. */
const graceMs = 3000;

/**
 * Runs objectives in threads, one trial each. Each run ends in exactly one of: done, pruned, paused, interrupted, failed; a thread that is lost
 * fails the trial that it ran, and no other.
 */
export class ObjectivePool {
  readonly #piscina: Piscina;
  readonly #threads: Places;
  readonly #workers: Places;
  readonly #running = new Map<MessagePort, { readonly kill: AbortController; readonly ended: Promise<unknown> }>();
  #isInterrupted = false;

  constructor(private readonly options: ObjectivePoolOptions) {
    // for objectives that load TensorFlow: trials share the cores, and how many threads an operation has changes its last bits
    setOperationThreads(1);
    this.#threads = new Places(options.threads);
    this.#workers = new Places(options.workers);
    this.#piscina = new Piscina({
      filename: workerFile.href,
      minThreads: 0,
      maxThreads: options.threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
      // a thread has to hear of an interrupt while it waits
      atomics: 'disabled',
    });
    // a thread that ends between two trials is replaced; unhandled, this event would end the process
    this.#piscina.on('error', () => {});
  }

  /** The objective's own space; `null`: the module exports something else. Errors: MODULES_…, SPACE_…, ENGINE_OBJECTIVE_LOST. */
  async describe(): Promise<SpaceDefinition | null> {
    const task: ObjectiveTask = { kind: 'describe', path: this.options.path };
    const described = (await this.#piscina.run(task).catch((error: unknown) => {
      throw errors.ENGINE_OBJECTIVE_LOST({ path: this.options.path, message: messageOf(error) }, error);
    })) as Described;
    if (described.kind === 'objective') return described.space;
    if (described.kind === 'other') return null;
    const { code, kind, message, todo } = described.error;
    throw new TunerError(code, kind, message, todo);
  }

  /** Runs a trial once there is a place for it. Never rejects. */
  async run(request: ObjectiveRequest, listener: ObjectiveListener): Promise<RunResult> {
    await this.#threads.take();
    await this.#workers.take();
    try {
      return this.#isInterrupted ? { outcome: 'interrupted' } : await this.#run(request, listener);
    } finally {
      this.#threads.give();
    }
  }

  async #run(request: ObjectiveRequest, listener: ObjectiveListener): Promise<RunResult> {
    const { port1: port, port2 } = new MessageChannel();
    const kill = new AbortController();
    const watch = new Stopwatch(this.options.timeoutMs, () => kill.abort('timeout'));
    const seat = new Seat(this.#workers, watch);
    const answer = (message: FromTrial) => void this.#answer(message, port, listener, seat);
    port.on('message', answer);
    const task: ObjectiveTask = { kind: 'run', path: this.options.path, ...request, port: port2 };
    const ended = this.#piscina.run(task, { transferList: [port2], signal: kill.signal }) as Promise<RunResult>;
    this.#running.set(port, { kill, ended });
    try {
      return await ended;
    } catch (error) {
      if (this.#isInterrupted) return { outcome: 'interrupted' };
      const limit = this.options.timeoutMs / 1000;
      const message = kill.signal.aborted ? `it took longer than ${limit} s` : `its thread ended: ${messageOf(error)}`;
      return { outcome: 'failed', message };
    } finally {
      this.#running.delete(port);
      // that it has ended comes another way than what it said before, and may overtake it
      for (let left = receiveMessageOnPort(port); left; left = receiveMessageOnPort(port)) answer(left.message);
      port.close();
      seat.leave();
    }
  }

  /** While a trial waits for a verdict, another may compute. */
  async #answer(message: FromTrial, port: MessagePort, listener: ObjectiveListener, seat: Seat): Promise<void> {
    if (message.kind === 'begun') return seat.begin();
    if (message.kind === 'output') return listener.output(message.text);
    const { id } = message;
    let reply: ToTrial;
    try {
      if (message.kind === 'report') {
        const verdict = await seat.away(() => listener.report(message.step, message.metrics));
        reply = { kind: 'answer', id, verdict };
      } else {
        await listener.checkpoint(message.bytes);
        reply = { kind: 'answer', id, verdict: 'continue' };
      }
    } catch (error) {
      reply = { kind: 'refused', id, message: messageOf(error) };
    }
    port.postMessage(reply);
  }

  /** Asks running trials to end, and ends those that do not. Resolves when none runs. Those that wait for a place do not begin. */
  async interrupt(): Promise<void> {
    this.#isInterrupted = true;
    const running = [...this.#running];
    for (const [port] of running) port.postMessage({ kind: 'interrupt' } satisfies ToTrial);
    const timer = setTimeout(() => {
      for (const [, { kill }] of running) kill.abort('interrupted');
    }, graceMs);
    await Promise.allSettled(running.map(([, { ended }]) => ended));
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.#isInterrupted = true;
    await this.#piscina.destroy();
  }
}

/** A running trial's place among those that compute. */
class Seat {
  #isTaken = true;
  #hasLeft = false;

  constructor(
    private readonly places: Places,
    private readonly watch: Stopwatch,
  ) {}

  begin(): void {
    if (!this.#hasLeft) this.watch.start();
  }

  /** Gives the place away until `act` is done. Reports that are not awaited may come while it is away. */
  async away<T>(act: () => Promise<T>): Promise<T> {
    if (!this.#isTaken) return act();
    this.#rise();
    try {
      return await act();
    } finally {
      await this.places.take();
      this.#isTaken = true;
      if (this.#hasLeft) this.#rise();
      else this.watch.start();
    }
  }

  leave(): void {
    this.#hasLeft = true;
    if (this.#isTaken) this.#rise();
  }

  #rise(): void {
    this.#isTaken = false;
    this.watch.stop();
    this.places.give();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
