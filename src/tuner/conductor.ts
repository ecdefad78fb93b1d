/** The loop of a study: asks what to do next, runs it, records it. Everything it decides is `plan`'s. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Incident, SegmentOutcome } from '../engine/index.js';
import { TunerError } from '../errors/index.js';
import type { Space } from '../space/index.js';
import type { StudyStore } from '../store/index.js';
import {
  apply,
  countsInOrder,
  liveStates,
  type OwnFunctions,
  type PlannedSegment,
  plan,
  type StudyRecord,
  type StudyState,
  statesInUse,
  type TunerEvent,
} from '../study/index.js';
import { readChange } from './change-study.js';
import { mutableValues, shapeOf } from './resolve-space.js';

export interface ConductorOptions {
  readonly store: StudyStore;
  readonly engine: Engine;
  readonly space: Space;
  readonly state: StudyState;
  readonly emit: (event: TunerEvent) => void;
  readonly requireTraced: boolean;
  /** Of the user's own, which the settings name. */
  readonly functions: OwnFunctions;
}

/** The first segments that a change can count for: those after a decision, where some of this generation have run. */
function nextSegment({ trials, settings }: StudyState): { generation: number; step: number } {
  const alive = trials.filter(({ status }) => status !== 'out');
  const reported = alive.filter(({ status }) => status === 'reported');
  const step = Math.max(0, ...alive.map((trial) => trial.step));
  const generation = Math.max(0, ...alive.map((trial) => trial.generation));
  const hasBegun = reported.length > 0 || countsInOrder(settings.strategy);
  return { generation: hasBegun ? generation + 1 : generation, step };
}

/** The most seconds that a timer of Node's can wait. */
const longestTimer = 2 ** 31 / 1000 - 1;

/** How often views are told how far segments are, in milliseconds. */
const progressInterval = 125;

/** Conducts one study in this process. */
export class Conductor {
  readonly #store: StudyStore;
  readonly #engine: Engine;
  readonly #space: Space;
  readonly #emit: (event: TunerEvent) => void;
  /** Segments under way, by trial. */
  readonly #running = new Map<number, Promise<void>>();
  /** The first error of a segment: it stops the others. */
  #failure: { readonly error: unknown } | undefined;
  /** States that were made in this process, by file name: read from disk only after a resume. */
  readonly #states = new Map<string, Uint8Array>();
  /** Files of states that are not in the journal yet. */
  readonly #unrecorded = new Set<string>();
  #live: { readonly of: StudyState; readonly files: ReadonlySet<string> } | undefined;
  readonly #started = performance.now();
  readonly #requireTraced: boolean;
  readonly #functions: OwnFunctions;
  #state: StudyState;
  #interrupted = false;

  constructor({ store, engine, space, state, emit, requireTraced, functions }: ConductorOptions) {
    this.#functions = functions;
    this.#requireTraced = requireTraced;
    this.#store = store;
    this.#engine = engine;
    this.#space = space;
    this.#state = state;
    this.#emit = emit;
  }

  get state(): StudyState {
    return this.#state;
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Appends records and takes them into account. */
  record(...records: StudyRecord[]): void {
    for (const { at, record } of this.#store.append(...records)) {
      this.#state = apply(this.#state, record);
      this.#emit({ type: 'record', at, replayed: false, record });
    }
  }

  incident(incident: Incident): void {
    this.record({ kind: 'incident', ...incident });
  }

  /** Drops what is running; `run` then returns, and the study can be resumed. */
  interrupt(): void {
    this.#interrupted = true;
    this.#engine.cancel();
  }

  /** Works until the study has ended (`true`) or is interrupted (`false`). */
  async run(): Promise<boolean> {
    const progress = this.#reportProgress();
    let ended = false;
    try {
      ended = await this.#work();
    } catch (error) {
      this.#failure ??= { error };
    }
    clearInterval(progress);
    // what still runs counts no more
    if (this.#running.size > 0) this.#engine.cancel();
    await Promise.all(this.#running.values());
    if (this.#failure) throw this.#failure.error;
    return ended;
  }

  /** Decides as soon as there is something to decide: segments that take longer go on meanwhile. */
  async #work(): Promise<boolean> {
    while (!this.#interrupted) {
      await this.#takeUpRequests();
      const next = plan(this.#state, this.#space, this.elapsedSeconds, this.#functions);
      if (next.kind === 'done') return true;
      if (next.kind === 'record') await this.#decide(next.records);
      else {
        for (const segment of next.segments) if (!this.#running.has(segment.trial)) this.#start(segment);
        await this.#oneEnds();
      }
    }
    return false;
  }

  /** Until a segment ends, or the time is up. */
  async #oneEnds(): Promise<void> {
    const { wallSeconds = Number.POSITIVE_INFINITY } = this.#state.settings.budget;
    const left = wallSeconds - this.elapsedSeconds;
    const timeout = new AbortController();
    // a study that decides by generations looks at the time at their end only
    const waits = left > 0 && left < longestTimer ? [sleep(left * 1000, undefined, { signal: timeout.signal })] : [];
    await Promise.race([...this.#running.values(), ...waits.map((wait) => wait.catch(() => undefined))]);
    timeout.abort();
  }

  /** Changes that were asked for become records. One that no longer fits the study is told of, and dropped. */
  async #takeUpRequests(): Promise<void> {
    // segments of a generation that are under way were planned without
    if (this.#running.size > 0 && !countsInOrder(this.#state.settings.strategy)) return;
    for (const waiting of await this.#store.requests()) {
      try {
        const actions = readChange(this.#state.settings, waiting.request);
        const from = nextSegment(this.#state);
        this.record(...actions.map((action) => ({ kind: 'command', command: { ...action, ...from } }) as const));
      } catch (error) {
        if (!(error instanceof TunerError) || error.kind !== 'input') throw error;
        this.#emit({ type: 'notice', code: error.code, message: `a change was not taken up: ${error.message}` });
      }
      await this.#store.settle(waiting);
    }
  }

  async #decide(records: readonly StudyRecord[]): Promise<void> {
    this.record(...records);
    const needed = new Set(statesInUse(this.#state));
    for (const [file, state] of this.#states) {
      if (needed.has(file)) continue;
      this.#states.delete(file);
      this.#engine.recycle(state);
    }
    await this.#store.sweepStates({ has: (file) => this.#unrecorded.has(file) || this.#liveStates().has(file) });
  }

  /** As of now: segments end while files are swept. */
  #liveStates(): ReadonlySet<string> {
    if (this.#live?.of !== this.#state) this.#live = { of: this.#state, files: liveStates(this.#state) };
    return this.#live.files;
  }

  /** Segments wait in the engine's own queue. */
  #start(segment: PlannedSegment): void {
    const work = this.#runSegment(segment).catch((error: unknown) => {
      this.#failure ??= { error };
      this.interrupt();
    });
    const ended = work.finally(() => this.#running.delete(segment.trial));
    this.#running.set(segment.trial, ended);
  }

  async #runSegment(segment: PlannedSegment): Promise<void> {
    const { trial, hyperparameters, generation, fromStep, toStep } = segment;
    const shape = shapeOf(this.#state.settings, this.#space, hyperparameters, this.#requireTraced);
    const state = await this.#stateOf(segment);
    const mutable = mutableValues(shape, hyperparameters);
    const outcome = await this.#engine.run({ shape, trial, generation, mutable, fromStep, toStep, state });
    // what the study did not wait for does not count
    if (this.#state.ended === null) await this.#recordOutcome(segment, outcome);
  }

  async #recordOutcome(
    { trial, generation, fromStep, toStep }: PlannedSegment,
    outcome: SegmentOutcome,
  ): Promise<void> {
    const at = { trial, generation } as const;
    switch (outcome.outcome) {
      case 'done': {
        const { loss, metrics, seconds } = outcome;
        const file = `trial-${trial}-generation-${generation}.state`;
        this.#unrecorded.add(file);
        const state = await this.#store.writeState(file, outcome.state);
        this.#states.set(file, outcome.state);
        this.record({ kind: 'segment', ...at, fromStep, toStep, seconds, outcome: 'done', loss, metrics, state });
        this.#unrecorded.delete(file);
        return;
      }
      case 'diverged': {
        const { message, seconds } = outcome;
        this.record({ kind: 'segment', ...at, fromStep, toStep, seconds, outcome: 'diverged', message });
        return;
      }
      case 'failed': {
        const { attempts, code, message } = outcome;
        this.record({ kind: 'failed', ...at, attempts, code, message });
        return;
      }
      case 'cancelled':
        this.#interrupted = true;
        return;
      default:
        outcome satisfies never;
    }
  }

  async #stateOf({ state }: PlannedSegment): Promise<Uint8Array | null> {
    if (state === null) return null;
    const known = this.#states.get(state.file);
    if (known) return known;
    const read = new Uint8Array(await this.#store.readState(state));
    this.#states.set(state.file, read);
    return read;
  }

  #reportProgress(): NodeJS.Timeout {
    let before = { steps: 0, at: performance.now(), speed: 0 };
    return setInterval(() => {
      const steps = this.#engine.stepsTrained;
      const at = performance.now();
      const now = ((steps - before.steps) * 1000) / (at - before.at);
      // smoothed: segments end and start between two looks
      before = { steps, at, speed: before.speed === 0 ? now : 0.8 * before.speed + 0.2 * now };
      const trials = this.#state.trials.map(({ trial, step }) => {
        const running = this.#running.has(trial);
        return { trial, running, step: running ? Math.max(step, this.#engine.step(trial)) : step };
      });
      this.#emit({ type: 'progress', trials, stepsPerSecond: before.speed });
    }, progressInterval);
  }
}
