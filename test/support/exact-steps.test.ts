import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { defineModel, float, type ModelDefinition, momentum, squaredError } from '../../src/trial/index.js';
import { settings } from './classifier.js';
import { oneStep } from './one-step.js';
import { loadTensorFlow } from './tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

/** A slope and an intercept, by momentum. */
const line = defineModel({
  space: { learningRate: float(1e-3, 1) },
  build() {
    const [slope, intercept] = [tf.variable(tf.scalar(0.3)), tf.variable(tf.scalar(-0.1))];
    const optimizer = momentum([slope, intercept]);
    const losses = (x: tf.Tensor, y: tf.Tensor1D) => squaredError(y, x.squeeze([1]).mul(slope).add(intercept) as never);
    return {
      step: ({ x, y }, { learningRate }) =>
        optimizer.minimize(() => losses(x, y).mean() as tf.Scalar, { learningRate, momentum: 0.5 }),
      evaluate: ({ x, y }) => ({ loss: losses(x, y) }),
    };
  },
}) as unknown as ModelDefinition;

it('steps in float64 are what JavaScript computes of the same float32 numbers', () => {
  const target = { kind: 'number', shape: [], mean: 2, deviation: 1 } as const;
  const options = settings([1], { batchSize: 4, target, steps: 3 });
  const { values, dispose } = oneStep(loaded, line, options);
  let [slope, intercept] = [Math.fround(0.3), Math.fround(-0.1)];
  let [slopeMomentum, interceptMomentum] = [0, 0];
  let loss = 0;
  const rate = Math.fround(0.05);
  for (let step = 0; step < 3; step++) {
    const rows = Array.from({ length: 4 }, (_, i) => (i * 5 + 1 + step * 3) % 64);
    const points = rows.map((row) => [Math.fround(options.feature(row)), Math.fround(2 + Math.sin(row))] as const);
    const errors = points.map(([x, y]) => slope * x + intercept - y);
    loss += errors.reduce((sum, error) => sum + error ** 2, 0) / 4;
    slopeMomentum = slopeMomentum / 2 + errors.reduce((sum, e, i) => sum + 2 * e * points[i]![0], 0) / 4;
    interceptMomentum = interceptMomentum / 2 + errors.reduce((sum, e) => sum + 2 * e, 0) / 4;
    slope -= rate * slopeMomentum;
    intercept -= rate * interceptMomentum;
  }
  const exact = values.flatMap((value) => (value.exact ? [value.exact()[0]] : []));
  dispose();
  expect(exact).toEqual([loss, slope, intercept, slopeMomentum, interceptMomentum].map((v) => expect.closeTo(v, 13)));
});
