import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { EvaluationRunner } from '../../src/graph/index.js';
import { defineModel, EagerRunner, exponentialMean, rootMean, sgd, squaredError } from '../../src/trial/index.js';
import { traceOnce } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

/** Predicts half of its only feature. */
const model = defineModel({
  space: {},
  build() {
    const weight = tf.variable(tf.scalar(0.5));
    const optimizer = sgd([weight]);
    const predict = (x: tf.Tensor) => x.squeeze([1]).mul(weight) as tf.Tensor1D;
    return {
      step: ({ x, y }) => optimizer.minimize(() => squaredError(y, predict(x)).mean(), { learningRate: 0.1 }),
      evaluate({ x, y }) {
        const squared = squaredError(y, predict(x));
        return { loss: squared, rmse: rootMean(squared), perplexity: exponentialMean(squared) };
      },
    };
  },
});

it.each([1, 4, 5, 64])('a root and an exponential are taken of the mean of %i rows, traced and eagerly', (count) => {
  const feature = (index: number) => Math.cos(index);
  const options = { featureShape: [1], classCount: 3, batchSize: 4, feature, mutable: {} };
  const { building, state, traced, tables } = traceOnce(loaded, model, options);
  expect(traced.evaluation.metrics).toEqual([
    { name: 'valLoss', transform: 'mean' },
    { name: 'valRmse', transform: 'rootMean' },
    { name: 'valPerplexity', transform: 'exponentialMean' },
  ]);
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const call = { rows, hyperparameters: {}, tables, state };
  const errors = [...rows].map((row) => (tables.y[row]! - tables.x[row]! / 2) ** 2);
  const mean = errors.reduce((a, b) => a + b, 0) / count;
  const expected = { valLoss: mean, valRmse: Math.sqrt(mean), valPerplexity: Math.exp(mean) };
  const { columns } = traced.training;
  const runners = [
    new EvaluationRunner(loaded.addon, traced.evaluation),
    new EagerRunner({ building, backend: loaded.backend, columns, batchSize: 4, evaluationBatchSize: 4 }),
  ];
  for (const runner of runners) {
    const found = runner.evaluate(call);
    for (const [name, value] of Object.entries(expected)) expect(found[name]! / value, name).toBeCloseTo(1, 5);
    runner.close();
  }
});
