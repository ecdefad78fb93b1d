/**
 * Trains and evaluates op by op, for steps that cannot be traced: 5 to 80 times slower, and as reproducible. What a step draws
 * in JavaScript comes from a stream that depends on seed, trial and step.
 */
import * as tf from '@tensorflow/tfjs';
import {
  type BatchColumn,
  drawEagerly,
  drawSpec,
  type EvaluationOptions,
  evaluationRows,
  metricTransform,
  metricValues,
  resultOf,
  type StateLayout,
  type TensorFlowBackend,
  tensorView,
  transformMean,
} from '../graph/index.js';
import { foldIn, type Key } from '../random/index.js';
import { type Building, loadState, withKeyedMathRandom } from './build.js';
import { KeptValues } from './kept-values.js';
import { KeyedRandom } from './keyed-random.js';
import type { Batch } from './model.js';
import { runEvaluation, runStep } from './run-model.js';

type Tables = Readonly<Record<string, ArrayBufferView>>;
type Numbers = Readonly<Record<string, number>>;

export interface EagerOptions {
  readonly building: Building;
  readonly backend: TensorFlowBackend;
  readonly columns: readonly BatchColumn[];
  readonly batchSize: number;
  readonly evaluationBatchSize: number;
}

/** Steps after which what the model keeps in JavaScript is looked at. */
const looks = 3;

/** The eager counterpart of the graph room's training and evaluation runners. */
export class EagerRunner {
  /** Stopping is looked at between calls, and a step may be slow. */
  readonly capacity = 1;
  readonly evaluationCapacity = 1;
  /** Row numbers of the next call's batch: to be filled before a call. */
  readonly indices: Int32Array;
  readonly #kept: KeptValues;
  #looks = 0;

  constructor(private readonly options: EagerOptions) {
    this.indices = new Int32Array(options.batchSize);
    this.#kept = new KeptValues(options.building.model);
  }

  /** Trains one step; see `TrainingRunner.train`. Errors: TRIAL_STEP_KEEPS_STATE, and those of `runStep`. */
  train(call: {
    firstStep: number;
    lossSum?: number;
    seed: readonly [number, number];
    hyperparameters: Numbers;
    tables: Tables;
    from: Uint8Array;
    to: Uint8Array;
  }): number {
    const { building } = this.options;
    loadState(building, call.from);
    const loss = tf.tidy(() => {
      const batch = this.#batch(this.indices, call.tables);
      const random = this.#random(call.seed, call.firstStep);
      const context = { random, step: tf.scalar(call.firstStep, 'int32') };
      const key: Key = [call.seed[0] >>> 0, call.seed[1] >>> 0];
      return withKeyedMathRandom(foldIn(key, 'step', call.firstStep), () => {
        return runStep(building, batch, scalars(call.hyperparameters), context).dataSync()[0]!;
      });
    });
    if (this.#looks++ < looks) this.#kept.look();
    this.#save(building.layout, call.to);
    return (call.lossSum ?? 0) + loss;
  }

  /** Each metric over `rows`; see `EvaluationRunner.evaluate`. */
  evaluate(options: Omit<EvaluationOptions, 'batchesPerCall'>): Record<string, number> {
    return resultOf(this.evaluateInCalls(options));
  }

  /** The same, batch by batch; see `EvaluationRunner.evaluateInCalls`. */
  *evaluateInCalls(call: Omit<EvaluationOptions, 'batchesPerCall'>): Generator<number, Record<string, number>> {
    const { building, evaluationBatchSize } = this.options;
    loadState(building, call.state);
    const totals = new Map<string, { sum: number; transform: ReturnType<typeof metricTransform> }>();
    const rows = evaluationRows(call.rows);
    for (const piece of rows.pieces(evaluationBatchSize, 1)) {
      tf.tidy(() => {
        const batch = this.#batch(piece, call.tables);
        const metrics = runEvaluation(building, batch, scalars(call.hyperparameters));
        for (const [name, metric] of Object.entries(metrics)) {
          // in float64, as the traced evaluation adds
          const values = metricValues(metric).dataSync() as Float32Array;
          const sum = values.reduce((total, value) => total + value, totals.get(name)?.sum ?? 0);
          totals.set(name, { sum, transform: metricTransform(metric) });
        }
      });
      yield 1;
    }
    const means = [...totals].map(([name, { sum, transform }]) => {
      return [name, transformMean(sum / rows.count, transform)] as const;
    });
    return Object.fromEntries(means);
  }

  close(): void {
    this.options.building.dispose();
  }

  #random(seed: readonly [number, number], step: number): KeyedRandom {
    let draws = 0;
    const { backend } = this.options;
    return new KeyedRandom((kind, shape) => drawEagerly(tf, backend, drawSpec(kind, shape, draws++), seed, step));
  }

  #batch(rows: Int32Array, tables: Tables): Batch {
    const columns = this.options.columns.map((column) => [column.name, gather(column, rows, tables)] as const);
    return Object.fromEntries(columns) as unknown as Batch;
  }

  #save(layout: StateLayout, state: Uint8Array): void {
    for (const [index, tensor] of layout.tensors.entries()) {
      tensorView(state, tensor).set(this.options.building.variables[index]!.dataSync() as Float32Array);
    }
  }
}

function scalars(values: Numbers): Record<string, tf.Scalar> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tf.scalar(value)]));
}

/** Rows of a column, cast and scaled as the traced step has them. */
function gather({ name, type, rowShape, scale }: BatchColumn, rows: Int32Array, tables: Tables): tf.Tensor {
  const width = rowShape.reduce((a, b) => a * b, 1);
  const table = tables[name] as Float32Array;
  const values = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(table.subarray(row * width, (row + 1) * width), index * width);
  if (scale) for (let i = 0; i < values.length; i++) values[i] = values[i]! * scale.factor + scale.offset;
  return tf.tensor(values, [rows.length, ...rowShape], scale || type === 'float32' ? 'float32' : 'int32');
}
