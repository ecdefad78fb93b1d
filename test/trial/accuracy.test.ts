/** Whether a model that is trained as a graph ends where the same model ends that tfjs trains op by op. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { alignedShared, EvaluationRunner, metricValues, OpDefinitions, TrainingRunner } from '../../src/graph/index.js';
import { foldIn, integer, normal, seedKey } from '../../src/random/index.js';
import {
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
import { eagerRandom } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const [rowCount, trainRows, size, classCount, batchSize, steps] = [600, 400, 6, 4, 16, 200];
const { layers } = tf;

/** Noisy images, whose brightest quarter is their class: learned to some 90 %, so that accuracies can differ. */
function digits() {
  const x = alignedShared(loaded.addon, rowCount * size * size * 4);
  const y = alignedShared(loaded.addon, rowCount * 4);
  const pixels = new Float32Array(x.buffer as ArrayBuffer, x.byteOffset, rowCount * size * size);
  const labels = new Int32Array(y.buffer as ArrayBuffer, y.byteOffset, rowCount);
  const key = foldIn(seedKey(1), 'digits');
  for (let row = 0; row < rowCount; row++) {
    labels[row] = integer(foldIn(key, 'label', row), 0, classCount);
    for (let at = 0; at < size * size; at++) {
      const quarter = 2 * Number(Math.floor(at / size) >= size / 2) + Number(at % size >= size / 2);
      const shift = quarter === labels[row] ? 0.7 : 0;
      pixels[row * size * size + at] = shift + normal(foldIn(key, 'pixel', row, at));
    }
  }
  return { x: pixels, y: labels };
}

const definition = defineModel({
  space: { learningRate: float(1e-3, 1), momentum: float(0, 0.99) },
  build() {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [size, size, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
        layers.batchNormalization(),
        layers.flatten(),
        layers.dropout({ rate: 0.3 }),
        layers.dense({ units: classCount }),
      ],
    });
    const optimizer = momentum(trainableVariables(model));
    return {
      model,
      step: ({ x, y }, { learningRate, momentum: rate }) =>
        optimizer.minimize(
          () => softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor2D).mean() as tf.Scalar,
          { learningRate, momentum: rate },
        ),
      evaluate: ({ x, y }) => {
        const logits = model.apply(x, { training: false }) as tf.Tensor2D;
        return { loss: softmaxCrossEntropy(y, logits), accuracy: correct(y, logits) };
      },
    };
  },
}) as unknown as ModelDefinition;

/** Accuracies after training with one seed: as a graph, and op by op. */
function train(seed: number, tables: ReturnType<typeof digits>): [traced: number, eager: number] {
  const { addon, backend } = loaded;
  const mutable = { learningRate: 0.05, momentum: 0.9 };
  const building = buildModel(definition, {
    structural: {},
    mutable: Object.keys(mutable),
    data: { featureShape: [size, size, 1], target: { kind: 'class', classCount, shape: [] } },
    batchSize,
    key: seedKey(seed),
  });
  const state = initialState(building, addon);
  const { training, evaluation } = traceModel(building, {
    backend,
    definitions: new OpDefinitions(addon),
    columns: [
      { name: 'x', type: 'float32', rowShape: [size, size, 1], rowCount, scale: { factor: 1, offset: 0 } },
      { name: 'y', type: 'int32', rowShape: [], rowCount },
    ],
    sampleRows: tables,
    batchSize,
    evaluationBatchSize: 100,
    mutable: { learningRate: [0.05, 0.01], momentum: [0.9, 0.5] },
    compile: 'never',
    plannedSteps: steps,
    trials: 8,
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
      const x = tf.gather(tf.tensor(tables.x, [rowCount, size, size, 1]), rows);
      const y = tf.gather(tf.tensor1d(tables.y, 'int32'), rows);
      const hyper = { learningRate: tf.scalar(mutable.learningRate), momentum: tf.scalar(mutable.momentum) };
      const context = { random, step: tf.scalar(step, 'int32') };
      withKeyedLayers(random, () => building.model.step({ x, y: y as tf.Tensor1D }, hyper as never, context));
    });
  }
  const eager = tf.tidy(() => {
    const x = tf.tensor(tables.x, [rowCount, size, size, 1]).slice([trainRows, 0, 0, 0]);
    const y = tf.tensor1d(tables.y, 'int32').slice([trainRows]);
    return metricValues(building.model.evaluate({ x, y }, {} as never).accuracy!)
      .mean()
      .dataSync()[0]!;
  });
  building.dispose();
  return [accuracy(target), eager];
}

it('after 200 steps, accuracies over 10 seeds are those of eager tfjs', () => {
  const tables = digits();
  const pairs = Array.from({ length: 10 }, (_, seed) => train(seed + 1, tables));
  const differences = pairs.map(([traced, eager]) => traced - eager);
  const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const deviation = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (differences.length - 1));
  // a paired t-test at 5 %, 9 degrees of freedom; and no seed may be off by more than a few of the 200 images
  expect(Math.abs(mean)).toBeLessThanOrEqual(2.262 * (deviation / Math.sqrt(differences.length)) + 1e-9);
  for (const difference of differences) expect(Math.abs(difference)).toBeLessThan(0.04);
  for (const [traced] of pairs) expect(traced).toBeGreaterThan(0.6);
});
