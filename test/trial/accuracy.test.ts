/** Whether a model that is trained as a graph ends where the same model ends that tfjs trains op by op. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  alignedShared,
  choosesOwnProducts,
  EvaluationRunner,
  metricValues,
  OpDefinitions,
  type TableColumn,
  TrainingRunner,
} from '../../src/graph/index.js';
import { foldIn, integer, normal, seedKey, uniform } from '../../src/random/index.js';
import {
  adam,
  buildModel,
  correct,
  defineModel,
  float,
  initialState,
  loadState,
  type ModelDefinition,
  momentum,
  softmaxCrossEntropy,
  traceModel,
  trainableVariables,
} from '../../src/trial/index.js';
import { withKeyedLayers } from '../../src/trial/keyed-layers.js';
import type { MakeOptimizer } from '../support/classifier.js';
import { mannWhitney } from '../support/mann-whitney.js';
import { eagerRandom } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const [rowCount, trainRows, classCount, batchSize, steps] = [600, 400, 4, 16, 200];
const { layers } = tf;

/** A kind of data, and a network for it. Learned to some 90 %, so that accuracies can differ. */
interface Task {
  readonly rowShape: readonly number[];
  /** One row's features, of a class. */
  readonly row: (label: number, row: number) => number[];
  readonly layers: (inputShape: number[]) => tf.layers.Layer[];
  readonly optimizer: MakeOptimizer;
  readonly mutable: Readonly<Record<string, number>>;
}

const key = foldIn(seedKey(1), 'digits');
const size = 6;

/** Noisy images, whose brightest quarter is their class. */
function image(label: number, row: number): number[] {
  return Array.from({ length: size * size }, (_, at) => {
    const quarter = 2 * Number(Math.floor(at / size) >= size / 2) + Number(at % size >= size / 2);
    return (quarter === label ? 0.7 : 0) + normal(foldIn(key, 'pixel', row, at));
  });
}

const [tokens, length] = [12, 2];
/** Tokens, of which the class's three are seen more often. */
function sequence(label: number, row: number): number[] {
  return Array.from({ length }, (_, at) => {
    const of = foldIn(key, 'token', row, at);
    const kind = uniform(foldIn(of, 'own')) < 0.7 ? label : integer(foldIn(of, 'kind'), 0, classCount);
    return kind * 3 + integer(foldIn(of, 'which'), 0, tokens / classCount);
  });
}

const images = {
  rowShape: [size, size, 1],
  row: image,
  optimizer: momentum as unknown as MakeOptimizer,
  mutable: { learningRate: 0.05, momentum: 0.9 },
};
const tasks: Readonly<Record<string, Task>> = {
  'a convolution with batch normalization and dropout': {
    ...images,
    layers: (inputShape) => [
      layers.conv2d({ inputShape, filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.batchNormalization(),
      layers.flatten(),
      layers.dropout({ rate: 0.3 }),
    ],
  },
  'a perceptron with dropout': {
    ...images,
    layers: (inputShape) => [
      layers.flatten({ inputShape }),
      layers.dense({ units: 24, activation: 'relu' }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 12, activation: 'tanh' }),
    ],
  },
  'an embedding with a fused GRU, by Adam': {
    rowShape: [length],
    row: sequence,
    optimizer: adam as unknown as MakeOptimizer,
    mutable: { learningRate: 0.02 },
    layers: (inputShape) => [
      layers.embedding({ inputShape, inputDim: tokens, outputDim: 5 }),
      layers.gru({ units: 6, recurrentActivation: 'sigmoid' }),
    ],
  },
};

function tablesOf({ rowShape, row }: Task) {
  const width = rowShape.reduce((a, b) => a * b, 1);
  const x = alignedShared(loaded.addon, rowCount * width * 4);
  const y = alignedShared(loaded.addon, rowCount * 4);
  const features = new Float32Array(x.buffer as ArrayBuffer, x.byteOffset, rowCount * width);
  const labels = new Int32Array(y.buffer as ArrayBuffer, y.byteOffset, rowCount);
  for (let at = 0; at < rowCount; at++) {
    labels[at] = integer(foldIn(key, 'label', at), 0, classCount);
    features.set(row(labels[at]!, at), at * width);
  }
  return { x: features, y: labels };
}

function definitionOf({ rowShape, layers: make, optimizer: makeOptimizer }: Task): ModelDefinition {
  return defineModel({
    space: { learningRate: float(1e-3, 1) },
    build() {
      const model = tf.sequential({ layers: [...make([...rowShape]), layers.dense({ units: classCount })] });
      const optimizer = makeOptimizer(trainableVariables(model));
      return {
        model,
        step: ({ x, y }, hyper) => {
          const loss = () => softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor2D).mean();
          return optimizer.minimize(loss as () => tf.Scalar, hyper as never);
        },
        evaluate: ({ x, y }) => {
          const logits = model.apply(x, { training: false }) as tf.Tensor2D;
          return { loss: softmaxCrossEntropy(y, logits), accuracy: correct(y, logits) };
        },
      };
    },
  }) as unknown as ModelDefinition;
}

/** Accuracies after training with one seed: as a graph, and op by op. */
function train(seed: number, task: Task, tables: ReturnType<typeof tablesOf>): [traced: number, eager: number] {
  const { addon, backend } = loaded;
  const { mutable, rowShape } = task;
  const columns: TableColumn[] = [
    { name: 'x', type: 'float32', rowShape, rowCount, scale: { factor: 1, offset: 0 } },
    { name: 'y', type: 'int32', rowShape: [], rowCount },
  ];
  const building = buildModel(definitionOf(task), {
    structural: {},
    mutable: Object.keys(mutable),
    data: { featureShape: rowShape, target: { kind: 'class', classCount, shape: [] } },
    batchSize,
    key: seedKey(seed),
  });
  const state = initialState(building, addon);
  const { training, evaluation } = traceModel(building, {
    backend,
    definitions: new OpDefinitions(addon),
    columns,
    sampleRows: tables,
    batchSize,
    evaluationBatchSize: 100,
    mutable: Object.fromEntries(Object.entries(mutable).map(([name, value]) => [name, [value, value / 2]])),
    compile: 'never',
    plannedSteps: steps,
    trials: 8,
    ownProducts: choosesOwnProducts(addon, 8),
  });
  const rowsOf = (step: number) =>
    Int32Array.from({ length: batchSize }, (_, i) => integer(foldIn(seedKey(seed), 'batch', step, i), 0, trainRows));
  const layerSeed = [seed, 7] as const;
  const evaluator = new EvaluationRunner(addon, evaluation);
  const validation = Int32Array.from({ length: rowCount - trainRows }, (_, i) => trainRows + i);
  const accuracy = (of: Uint8Array) =>
    evaluator.evaluate({ rows: validation, hyperparameters: mutable, tables, state: of }).valAccuracy!;

  const runner = new TrainingRunner(addon, training);
  const target = alignedShared(addon, state.byteLength);
  target.set(state);
  for (let step = 0; step < steps; step++) {
    runner.indices.set(rowsOf(step));
    const call = { steps: 1, firstStep: step, seed: layerSeed, hyperparameters: mutable, tables };
    runner.train({ ...call, from: target, to: target });
  }

  loadState(building, state);
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const random = eagerRandom(loaded, layerSeed, step);
      const rows = tf.tensor1d(rowsOf(step), 'int32');
      const x = tf.gather(tf.tensor(tables.x, [rowCount, ...rowShape]), rows);
      const y = tf.gather(tf.tensor1d(tables.y, 'int32'), rows);
      const hyper = Object.fromEntries(Object.entries(mutable).map(([name, value]) => [name, tf.scalar(value)]));
      const context = { random, step: tf.scalar(step, 'int32') };
      withKeyedLayers(random, () => building.model.step({ x, y: y as tf.Tensor1D }, hyper as never, context));
    });
  }
  const eager = tf.tidy(() => {
    const x = tf.tensor(tables.x, [rowCount, ...rowShape]).slice(trainRows);
    const y = tf.tensor1d(tables.y, 'int32').slice([trainRows]);
    // whole numbers: a mean would be rounded to float32, and equal accuracies would not be equal
    return (
      metricValues(building.model.evaluate({ x, y }, {} as never).accuracy!)
        .sum()
        .dataSync()[0]! / y.size
    );
  });
  building.dispose();
  return [accuracy(target), eager];
}

it.each(Object.entries(tasks))(
  'after 200 steps, accuracies over 10 seeds are those of eager tfjs: %s',
  (_, task) => {
    const tables = tablesOf(task);
    const pairs = Array.from({ length: 10 }, (_unused, seed) => train(seed + 1, task, tables));
    const [traced, eager] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
    // as two samples: the ten accuracies of either way could have come of the other
    expect(mannWhitney(traced, eager)).toBeGreaterThan(0.01);
    // as pairs, since a seed gives both ways the same weights, batches and dropout: a t-test at 5 % with 9 degrees of freedom
    const differences = pairs.map(([a, b]) => a - b);
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
    const deviation = Math.sqrt(
      differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (differences.length - 1),
    );
    expect(Math.abs(mean)).toBeLessThanOrEqual(2.262 * (deviation / Math.sqrt(differences.length)));
    // of 200 rows: 8 for one seed, where rounding has grown over the steps, and 2 on average
    for (const difference of differences) expect(Math.abs(difference)).toBeLessThan(0.04);
    expect(Math.abs(mean)).toBeLessThanOrEqual(0.01);
    for (const accuracy of traced) {
      expect(accuracy).toBeGreaterThan(0.6);
      expect(accuracy).toBeLessThan(1);
    }
  },
  300_000,
);
