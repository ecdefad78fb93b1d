import type { Program, SegmentAddon } from '../native/index.js';
import { alignedShared } from './aligned.js';
import { type EvaluationRows, evaluationRows } from './evaluation-rows.js';
import { transformMean } from './metric.js';
import type { EvaluationProgram, TrainingProgram } from './program.js';
import { runFailure } from './run-failure.js';
import { tensorView } from './state-layout.js';

/** The data set's columns by name, as they lie in shared memory. */
export type Tables = Readonly<Record<string, ArrayBufferView>>;

type AnyProgram = TrainingProgram | EvaluationProgram;

/**
 * A program opened in this thread, with the small buffers that it is fed from. Not reentrant. Threads that give the same
 * `owner` share its session, and `addon.cancel(owner)` ends their calls.
 */
class Runner<P extends AnyProgram> {
  protected readonly opened: Program;
  /** Row numbers of the next call's batches, `[capacity, batchSize]`: to be filled before a call. */
  readonly indices: Int32Array;
  protected readonly limit = new Int32Array(1);
  protected readonly hyper: readonly Float32Array[];

  constructor(
    protected readonly addon: SegmentAddon,
    readonly program: P,
    owner = '',
  ) {
    this.opened = addon.load({ ...program.spec, key: `${owner}${program.spec.key}` });
    this.indices = int32(alignedShared(addon, slotCount(program) * 4));
    this.hyper = program.hyperparameters.map(() => new Float32Array(1));
  }

  protected setHyper(values: Readonly<Record<string, number>>): void {
    for (const [index, name] of this.program.hyperparameters.entries()) this.hyper[index]![0] = values[name]!;
  }

  /** The row numbers to feed: all of them where the program's shapes are fixed. */
  protected fedIndices(steps: number): Int32Array {
    return this.program.fixedCapacity ? this.indices : this.indices.subarray(0, steps * this.program.batchSize);
  }

  protected tables(tables: Tables): ArrayBufferView[] {
    return this.program.columns.map(({ name }) => tables[name]!);
  }

  protected call(feeds: readonly ArrayBufferView[], outputs: readonly ArrayBufferView[]): void {
    try {
      this.addon.run(this.opened, feeds, outputs);
    } catch (error) {
      throw runFailure(error, this.program);
    }
  }

  close(): void {
    this.addon.release(this.opened);
  }
}

/** Rows that a call can take. */
function slotCount({ capacity, batchSize }: AnyProgram): number {
  return capacity * batchSize;
}
function int32(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 4);
}
function float32(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** Trains steps of one shape. */
export class TrainingRunner extends Runner<TrainingProgram> {
  readonly #firstStep = new Int32Array(1);
  readonly #seed = new Int32Array(2);
  readonly #sum = new Float64Array(1);

  /**
   * Trains `steps` (1 to `program.capacity`) steps on the batches in `indices`, reading the state from `from` and writing
   * the new one to `to`; the two may be the same buffer. Headers are the caller's.
   *
   * @returns `lossSum`, of the calls before, plus the steps' losses, added one by one in float64
   */
  train(options: {
    steps: number;
    firstStep: number;
    lossSum?: number;
    seed: readonly [number, number];
    hyperparameters: Readonly<Record<string, number>>;
    tables: Tables;
    from: Uint8Array;
    to: Uint8Array;
  }): number {
    const { tensors } = this.program.layout;
    this.limit[0] = options.steps;
    this.#firstStep[0] = options.firstStep;
    this.#sum[0] = options.lossSum ?? 0;
    this.#seed.set(options.seed);
    this.setHyper(options.hyperparameters);
    const state = tensors.map((tensor) => tensorView(options.from, tensor));
    const data = this.tables(options.tables);
    const scalars = [this.limit, this.#sum, this.#firstStep, this.#seed, ...this.hyper];
    const feeds = [...scalars, this.fedIndices(options.steps)];
    this.call([...feeds, ...data, ...state], [this.#sum, ...tensors.map((tensor) => tensorView(options.to, tensor))]);
    return this.#sum[0]!;
  }
}

export interface EvaluationOptions {
  /** Row numbers in `tables`, at least one. */
  readonly rows: Int32Array | EvaluationRows;
  readonly hyperparameters: Readonly<Record<string, number>>;
  readonly tables: Tables;
  readonly state: Uint8Array;
  /** The most batches of the next call, 1 to the capacity: asked before each. */
  readonly batchesPerCall: () => number;
}

/** Runs an evaluation to its end. */
export function resultOf<T>(calls: Generator<number, T>): T {
  for (;;) {
    const { done, value } = calls.next();
    if (done) return value;
  }
}

/** Evaluates one shape. */
export class EvaluationRunner extends Runner<EvaluationProgram> {
  readonly #weights: Float32Array;
  readonly #sums: readonly Float64Array[];

  constructor(addon: SegmentAddon, program: EvaluationProgram, owner = '') {
    super(addon, program, owner);
    this.#weights = float32(alignedShared(addon, slotCount(program) * 4));
    this.#sums = program.metrics.map(() => new Float64Array(1));
  }

  /** Each metric over `rows`: see {@link evaluateInCalls}. */
  evaluate(options: Omit<EvaluationOptions, 'batchesPerCall'>): Record<string, number> {
    const { capacity } = this.program;
    return resultOf(this.evaluateInCalls({ ...options, batchesPerCall: () => capacity }));
  }

  /**
   * Each metric over `rows`: what its transform makes of the mean, every row counted once. After each call, yields how many
   * batches it evaluated. The result does not depend on how many that are.
   */
  *evaluateInCalls(options: EvaluationOptions): Generator<number, Record<string, number>> {
    const { capacity, batchSize, metrics } = this.program;
    const evaluated = evaluationRows(options.rows);
    for (const sum of this.#sums) sum[0] = 0;
    for (const piece of evaluated.pieces(batchSize, capacity)) {
      for (let start = 0; start < piece.length; ) {
        const rows = piece.subarray(start, start + options.batchesPerCall() * batchSize);
        this.setHyper(options.hyperparameters);
        this.#call(rows, options.tables, options.state);
        start += rows.length;
        yield Math.ceil(rows.length / batchSize);
      }
    }
    const mean = (index: number) => this.#sums[index]![0]! / evaluated.count;
    return Object.fromEntries(
      metrics.map(({ name, transform }, index) => [name, transformMean(mean(index), transform)]),
    );
  }

  #call(rows: Int32Array, tables: Tables, state: Uint8Array): void {
    const { batchSize, layout, state: fed } = this.program;
    const steps = Math.ceil(rows.length / batchSize);
    this.limit[0] = steps;
    this.indices.set(rows);
    // the padding repeats a row that is there, with weight 0
    this.indices.fill(rows[0]!, rows.length);
    this.#weights.fill(1, 0, rows.length);
    this.#weights.fill(0, rows.length);
    const indices = this.fedIndices(steps);
    const tensors = fed.map((index) => tensorView(state, layout.tensors[index]!));
    const weights = this.#weights.subarray(0, indices.length);
    const feeds = [this.limit, ...this.#sums, ...this.hyper, indices, weights];
    this.call([...feeds, ...this.tables(tables), ...tensors], this.#sums);
  }
}
