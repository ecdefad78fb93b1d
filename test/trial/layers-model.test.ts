import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { float, type LayersModelOptions, layersModel, type ModelDefinition } from '../../src/trial/index.js';
import { oneStep } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

type Options = LayersModelOptions<{ learningRate: ReturnType<typeof float> }>;

/** As somebody's existing model would be: with its activation, and a regulariser. */
function existing({
  loss,
  optimizer,
  units,
  activation,
}: Pick<Options, 'loss' | 'optimizer'> & { units: number; activation?: 'softmax' | 'sigmoid' }) {
  return layersModel({
    space: { learningRate: float(1e-3, 1, { scale: 'log' }) },
    optimizer,
    loss,
    model: ({ data }) =>
      tf.sequential({
        layers: [
          tf.layers.dense({
            units: 8,
            activation: 'tanh',
            inputShape: [...data.featureShape],
            kernelRegularizer: 'l1l2',
          }),
          tf.layers.dense({ units, ...(activation ? { activation } : {}) }),
        ],
      }),
  }) as unknown as ModelDefinition;
}

function check(definition: ModelDefinition, classCount: number) {
  const feature = (i: number) => ((i * 7919) % 1013) / 1013;
  const options = { featureShape: [6], classCount, batchSize: 8, feature, mutable: { learningRate: 0.05 } };
  const { tracedLoss, eagerLoss, differences, tracedMetrics, eagerMetrics } = oneStep(loaded, definition, options);
  expect(tracedLoss).toBeCloseTo(eagerLoss, 4);
  for (const { name, difference } of differences) expect(difference, name).toBeLessThan(1e-5);
  expect(Object.keys(tracedMetrics)).toEqual(['valLoss', 'valAccuracy']);
  for (const [name, value] of Object.entries(eagerMetrics)) expect(tracedMetrics[name]).toBeCloseTo(value, 4);
  return { tracedLoss, tracedMetrics };
}

describe('an existing layers model', () => {
  it.each(['adadelta', 'adagrad', 'adam', 'adamax', 'momentum', 'rmsprop', 'sgd'] as const)(
    'trains with %s',
    (optimizer) => {
      check(existing({ loss: 'sparseCategoricalCrossentropy', optimizer, units: 4, activation: 'softmax' }), 4);
    },
  );

  it.each([
    ['sparseCategoricalCrossentropy', 4, 'softmax'],
    ['categoricalCrossentropy', 4, 'softmax'],
    ['softmaxCrossEntropy', 4, undefined],
    ['binaryCrossentropy', 1, 'sigmoid'],
    ['meanSquaredError', 1, 'sigmoid'],
    ['meanAbsoluteError', 1, 'sigmoid'],
  ] as const)('trains with the loss %s', (loss, units, activation) => {
    check(existing({ loss, optimizer: 'sgd', units, ...(activation ? { activation } : {}) }), units === 1 ? 2 : 4);
  });

  it('has the same cross-entropy from probabilities and from logits', () => {
    const fromProbabilities = check(
      existing({ loss: 'categoricalCrossentropy', optimizer: 'sgd', units: 4, activation: 'softmax' }),
      4,
    );
    const fromLogits = check(existing({ loss: 'softmaxCrossEntropy', optimizer: 'sgd', units: 4 }), 4);
    expect(fromLogits.tracedLoss).toBeCloseTo(fromProbabilities.tracedLoss, 4);
    expect(fromLogits.tracedMetrics.valLoss).toBeCloseTo(fromProbabilities.tracedMetrics.valLoss!, 4);
  });
});
