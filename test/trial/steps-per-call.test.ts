import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { alignedShared, EvaluationRunner, resultOf, TrainingRunner } from '../../src/graph/index.js';
import { float, layersModel } from '../../src/trial/index.js';
import { traceOnce } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const { layers } = tf;
const batchSize = 8;
/** Sixteen steps, in calls of so many. */
const steps = 16;
const stepsPerCall = [1, 3, 16];

const hidden: Record<string, () => tf.layers.Layer[]> = {
  dropout: () => [layers.dense({ units: 6, activation: 'relu' }), layers.dropout({ rate: 0.3 }), layers.flatten()],
  'batch normalization': () => [layers.dense({ units: 6 }), layers.batchNormalization(), layers.flatten()],
  'a GRU': () => [
    layers.gru({ units: 5, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' }),
    layers.dropout({ rate: 0.3 }),
  ],
};

describe('training and evaluating give the same bits however many steps and batches a call does', () => {
  const cases = Object.keys(hidden).flatMap((name) => ['never', 'always'].map((compile) => [name, compile] as const));
  it.each(cases)('%s (compile: %s)', (name, compile) => {
    const { addon } = loaded;
    const definition = layersModel({
      space: { learningRate: float(0.01, 1) },
      optimizer: 'adam',
      loss: 'softmaxCrossEntropy',
      model: () => {
        const input = layers.reshape({ inputShape: [4, 3], targetShape: [4, 3] });
        return tf.sequential({ layers: [input, ...hidden[name]!(), layers.dense({ units: 3 })] });
      },
    });
    const { traced, state, tables } = traceOnce(loaded, definition, {
      featureShape: [4, 3],
      classCount: 3,
      batchSize,
      feature: (i) => Math.sin(i) ** 2,
      mutable: { learningRate: 0.05 },
      compile: compile as 'never' | 'always',
    });
    const training = new TrainingRunner(addon, traced.training);
    const evaluation = new EvaluationRunner(addon, traced.evaluation);
    // otherwise nothing would vary below
    expect(traced.training.capacity).toBeGreaterThanOrEqual(steps);
    const hyperparameters = { learningRate: 0.05 };
    const results = stepsPerCall.map((perCall) => {
      const to = alignedShared(addon, state.byteLength);
      to.set(state);
      let lossSum = 0;
      for (let firstStep = 0; firstStep < steps; firstStep += perCall) {
        const count = Math.min(perCall, steps - firstStep);
        for (let i = 0; i < count * batchSize; i++) training.indices[i] = ((firstStep * batchSize + i) * 5) % 64;
        lossSum = training.train({
          steps: count,
          firstStep,
          lossSum,
          seed: [7, 8],
          hyperparameters,
          tables,
          from: to,
          to,
        });
      }
      const rows = Int32Array.from({ length: 61 }, (_, i) => i);
      const calls = { rows, hyperparameters, tables, state: to, batchesPerCall: () => perCall };
      const metrics = resultOf(evaluation.evaluateInCalls(calls));
      return { lossSum, metrics, state: Buffer.from(to).toString('hex') };
    });
    expect(results[0]!.state).not.toBe(Buffer.from(state).toString('hex'));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});
