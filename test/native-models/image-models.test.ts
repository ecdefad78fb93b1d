import { beforeAll, describe, expect, it } from 'vitest';
import autoencoder from '../../native-models/autoencoder/model.js';
import cnn from '../../native-models/cnn/model.js';
import resnet from '../../native-models/resnet/model.js';
import { seedKey } from '../../src/random/index.js';
import { buildModel, type DataDescription, type ModelDefinition } from '../../src/trial/index.js';
import { expectAgreement } from '../support/agreement.js';
import type { OneStepOptions } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

type Target = DataDescription['target'];
const classes = (classCount: number): Target => ({ kind: 'class', classCount, shape: [] });
const number: Target = { kind: 'number', shape: [], mean: 1000, deviation: 200 };
const none: Target = { kind: 'none' };

const augmentation = { shift: 0.1, cutout: 0.2, mixup: 0.2 };
const training = { learningRate: 0.02, momentum: 0.9, weightDecay: 0.01, averaging: 0.9, smoothing: 0.1 };

interface Case {
  readonly model: ModelDefinition;
  readonly mutable: Readonly<Record<string, number>>;
  readonly structural: NonNullable<OneStepOptions['structural']>;
  readonly smallest: [number, number, number];
  readonly metrics: readonly string[];
}

const predictors: readonly [string, Case][] = [
  [
    'cnn',
    {
      model: cnn as unknown as ModelDefinition,
      mutable: { ...training, ...augmentation, dropout: 0.3 },
      structural: { width: 4, depth: 2 },
      smallest: [1, 1, 1],
      metrics: ['valLoss', 'valAccuracy'],
    },
  ],
  [
    'resnet',
    {
      model: resnet as unknown as ModelDefinition,
      mutable: { ...training, ...augmentation, flip: 0.4 },
      structural: { width: 4, blocks: 1 },
      smallest: [8, 8, 1],
      metrics: ['valLoss', 'valAccuracy'],
    },
  ],
];
const autoencoders = ['dense', 'convolutional'].map((network): [string, Case] => [
  `autoencoder, ${network}`,
  {
    model: autoencoder as unknown as ModelDefinition,
    mutable: { learningRate: 0.003, noise: 0.2 },
    structural: { hidden: 16, code: 4, network },
    smallest: [1, 1, 1],
    metrics: ['valLoss'],
  },
]);

/** Trained and evaluated once, as a graph and op by op, from one state. */
function agree(
  { model, mutable, structural }: Case,
  more: Pick<OneStepOptions, 'featureShape' | 'batchSize' | 'target'>,
) {
  const feature = (i: number) => ((i * 7919) % 1013) / 1013;
  const options = { classCount: 2, feature, mutable, structural, ...more };
  const traced = expectAgreement(loaded, model, options);
  return traced.evaluation.metrics.map(({ name }) => name);
}

describe.each(predictors)('%s', (_, one) => {
  it.each([
    ['one channel, ten classes', [12, 12, 1], 4, classes(10)],
    ['three channels, two classes, odd sides', [9, 11, 3], 4, classes(2)],
    ['no axis of channels', [10, 8], 4, classes(3)],
    ['a batch of one, and the smallest images', one.smallest, 1, classes(2)],
  ] as const)('trains on %s as it does eagerly', (_case, featureShape, batchSize, target) => {
    expect(agree(one, { featureShape: [...featureShape], batchSize, target })).toEqual(one.metrics);
  });

  it('trains on a number', () => {
    expect(agree(one, { featureShape: [8, 8, 1], batchSize: 4, target: number })).toEqual([
      'valLoss',
      'valRmse',
      'valMae',
    ]);
  });
});

describe.each(autoencoders)('%s', (_, one) => {
  it.each([
    ['one channel', [12, 12, 1], 4, classes(10)],
    ['three channels, odd sides, no target', [9, 11, 3], 4, none],
    ['a batch of one, and the smallest images', one.smallest, 1, number],
  ] as const)('trains on %s as it does eagerly', (_case, featureShape, batchSize, target) => {
    expect(agree(one, { featureShape: [...featureShape], batchSize, target })).toEqual(one.metrics);
  });
});

describe('autoencoder', () => {
  it('takes rows of numbers', () => {
    expect(agree(autoencoders[0]![1], { featureShape: [5], batchSize: 4, target: none })).toEqual(['valLoss']);
  });
});

describe('what a model cannot be built for', () => {
  const build =
    ({ model, mutable, structural }: Case, data: DataDescription) =>
    () =>
      buildModel(model, { structural, mutable: Object.keys(mutable), data, batchSize: 4, key: seedKey(1) });
  const image = [12, 12, 1];

  it.each(predictors)('%s needs images and a target', (_, one) => {
    const code = (code: string) => expect.objectContaining({ code });
    expect(build(one, { featureShape: [6], target: classes(2) })).toThrow(code('TRIAL_FEATURES_NOT_IMAGES'));
    expect(build(one, { featureShape: image, target: none })).toThrow(code('TRIAL_TARGET_MISSING'));
  });

  it('resnet needs images of 8 × 8', () => {
    const resnetCase = predictors[1]![1];
    const small = build(resnetCase, { featureShape: [7, 9, 1], target: classes(2) });
    expect(small).toThrow(expect.objectContaining({ code: 'TRIAL_IMAGES_TOO_SMALL' }));
  });

  it('autoencoder needs numbers, and images where it is convolutional', () => {
    const [dense, convolutional] = autoencoders.map(([, one]) => one) as [Case, Case];
    const code = (code: string) => expect.objectContaining({ code });
    const text = { featureShape: [32], vocabularySize: 65, target: none };
    expect(build(dense, text)).toThrow(code('TRIAL_FEATURES_NOT_NUMBERS'));
    expect(build(dense, { featureShape: [0], target: none })).toThrow(code('TRIAL_FEATURES_NOT_NUMBERS'));
    expect(build(convolutional, { featureShape: [6], target: none })).toThrow(code('TRIAL_FEATURES_NOT_IMAGES'));
  });
});
