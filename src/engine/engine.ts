import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { type Loader, type SharedDataset, startLoader } from '../data/index.js';
import { TunerError } from '../errors/index.js';
import { loadSegmentAddon, type NativePaths } from '../native/index.js';
import type { SpaceDefinition } from '../space/index.js';
import type { SavedTraining } from '../trial/index.js';
import { ControlBoard } from './control-board.js';
import { errors } from './errors.js';
import { combineFolds, foldsTracedAlike, packStates, unpackState } from './folds.js';
import { FreeStates } from './free-states.js';
import { WorkerLost, WorkerPool } from './pool.js';
import { PreparedModels } from './prepared-models.js';
import { unwrap } from './task-result.js';
import type {
  ExportedModel,
  ExportTask,
  PreparedModel,
  SegmentTask,
  SegmentValue,
  Shape,
  Task,
  TaskResult,
} from './tasks.js';

export interface EngineOptions {
  /** Threads that train, at least 1. One more builds and traces models. */
  readonly workers: number;
  readonly native: NativePaths;
  /** The data set, or where trials are judged by the mean over folds, that of each fold: at least one. */
  readonly datasets: readonly SharedDataset[];
  /** The model's module, or its `model.json`. */
  readonly modelPath: string;
  /** How a model without a step of its own is trained. */
  readonly layers?: SavedTraining;
  readonly seed: number;
  /** Trials are numbered from 0 to this, exclusive. */
  readonly trials: number;
  /** What the shapes that all training threads keep open may take, estimated; a quarter of the memory by default. */
  readonly mostOpenBytes?: number;
  /** Called when a worker was lost and its task is going to be run again. */
  readonly onIncident: (incident: Incident) => void;
  /** Called once, with the reason, when a step cannot be traced and is going to be run op by op. */
  readonly onUntraced: (reason: string) => void;
}

/** Bytes that the process can have: the machine's, or its container's. */
function memory(): number {
  // a container without a limit has one beyond any machine's memory, or 0
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

/** Whether an error is about data that could not be read: the same for every trial. */
function isOfData({ code }: TunerError): boolean {
  return code.startsWith('DATA_');
}

export interface Incident {
  readonly trial: number;
  readonly generation: number;
  readonly attempt: number;
  readonly code: string;
  readonly message: string;
}

export interface SegmentRequest {
  readonly shape: Shape;
  readonly trial: number;
  readonly generation: number;
  /** Values of the shape's mutable hyperparameters. */
  readonly mutable: Readonly<Record<string, number>>;
  readonly fromStep: number;
  readonly toStep: number;
  /** `null`: the trial's initial state, step 0. It is never written to. */
  readonly state: Uint8Array | null;
}

/** A segment that was given up after several attempts, or that would fail again. */
export interface SegmentFailure {
  readonly outcome: 'failed';
  readonly attempts: number;
  readonly code: string;
  readonly message: string;
}

export type SegmentOutcome = SegmentValue | SegmentFailure;

/** The models' thread holds tfjs and the model's code, which are needed no more once every shape has been traced. */
const idleModelsMs = 2000;

/** Of a segment's members, in their order. */
type SegmentResults = readonly TaskResult<SegmentValue>[];

/** How often a segment is tried whose worker is lost. */
const mostAttempts = 3;

/**
 * Runs segments on a pool of threads. It knows nothing of strategies: a segment is a function of its request, whichever
 * thread runs it, and however often.
 */
export class Engine {
  readonly #training: WorkerPool;
  /** Loads tfjs, once for the whole process: a shape is built and traced here, and trained anywhere. */
  readonly #models: WorkerPool;
  readonly #board: ControlBoard;
  /** By fold: whose traced models it trains. */
  readonly #tracedAlike: readonly number[];
  readonly #loader: Loader | undefined;
  readonly #prepared = new PreparedModels();
  readonly #free = new FreeStates();
  readonly #owner = `${randomUUID()} `;
  /** Whether a worker was given a segment, and has the native library open. */
  #hasTrained = false;
  #closed = false;
  #warned = false;

  constructor(private readonly options: EngineOptions) {
    this.#board = ControlBoard.allocate(options.trials * options.datasets.length);
    this.#tracedAlike = foldsTracedAlike(options.datasets);
    const { native, datasets, modelPath, layers = {}, seed, workers } = options;
    const mostOpenBytes = (options.mostOpenBytes ?? memory() / 4) / workers;
    const control = this.#board.buffer;
    const context = { native, datasets, modelPath, layers, seed, control, owner: this.#owner, mostOpenBytes };
    // of folds none is streamed
    this.#loader = startLoader(datasets[0]!);
    this.#training = new WorkerPool(workers, context);
    this.#models = new WorkerPool(1, context, idleModelsMs);
  }

  /** The model's own space. Errors: TRIAL_NOT_A_MODEL, and whatever its module throws. */
  describe(): Promise<SpaceDefinition> {
    return this.#retry(this.#models, 'loaded the model', -1, 0, () => ({ kind: 'describe' }));
  }

  /**
   * A state as a model that can be saved; with folds, the model of the first. With hyperparameters in `test` the test split, if there is one, is evaluated: nothing else
   * ever reads it. Errors: TRIAL_NOT_EXPORTABLE, GRAPH_STATE_INVALID, GRAPH_PREDICTIONS_SHAPE.
   */
  export(shape: Shape, state: Uint8Array, test: ExportTask['test']): Promise<ExportedModel> {
    const own = this.#foldCount === 1 ? state : unpackState(state, 0, this.#foldCount);
    const task = { kind: 'export', fold: 0, shape, state: own, test } as const;
    return this.#retry(this.#models, 'exported the model', -1, 0, () => task);
  }

  /** Builds and traces a shape, once; later calls give the same answer. Errors: TRIAL_…, GRAPH_…. */
  prepare(shape: Shape, fold = 0): Promise<PreparedModel> {
    const first = this.#tracedAlike[fold]!;
    return this.#prepared.get(JSON.stringify([first, shape]), () => this.#prepare(shape, first));
  }

  async #prepare(shape: Shape, fold: number): Promise<PreparedModel> {
    const task = { kind: 'prepare', fold, shape } as const;
    const prepared = await this.#retry<PreparedModel>(this.#models, 'prepared a model', -1, 0, () => task);
    if (prepared.kind === 'eager' && !this.#warned) {
      this.#warned = true;
      this.options.onUntraced(prepared.reason);
    }
    return prepared;
  }

  /**
   * Trains and evaluates a segment, with folds one of each. Never throws for what may happen to a trial: that is in the outcome. Errors:
   * DATA_…, if the data set can be read no more, which is no trial's fault.
   */
  async run(request: SegmentRequest): Promise<SegmentOutcome> {
    if (this.#closed) throw errors.ENGINE_CLOSED({});
    const folds = this.#foldCount;
    if (folds === 1) return this.#runFold(request, 0);
    const { state } = request;
    const each = this.options.datasets.map((_, fold) => {
      return this.#runFold({ ...request, state: state && unpackState(state, fold, folds) }, fold);
    });
    return combineFolds(await Promise.all(each), (states) => {
      const packed = packStates(states, (bytes) => this.#free.take(bytes));
      for (const one of states) this.#free.give(one);
      return packed;
    });
  }

  get #foldCount(): number {
    return this.options.datasets.length;
  }

  async #runFold(request: SegmentRequest, fold: number): Promise<SegmentOutcome> {
    const { shape, trial, generation } = request;
    let attempts = 1;
    try {
      const model = await this.prepare(shape, fold);
      if (this.#board.cancelled) return { outcome: 'cancelled' };
      const state = request.state ?? (await this.#initialise(shape, fold, trial, generation));
      const { mutable, fromStep, toStep } = request;
      const place = trial * this.#foldCount + fold;
      const segment = (attempt: number): SegmentTask => {
        attempts = attempt;
        this.#hasTrained = true;
        const target = this.#free.take(state.byteLength);
        const members = [{ trial, place, generation, mutable, state, target }];
        return { kind: 'segment', fold, model, attempt, fromStep, toStep, members };
      };
      const results = await this.#retry<SegmentResults>(this.#training, 'trained', trial, generation, segment);
      return unwrap(results[0]!);
    } catch (error) {
      if (this.#board.cancelled || this.#closed) return { outcome: 'cancelled' };
      if (!(error instanceof TunerError) || isOfData(error)) throw error;
      return { outcome: 'failed', attempts, code: error.code, message: error.message };
    }
  }

  #initialise(shape: Shape, fold: number, trial: number, generation: number): Promise<Uint8Array> {
    const task = { kind: 'initialise', fold, shape, trial } as const;
    return this.#retry<Uint8Array>(this.#models, 'built a model', trial, generation, () => task);
  }

  /** Runs a task again when its worker is lost; what the task itself throws is final. */
  async #retry<T>(
    pool: WorkerPool,
    what: string,
    trial: number,
    generation: number,
    task: (attempt: number) => Task,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await pool.run<T>(task(attempt));
      } catch (error) {
        if (!(error instanceof WorkerLost) || this.#closed) throw error;
        const lost = errors.ENGINE_WORKER_LOST({ what, message: error.message }, error);
        if (attempt >= mostAttempts) throw lost;
        this.options.onIncident({ trial, generation, attempt, code: lost.code, message: error.message });
      }
    }
  }

  /** Takes back a state that nobody reads any more: another segment will be written there. */
  recycle(state: Uint8Array): void {
    this.#free.give(state);
  }

  /** The step that a trial has reached, while its segment runs: that of the fold that is farthest behind. */
  step(trial: number): number {
    const folds = this.#foldCount;
    return Math.min(...this.options.datasets.map((_, fold) => this.#board.step(trial * folds + fold)));
  }

  /** Steps trained by all workers since the engine started, also in segments that were dropped. */
  get stepsTrained(): number {
    return this.#board.stepsTrained;
  }

  /** Makes running segments end as `cancelled`, soon: also a native call that takes long, between two of its operations. */
  cancel(): void {
    this.#board.cancel();
    if (this.#hasTrained) loadSegmentAddon(this.options.native).cancel(this.#owner);
  }

  /** Ends all threads. Running segments end as `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    this.cancel();
    await Promise.all([this.#training.close(), this.#models.close()]);
    await this.#loader?.close();
  }
}
