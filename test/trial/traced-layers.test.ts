import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  correct,
  defineModel,
  float,
  type ModelDefinition,
  momentum,
  sgd,
  softmaxCrossEntropy,
  trainableVariables,
} from '../../src/trial/index.js';
import { type OneStepOptions, oneStep } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const { layers } = tf;
type Layer = tf.layers.Layer;
type Optimizer = 'sgd' | 'momentum' | 'adam';

/** A classifier with these layers before its last one, and everything a step may use. */
function classifier(make: () => Layer[], inputShape: number[], optimizerName: Optimizer = 'momentum'): ModelDefinition {
  return defineModel({
    space: { learningRate: float(1e-3, 1), momentum: float(0, 0.99) },
    build({ data }) {
      const model = tf.sequential();
      const input = layers.inputLayer({ inputShape });
      model.add(input);
      for (const layer of make()) model.add(layer);
      if (model.outputs[0]!.shape.length > 2) model.add(layers.flatten());
      const classes = data.target.kind === 'class' ? data.target.classCount : 1;
      model.add(layers.dense({ units: classes }));
      const variables = trainableVariables(model);
      const optimizer = { sgd, momentum, adam }[optimizerName](variables);
      return {
        model,
        step: ({ x, y }, h) => {
          const loss = () => {
            const logits = model.apply(x, { training: true }) as tf.Tensor2D;
            const penalties = model.calculateLosses();
            const base = softmaxCrossEntropy(y, logits).mean();
            return penalties.reduce((sum: tf.Tensor, penalty) => sum.add(penalty), base) as tf.Scalar;
          };
          return optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
        },
        evaluate: ({ x, y }) => {
          const logits = model.apply(x, { training: false }) as tf.Tensor2D;
          return { loss: softmaxCrossEntropy(y, logits), accuracy: correct(y, logits) };
        },
      };
    },
  }) as unknown as ModelDefinition;
}

const options = (featureShape: number[], more: Partial<OneStepOptions> = {}): OneStepOptions => ({
  featureShape,
  classCount: 5,
  batchSize: 8,
  feature: (i) => ((i * 7919) % 1013) / 1013,
  mutable: { learningRate: 0.05, momentum: 0.9 },
  ...more,
});

/**
 * Both run the same kernels, but the eager context splits sums over the machine's threads and the session does not: that
 * is a few units in the last place, relative to a tensor's largest value.
 */
const tolerance = 1e-5;

function expectAgreement(definition: ModelDefinition, settings: OneStepOptions, within = tolerance) {
  const { tracedLoss, eagerLoss, differences, tracedMetrics, eagerMetrics } = oneStep(loaded, definition, settings);
  expect(Math.abs(tracedLoss - eagerLoss)).toBeLessThan(within * Math.max(1, Math.abs(eagerLoss)));
  for (const { name, difference } of differences) expect(difference, name).toBeLessThan(within);
  for (const [name, value] of Object.entries(eagerMetrics)) expect(tracedMetrics[name]).toBeCloseTo(value, 4);
}

const image = [8, 8, 3];
const series = [6, 4];
const kernelInitializer = 'glorotUniform';
// Not here, since tfjs itself has no gradient of them: dilated and causal convolutions, thresholdedReLU.
const cases: [string, number[], () => Layer[]][] = [
  ['dense', [6], () => [layers.dense({ units: 7, activation: 'tanh' })]],
  ['conv2d', image, () => [layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })]],
  [
    'conv2d, strided and padded',
    image,
    () => [layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })],
  ],
  ['conv2dTranspose', image, () => [layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 })]],
  ['depthwiseConv2d', image, () => [layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 })]],
  ['separableConv2d', image, () => [layers.separableConv2d({ filters: 5, kernelSize: 3 })]],
  ['conv1d', series, () => [layers.conv1d({ filters: 5, kernelSize: 3, padding: 'same' })]],
  ['maxPooling2d', image, () => [layers.maxPooling2d({ poolSize: 2 })]],
  ['averagePooling2d', image, () => [layers.averagePooling2d({ poolSize: 2 })]],
  ['maxPooling1d', series, () => [layers.maxPooling1d({ poolSize: 2 })]],
  ['averagePooling1d', series, () => [layers.averagePooling1d({ poolSize: 3 })]],
  [
    'globalAveragePooling2d',
    image,
    () => [layers.conv2d({ filters: 3, kernelSize: 1 }), layers.globalAveragePooling2d({})],
  ],
  ['globalMaxPooling1d', series, () => [layers.globalMaxPooling1d()]],
  ['upSampling2d', image, () => [layers.upSampling2d({ size: [2, 2] })]],
  ['zeroPadding2d', image, () => [layers.zeroPadding2d({ padding: 1 })]],
  [
    'batchNormalization of images',
    image,
    () => [layers.conv2d({ filters: 4, kernelSize: 3, useBias: false }), layers.batchNormalization()],
  ],
  ['batchNormalization of rows', [6], () => [layers.dense({ units: 5 }), layers.batchNormalization({ momentum: 0.5 })]],
  ['layerNormalization', [6], () => [layers.dense({ units: 5 }), layers.layerNormalization()]],
  ['dropout', [6], () => [layers.dense({ units: 20 }), layers.dropout({ rate: 0.4 })]],
  ['spatialDropout1d', series, () => [layers.spatialDropout1d({ rate: 0.4 })]],
  ['gaussianNoise', [6], () => [layers.gaussianNoise({ stddev: 0.3 }), layers.dense({ units: 5 })]],
  ['gaussianDropout', [6], () => [layers.gaussianDropout({ rate: 0.3 }), layers.dense({ units: 5 })]],
  ['alphaDropout', [6], () => [layers.dense({ units: 9, activation: 'selu' }), layers.alphaDropout({ rate: 0.3 })]],
  ['simpleRNN', series, () => [layers.simpleRNN({ units: 5, recurrentInitializer: kernelInitializer })]],
  ['gru', series, () => [layers.gru({ units: 5, recurrentInitializer: kernelInitializer })]],
  ['gru of sequences', series, () => [layers.gru({ units: 5, returnSequences: true })]],
  ['lstm', series, () => [layers.lstm({ units: 5, recurrentInitializer: kernelInitializer })]],
  ['lstm with dropout', series, () => [layers.lstm({ units: 5, dropout: 0.3, recurrentDropout: 0.2 })]],
  ['gru, fused', series, () => [layers.gru({ units: 5, recurrentActivation: 'sigmoid' })]],
  [
    'gru, fused, of sequences, without bias',
    series,
    () => [layers.gru({ units: 5, recurrentActivation: 'sigmoid', returnSequences: true, useBias: false })],
  ],
  ['lstm, fused', series, () => [layers.lstm({ units: 5, recurrentActivation: 'sigmoid' })]],
  [
    'lstm, fused, of sequences, backwards',
    series,
    () => [layers.lstm({ units: 5, recurrentActivation: 'sigmoid', returnSequences: true, goBackwards: true })],
  ],
  [
    'bidirectional, fused, in two layers',
    series,
    () => [
      layers.bidirectional({
        layer: layers.gru({ units: 3, recurrentActivation: 'sigmoid', returnSequences: true }) as never,
        mergeMode: 'concat',
      }),
      layers.lstm({ units: 4, recurrentActivation: 'sigmoid' }),
    ],
  ],
  [
    'bidirectional',
    series,
    () => [layers.bidirectional({ layer: layers.gru({ units: 3 }) as never, mergeMode: 'concat' })],
  ],
  ['timeDistributed', series, () => [layers.timeDistributed({ layer: layers.dense({ units: 3 }) })]],
  ['one time step: timeDistributed', [1, 4], () => [layers.timeDistributed({ layer: layers.dense({ units: 3 }) })]],
  ['one time step: simpleRNN', [1, 4], () => [layers.simpleRNN({ units: 5, recurrentInitializer: kernelInitializer })]],
  ['prelu', [6], () => [layers.dense({ units: 5 }), layers.prelu({ alphaInitializer: 'ones' })]],
  [
    'leakyReLU, elu, reLU',
    [6],
    () => [layers.dense({ units: 5 }), layers.leakyReLU(), layers.elu(), layers.reLU({ maxValue: 2 })],
  ],
  [
    'reshape, permute, repeatVector',
    [6],
    () => [layers.repeatVector({ n: 3 }), layers.permute({ dims: [2, 1] }), layers.reshape({ targetShape: [18] })],
  ],
  [
    'regularisers',
    [6],
    () => [
      layers.dense({
        units: 5,
        kernelRegularizer: tf.regularizers.l1l2({ l1: 0.01, l2: 0.02 }) as never,
        biasRegularizer: 'l1l2',
      }),
    ],
  ],
];

describe('one step, traced, agrees with eager tfjs', () => {
  it.each(cases)('%s', (_, shape, make) => expectAgreement(classifier(make, shape), options(shape)));

  it('embedding', () => {
    const make = () => [layers.embedding({ inputDim: 11, outputDim: 4 })];
    expectAgreement(classifier(make, [6]), options([6], { feature: (i) => (i * 5) % 11 }));
  });

  const activations = [
    'elu',
    'hardSigmoid',
    'linear',
    'relu',
    'relu6',
    'selu',
    'sigmoid',
    'softmax',
    'softplus',
    'softsign',
    'tanh',
    'swish',
    'mish',
    'gelu',
  ] as const;
  it.each(activations)('activation %s', (activation) => {
    expectAgreement(
      classifier(() => [layers.dense({ units: 7, activation: activation as never })], [6]),
      options([6]),
    );
  });

  it.each(['sgd', 'momentum', 'adam'] as const)('optimizer %s', (optimizer) => {
    expectAgreement(
      classifier(() => [layers.dense({ units: 7, activation: 'relu' })], [6], optimizer),
      options([6]),
    );
  });

  it('fused batch normalization agrees with the one that tfjs composes', () => {
    const make = () => [
      layers.conv2d({ filters: 4, kernelSize: 3, useBias: false }),
      layers.batchNormalization({ momentum: 0.9 }),
    ];
    expectAgreement(classifier(make, image), options(image), 1e-4);
  });

  it('compiled', () => {
    const make = () => [
      layers.dense({ units: 7, activation: 'tanh' }),
      layers.dropout({ rate: 0.3 }),
      layers.layerNormalization(),
    ];
    expectAgreement(classifier(make, [6]), options([6], { compile: 'always' }));
  });

  it.each(cases)('compiled: %s', (_, shape, make) => {
    expectAgreement(classifier(make, shape), options(shape, { compile: 'always' }), 1e-4);
  });

  it('random small architectures', () => {
    const activation = fc.constantFrom('relu' as const, 'tanh' as const, 'sigmoid' as const);
    const layer = fc.oneof(
      fc.record({
        kind: fc.constant('conv' as const),
        filters: fc.integer({ min: 1, max: 5 }),
        size: fc.integer({ min: 1, max: 3 }),
        activation,
      }),
      fc.record({ kind: fc.constant('norm' as const) }),
      fc.record({ kind: fc.constant('pool' as const) }),
      fc.record({ kind: fc.constant('dropout' as const), rate: fc.double({ min: 0.1, max: 0.6, noNaN: true }) }),
    );
    type Spec = Parameters<Parameters<typeof layer.map>[0]>[0];
    const build = (spec: Spec): Layer => {
      switch (spec.kind) {
        case 'conv':
          return layers.conv2d({
            filters: spec.filters,
            kernelSize: spec.size,
            padding: 'same',
            activation: spec.activation,
          });
        case 'norm':
          return layers.batchNormalization();
        case 'pool':
          return layers.maxPooling2d({ poolSize: 2, padding: 'same' });
        default:
          return layers.dropout({ rate: spec.rate });
      }
    };
    const optimizer = fc.constantFrom('sgd' as const, 'momentum' as const, 'adam' as const);
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 4 }), optimizer, (specs, name) => {
        // Adam divides by the root of a square: where a gradient is all but zero, its last bits decide a whole step
        const within = name === 'adam' ? 1e-2 : 2e-4;
        expectAgreement(
          classifier(() => specs.map(build), image, name),
          options(image),
          within,
        );
      }),
      { numRuns: 12, seed: 1 },
    );
  });
});
