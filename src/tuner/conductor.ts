/** The loop of a study: asks what to do next, runs it, records it. Everything it decides is `plan`'s. */
import type { Engine, Incident, SegmentOutcome } from '../engine/index.js';
import { TunerError } from '../errors/index.js';
import type { Space } from '../space/index.js';
import type { StudyStore } from '../store/index.js';
import {
  apply,
  liveStates,
  type PlannedSegment,
  plan,
  type StudyRecord,
  type StudyState,
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
}

/** The first segments that a change can count for: those after a decision, where some of this generation have run. */
function nextSegment({ trials }: StudyState): { generation: number; step: number } {
  const alive = trials.filter(({ status }) => status !== 'out');
  const reported = alive.filter(({ status }) => status === 'reported');
  const step = Math.max(0, ...alive.map((trial) => trial.step));
  const generation = Math.max(0, ...alive.map((trial) => trial.generation));
  return { generation: reported.length > 0 ? generation + 1 : generation, step };
}

/** How often views are told how far segments are, in milliseconds. */
const progressInterval = 125;

/** Conducts one study in this process. */
export class Conductor {
  readonly #store: StudyStore;
  readonly #engine: Engine;
  readonly #space: Space;
  readonly #emit: (event: TunerEvent) => void;
  readonly #running = new Set<number>();
  /** States that were made in this process, by file name: read from disk only after a resume. */
  readonly #states = new Map<string, Uint8Array>();
  readonly #started = performance.now();
  readonly #requireTraced: boolean;
  #state: StudyState;
  #interrupted = false;

  constructor({ store, engine, space, state, emit, requireTraced }: ConductorOptions) {
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
    try {
      while (!this.#interrupted) {
        await this.#takeUpRequests();
        const next = plan(this.#state, this.#space, this.elapsedSeconds);
        if (next.kind === 'done') return true;
        if (next.kind === 'record') await this.#decide(next.records);
        else await this.#runSegments(next.segments);
      }
      return false;
    } finally {
      clearInterval(progress);
    }
  }

  /** Changes that were asked for become records. One that no longer fits the study is told of, and dropped. */
  async #takeUpRequests(): Promise<void> {
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
    const live = liveStates(this.#state);
    for (const [file, state] of this.#states) {
      if (live.has(file)) continue;
      this.#states.delete(file);
      this.#engine.recycle(state);
    }
    await this.#store.sweepStates(live);
  }

  /** All at once: the engine has its own queue. The first error (a full disk, say) stops the others. */
  async #runSegments(segments: readonly PlannedSegment[]): Promise<void> {
    const results = await Promise.allSettled(
      segments.map(async (segment) => {
        try {
          await this.#runSegment(segment);
        } catch (error) {
          this.interrupt();
          throw error;
        }
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #runSegment(segment: PlannedSegment): Promise<void> {
    const { trial, hyperparameters, generation, fromStep, toStep } = segment;
    const shape = shapeOf(this.#state.settings, this.#space, hyperparameters, this.#requireTraced);
    const state = await this.#stateOf(segment);
    const mutable = mutableValues(shape, hyperparameters);
    this.#running.add(trial);
    const outcome = await this.#engine.run({ shape, trial, generation, mutable, fromStep, toStep, state });
    this.#running.delete(trial);
    await this.#recordOutcome(segment, outcome);
  }

  async #recordOutcome(
    { trial, generation, fromStep, toStep }: PlannedSegment,
    outcome: SegmentOutcome,
  ): Promise<void> {
    const at = { trial, generation } as const;
    switch (outcome.outcome) {
      case 'done': {
        const { loss, metrics, seconds } = outcome;
        const state = await this.#store.writeState(`trial-${trial}-generation-${generation}.state`, outcome.state);
        this.#states.set(state.file, outcome.state);
        this.record({ kind: 'segment', ...at, fromStep, toStep, seconds, outcome: 'done', loss, metrics, state });
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
