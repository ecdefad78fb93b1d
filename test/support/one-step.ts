import {
  alignedShared,
  choosesOwnProducts,
  drawEagerly,
  drawSpec,
  EvaluationRunner,
  metricTransform,
  metricValues,
  OpDefinitions,
  type TableColumn,
  TrainingRunner,
  tensorView,
  transformMean,
} from '../../src/graph/index.js';
import { seedKey } from '../../src/random/index.js';
import {
  type Batch,
  buildModel,
  type DataDescription,
  initialState,
  KeyedRandom,
  loadState,
  type ModelDefinition,
  traceModel,
} from '../../src/trial/index.js';
import { withKeyedLayers } from '../../src/trial/keyed-layers.js';
import { exactSteps } from './exact-steps.js';
import type { loadTensorFlow } from './tensorflow.js';

export interface OneStepOptions {
  readonly featureShape: readonly number[];
  readonly classCount: number;
  readonly batchSize: number;
  /** Values of features, by position; uniform in [0, 1) or so. */
  readonly feature: (index: number) => number;
  readonly mutable: Readonly<Record<string, number>>;
  readonly compile?: 'always' | 'never';
  /** None unless given. */
  readonly structural?: Readonly<Record<string, number | string | boolean>>;
  /** `classCount` classes unless given; rows of a number's column vary about its mean. */
  readonly target?: DataDescription['target'];
  /** Steps that are trained one after another; 1 unless given. */
  readonly steps?: number;
}

const rowCount = 64;
/** Steps trained before the first one, and the stream of random layers. */
const firstStep = 5;
const seed = [123456789, -987654321] as const;

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** A model built and traced, with its initial state and a small table of data. */
export function traceOnce(
  { backend, addon }: Awaited<ReturnType<typeof loadTensorFlow>>,
  definition: ModelDefinition,
  options: OneStepOptions,
) {
  const { featureShape, classCount, batchSize, mutable } = options;
  const target = options.target ?? { kind: 'class', classCount, shape: [] };
  const targetShape = target.kind === 'none' ? [] : target.shape;
  const x = shared(addon, rowCount * product(featureShape));
  const y = targetColumn(shared(addon, rowCount * product(targetShape)), target);
  for (let i = 0; i < x.length; i++) x[i] = options.feature(i);
  const columns: TableColumn[] = [
    { name: 'x', type: 'float32', rowShape: featureShape, rowCount, scale: { factor: 1, offset: 0 } },
    ...(target.kind === 'none' ? [] : [{ name: 'y', type: typeOf(target), rowShape: targetShape, rowCount } as const]),
  ];
  const building = buildModel(definition, {
    structural: options.structural ?? {},
    mutable: Object.keys(mutable),
    data: { featureShape, target },
    batchSize,
    key: seedKey(3),
  });
  const state = initialState(building, addon);
  const traced = traceModel(building, {
    backend,
    definitions: new OpDefinitions(addon),
    columns,
    sampleRows: { x, y },
    batchSize,
    evaluationBatchSize: batchSize,
    mutable: Object.fromEntries(Object.entries(mutable).map(([name, value]) => [name, [value, value / 2 + 0.01]])),
    compile: options.compile ?? 'never',
    plannedSteps: 1,
    trials: 1,
    // as populations train
    ownProducts: choosesOwnProducts(addon, 2),
  });
  return { building, state, traced, columns, tables: { x, y }, target };
}

const typeOf = ({ kind }: DataDescription['target']) => (kind === 'number' ? 'float32' : 'int32');

function targetColumn(memory: Float32Array, target: DataDescription['target']): Float32Array | Int32Array {
  if (target.kind === 'number') {
    for (let i = 0; i < memory.length; i++) memory[i] = target.mean + target.deviation * Math.sin(i);
    return memory;
  }
  const y = new Int32Array(memory.buffer as ArrayBuffer, memory.byteOffset, memory.length);
  const classCount = target.kind === 'class' ? target.classCount : 1;
  for (let i = 0; i < y.length; i++) y[i] = (i * 7 + (i >> 2)) % classCount;
  return y;
}

/** A value by both ways. */
export interface Compared {
  readonly name: string;
  readonly traced: ArrayLike<number>;
  readonly eager: ArrayLike<number>;
  /** In float64; absent of metrics. */
  readonly exact?: () => ArrayLike<number>;
}

/**
 * Training steps and one evaluation of a model, traced and eager (op by op, nothing fused), from the same state on the same batches.
 * `values` are the loss, each variable after the steps, and each metric.
 */
export function oneStep(
  loaded: Awaited<ReturnType<typeof loadTensorFlow>>,
  definition: ModelDefinition,
  options: OneStepOptions,
) {
  const { tf, backend, addon } = loaded;
  const { batchSize, mutable, steps = 1 } = options;
  const { building, state, traced, columns, tables } = traceOnce(loaded, definition, options);
  const rowsOf = (step: number) => Int32Array.from({ length: batchSize }, (_, i) => (i * 5 + 1 + step * 3) % rowCount);
  const training = new TrainingRunner(addon, traced.training);
  const after = alignedShared(addon, state.byteLength);
  after.set(state);
  let tracedLoss = 0;
  for (let step = 0; step < steps; step++) {
    training.indices.set(rowsOf(step));
    const call = { steps: 1, firstStep: firstStep + step, seed, hyperparameters: mutable, tables };
    tracedLoss += training.train({ ...call, from: after, to: after });
  }

  const batchOf = (rows: Int32Array) =>
    Object.fromEntries(
      columns.map(({ name, type, rowShape }) => {
        const values = rowsIn(tables[name as 'x' | 'y'], rows, product(rowShape));
        return [name, tf.tensor(values, [batchSize, ...rowShape], type === 'int32' ? 'int32' : 'float32')];
      }),
    ) as unknown as Batch;
  const hyper = Object.fromEntries(Object.entries(mutable).map(([name, value]) => [name, tf.scalar(value)])) as never;
  loadState(building, state);
  let eagerLoss = 0;
  for (let step = firstStep; step < firstStep + steps; step++) {
    const loss = tf.tidy(() => {
      const random = eagerRandom({ tf, backend }, seed, step);
      const context = { random, step: tf.scalar(step, 'int32') };
      const batch = batchOf(rowsOf(step - firstStep));
      return withKeyedLayers(random, () => building.model.step(batch, hyper, context));
    });
    eagerLoss += loss.dataSync()[0]!;
  }
  const eagerState = building.variables.map((variable) => variable.dataSync());

  const evaluation = new EvaluationRunner(addon, traced.evaluation);
  const rows = rowsOf(0);
  const tracedMetrics = evaluation.evaluate({ rows, hyperparameters: mutable, tables, state: after });
  loadState(building, after);
  const eagerMetrics = Object.fromEntries(
    Object.entries(building.model.evaluate(batchOf(rows), hyper)).map(([name, metric]) => [
      `val${name[0]!.toUpperCase()}${name.slice(1)}`,
      transformMean(metricValues(metric).mean().dataSync()[0]!, metricTransform(metric)),
    ]),
  );

  let exact: ReturnType<typeof exactSteps> | undefined;
  const exactOnce = () => {
    exact ??= exactSteps(loaded, building, {
      columns,
      batchSize,
      hyperparameters: mutable,
      state,
      steps: Array.from({ length: steps }, (_, step) => ({
        number: firstStep + step,
        rows: Object.fromEntries(
          columns.map(({ name, rowShape }) => {
            return [name, rowsIn(tables[name as 'x' | 'y'], rowsOf(step), product(rowShape))];
          }),
        ),
      })),
      seed,
    });
    return exact;
  };
  const values: Compared[] = [
    { name: 'loss', traced: [tracedLoss], eager: [eagerLoss], exact: () => [exactOnce().loss] },
    ...building.layout.tensors.map((tensor, index) => ({
      name: tensor.name,
      traced: tensorView(after, tensor),
      eager: eagerState[index]!,
      exact: () => exactOnce().state[index]!,
    })),
    ...Object.entries(eagerMetrics).map(([name, value]) => {
      return { name, traced: [tracedMetrics[name]!], eager: [value] };
    }),
  ];
  return { values, traced, dispose: () => building.dispose() };
}

/** Rows of a table by number, one after another. */
function rowsIn(table: Float32Array | Int32Array, rows: Int32Array, width: number): Float32Array | Int32Array {
  const out = new (table.constructor as Float32ArrayConstructor)(rows.length * width);
  for (const [at, row] of rows.entries()) out.set(table.subarray(row * width, (row + 1) * width), at * width);
  return out;
}

/** A step's random stream outside of a trace. */
export function eagerRandom(
  { tf, backend }: Pick<Awaited<ReturnType<typeof loadTensorFlow>>, 'tf' | 'backend'>,
  seed: readonly [number, number],
  step: number,
): KeyedRandom {
  let draws = 0;
  return new KeyedRandom((kind, shape) => drawEagerly(tf, backend, drawSpec(kind, shape, draws++), seed, step));
}

function shared(addon: Parameters<typeof alignedShared>[0], count: number): Float32Array {
  const bytes = alignedShared(addon, count * 4);
  return new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
}
