import {
  alignedShared,
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
}

const rowCount = 64;

/** A model built and traced, with its initial state and a small table of data. */
export function traceOnce(
  { backend, addon }: Awaited<ReturnType<typeof loadTensorFlow>>,
  definition: ModelDefinition,
  options: OneStepOptions,
) {
  const { featureShape, classCount, batchSize, mutable } = options;
  const target = options.target ?? { kind: 'class', classCount, shape: [] };
  const width = featureShape.reduce((a, b) => a * b, 1);
  const x = shared(addon, rowCount * width);
  const y = targetColumn(shared(addon, rowCount), target);
  for (let i = 0; i < x.length; i++) x[i] = options.feature(i);
  const columns: TableColumn[] = [
    { name: 'x', type: 'float32', rowShape: featureShape, rowCount, scale: { factor: 1, offset: 0 } },
    ...(target.kind === 'none' ? [] : [{ name: 'y', type: typeOf(target), rowShape: [], rowCount } as const]),
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
  });
  return { building, state, traced, width, tables: { x, y }, target };
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

/** One training step and one evaluation of a model, traced and eager, from the same state on the same batch. */
export function oneStep(
  loaded: Awaited<ReturnType<typeof loadTensorFlow>>,
  definition: ModelDefinition,
  options: OneStepOptions,
) {
  const { tf, backend, addon } = loaded;
  const { featureShape, batchSize, mutable } = options;
  const { building, state, traced, width, tables, target } = traceOnce(loaded, definition, options);
  const { x, y } = tables;
  const rows = Int32Array.from({ length: batchSize }, (_, i) => (i * 5 + 1) % rowCount);
  const training = new TrainingRunner(addon, traced.training);
  training.indices.set(rows);
  const after = alignedShared(addon, state.byteLength);
  const seed = [123456789, -987654321] as const;
  const step = 5;
  const tracedLoss = training.train({
    steps: 1,
    firstStep: step,
    seed,
    hyperparameters: mutable,
    tables,
    from: state,
    to: after,
  });

  loadState(building, state);
  const batch: Batch = {
    x: tf.tensor(
      [...rows].flatMap((row) => [...x.subarray(row * width, (row + 1) * width)]),
      [batchSize, ...featureShape],
    ),
    y: tf.tensor1d(
      [...rows].map((row) => y[row]!),
      typeOf(target),
    ),
  };
  const hyper = Object.fromEntries(Object.entries(mutable).map(([name, value]) => [name, tf.scalar(value)])) as never;
  const random = eagerRandom({ tf, backend }, seed, step);
  const eagerStep = () =>
    withKeyedLayers(random, () => building.model.step(batch, hyper, { random, step: tf.scalar(step, 'int32') }));
  const eagerLoss = eagerStep().dataSync()[0]!;
  const differences = building.layout.tensors.map((tensor, i) => {
    const wanted = building.variables[i]!.dataSync();
    return { name: tensor.name, difference: relativeDifference(tensorView(after, tensor), wanted as Float32Array) };
  });

  const evaluation = new EvaluationRunner(addon, traced.evaluation);
  const tracedMetrics = evaluation.evaluate({ rows, hyperparameters: mutable, tables, state: after });
  loadState(building, after);
  const eagerMetrics = Object.fromEntries(
    Object.entries(building.model.evaluate(batch, hyper)).map(([name, metric]) => [
      `val${name[0]!.toUpperCase()}${name.slice(1)}`,
      transformMean(metricValues(metric).mean().dataSync()[0]!, metricTransform(metric)),
    ]),
  );
  building.dispose();
  return { tracedLoss, eagerLoss, differences, tracedMetrics, eagerMetrics, traced };
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

/**
 * The largest difference of two tensors, relative to the largest value of the second; values below a thousandth count as
 * one, since some gradients are zero but for rounding (a bias before batch normalization).
 */
function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let largest = 1e-3;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return difference / largest;
}
