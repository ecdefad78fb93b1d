import type { Program, SegmentAddon } from '../native/index.js';
import { alignedShared } from './aligned.js';
import { errors } from './errors.js';
import { type EvaluationRows, evaluationRows } from './evaluation-rows.js';
import { transformMean } from './metric.js';
import type { EvaluationProgram, TrainingProgram } from './program.js';
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
      const message = error instanceof Error ? error.message : String(error);
      // TensorFlow says {{node loop/n12_MatMul}} of an op in a loop, {{node step/n12_MatMul}} of one in a step of its own
      const [, node] = /\{\{node (?:[^}]*\/)?([^/}]+)\}\}/.exec(message) ?? [];
      const line = node === undefined ? undefined : this.program.lines[node];
      throw errors.GRAPH_RUN_FAILED({ message, line }, error);
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
   * @returns the sum of the steps' losses
   */
  train(options: {
    steps: number;
    firstStep: number;
    seed: readonly [number, number];
    hyperparameters: Readonly<Record<string, number>>;
    tables: Tables;
    from: Uint8Array;
    to: Uint8Array;
  }): number {
    const { tensors } = this.program.layout;
    this.limit[0] = options.steps;
    this.#firstStep[0] = options.firstStep;
    this.#seed.set(options.seed);
    this.setHyper(options.hyperparameters);
    const state = tensors.map((tensor) => tensorView(options.from, tensor));
    const data = this.tables(options.tables);
    const feeds = [this.limit, this.#firstStep, this.#seed, ...this.hyper, this.fedIndices(options.steps)];
    this.call([...feeds, ...data, ...state], [this.#sum, ...tensors.map((tensor) => tensorView(options.to, tensor))]);
    return this.#sum[0]!;
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

  /** Each metric over `rows` (row numbers, at least one): what its transform makes of the mean, every row counted once. */
  evaluate(options: {
    rows: Int32Array | EvaluationRows;
    hyperparameters: Readonly<Record<string, number>>;
    tables: Tables;
    state: Uint8Array;
  }): Record<string, number> {
    const { capacity, batchSize, metrics } = this.program;
    const evaluated = evaluationRows(options.rows);
    const totals = metrics.map(() => 0);
    this.setHyper(options.hyperparameters);
    for (const rows of evaluated.pieces(batchSize, capacity)) {
      this.#call(rows, options.tables, options.state);
      for (const [index, sum] of this.#sums.entries()) totals[index]! += sum[0]!;
    }
    const mean = (index: number) => totals[index]! / evaluated.count;
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
    const feeds = [this.limit, ...this.hyper, indices, this.#weights.subarray(0, indices.length)];
    this.call([...feeds, ...this.tables(tables), ...tensors], this.#sums);
  }
}
