/** A trial in its thread: what it says goes to the study through a port, and comes back answered. */
import type { MessagePort } from 'node:worker_threads';
import {
  type Metrics,
  type ObjectiveTrial,
  objectiveErrors,
  TrialInterrupted,
  TrialPaused,
  TrialPruned,
} from '../../objective/index.js';
import { foldIn, type Key, seedKey, sequence } from '../../random/index.js';
import type { FromTrial, RunObjective, ToTrial, Verdict } from './messages.js';

interface Waiting {
  readonly kind: Message['kind'];
  resolve(verdict: Verdict): void;
  reject(error: Error): void;
}

type Message = FromTrial extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;

/** One trial's side of the port. */
export class TrialContext {
  readonly trial: ObjectiveTrial;
  readonly #port: MessagePort;
  readonly #metrics: readonly string[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #abort = new AbortController();
  readonly #key: Key;
  #checkpoint: Uint8Array | null;
  #asked = 0;
  #isPaused = false;

  constructor({ port, metrics, trial, hyperparameters, seed, checkpoint }: RunObjective) {
    this.#port = port;
    this.#metrics = metrics;
    this.#key = seedKey(seed);
    this.#checkpoint = checkpoint;
    port.on('message', (message: ToTrial) => this.#receive(message));
    this.trial = {
      number: trial,
      hyperparameters,
      seed,
      signal: this.#abort.signal,
      random: (...path) => sequence(foldIn(this.#key, 'random', ...path)),
      report: (step, metrics) => this.#report(step, metrics),
      checkpoint: { save: (bytes) => this.#save(bytes), load: async () => this.#checkpoint?.slice() ?? null },
    };
  }

  get isInterrupted(): boolean {
    return this.#abort.signal.aborted;
  }

  /** What stands in for `Math.random`. */
  get mathRandom(): () => number {
    return sequence(foldIn(this.#key, 'Math.random'));
  }

  begin(): void {
    this.#port.postMessage({ kind: 'begun' } satisfies FromTrial);
  }

  /** Sends what the objective writes to its console. */
  output(text: string): void {
    this.#port.postMessage({ kind: 'output', text } satisfies FromTrial);
  }

  close(): void {
    this.#port.close();
  }

  /** Numbers by name, of what is returned. Errors: OBJECTIVE_BAD_METRICS. */
  result(given: unknown): Metrics {
    return metricsOf('what run returns', given, this.#metrics);
  }

  #report(step: number, metrics: unknown): Promise<void> {
    const told = this.#tell(step, metrics);
    // an objective that does not await a report unwinds at its next one; its thread must not end for it
    told.catch(() => undefined);
    return told;
  }

  async #tell(step: number, given: unknown): Promise<void> {
    // whoever swallowed it must not report for the run that goes on from here
    if (this.#isPaused) throw new TrialPaused('the scheduler paused this trial at its last report');
    const metrics = metricsOf('what is reported', given, this.#metrics.slice(0, 1));
    const verdict = await this.#ask({ kind: 'report', step, metrics });
    this.#isPaused = verdict === 'pause';
    if (this.#isPaused) throw new TrialPaused(`the scheduler paused this trial at step ${step}`);
    if (verdict === 'stop') throw new TrialPruned(`the scheduler ended this trial at step ${step}`);
  }

  async #save(bytes: Uint8Array): Promise<void> {
    if (!(bytes instanceof Uint8Array)) throw objectiveErrors.OBJECTIVE_BAD_CHECKPOINT({ given: typeof bytes });
    const copy = bytes.slice();
    await this.#ask({ kind: 'checkpoint', bytes: copy });
    this.#checkpoint = copy;
  }

  #ask(message: Message): Promise<Verdict> {
    // a checkpoint is still taken after an interrupt: that is what the signal is for
    if (message.kind === 'report' && this.isInterrupted) return Promise.reject(interrupted());
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { kind: message.kind, resolve, reject });
      this.#port.postMessage({ ...message, id });
    });
  }

  #receive(message: ToTrial): void {
    if (message.kind === 'interrupt') {
      this.#abort.abort(interrupted());
      // a checkpoint that is being written is answered yet
      for (const { kind, reject } of this.#waiting.values()) if (kind === 'report') reject(interrupted());
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.verdict);
    else waiting?.reject(new Error(message.message));
  }
}

/** @param required names of the study's that must be there; a bare number is the only one. Errors: OBJECTIVE_BAD_METRICS */
function metricsOf(of: string, given: unknown, required: readonly string[]): Metrics {
  if (typeof given === 'number' && required.length === 1) return { [required[0]!]: given };
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  const areNumbers = entries.every(([, value]) => typeof value === 'number');
  const names = entries.map(([name]) => name);
  if (areNumbers && required.every((name) => names.includes(name))) return Object.fromEntries(entries);
  throw objectiveErrors.OBJECTIVE_BAD_METRICS({ of, metrics: required, given });
}

function interrupted(): Error {
  return new TrialInterrupted('the study was interrupted; this trial runs again when it is resumed');
}
