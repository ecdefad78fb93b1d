import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSavedModel } from '../../../src/modules/index.js';
import { seedKey } from '../../../src/random/index.js';
import {
  buildModel,
  type DataDescription,
  isLayersModel,
  type SavedTraining,
  savedFromModel,
  savedLayersModel,
} from '../../../src/trial/index.js';
import { expectAgreement } from '../../support/agreement.js';
import { loadTensorFlow } from '../../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/layers/${name}/model.json`, import.meta.url));
const digits: DataDescription = { featureShape: [28, 28, 1], target: { kind: 'class', classCount: 10, shape: [] } };

async function build(name: string, training: SavedTraining = {}, data = digits) {
  const definition = await savedLayersModel(await readSavedModel(fixture(name)), training);
  const mutable = Object.keys(definition.space).filter((one) => typeof definition.space[one] === 'object');
  return (seed: number) => buildModel(definition, { structural: {}, mutable, data, batchSize: 4, key: seedKey(seed) });
}

const weightsOf = ({ model }: ReturnType<Awaited<ReturnType<typeof build>>>) =>
  model.model!.getWeights().map((weight) => [...weight.dataSync()]);

const rejection = async (act: () => Promise<unknown>) =>
  act().then(
    () => 'nothing',
    (error: { code?: string }) => error.code,
  );

describe('a saved model', () => {
  it.each(['keras-cnn', 'keras-functional', 'tfjs-example-mnist-node'])(
    '%s predicts as tf.loadLayersModel has it',
    async (name) => {
      const files = await readSavedModel(fixture(name));
      const own = (await build(name))(1);
      const topology = files.json.modelTopology as object;
      if (name === 'keras-cnn') return expect(weightsOf(own).flat().length).toBe(files.weightData.byteLength / 4);
      const theirs = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology: topology }));
      theirs.setWeights(own.model.model!.getWeights());
      const x = tf.randomUniform([3, ...theirs.inputs[0]!.shape.slice(1).map(Number)], 0, 1, 'float32', 7);
      const [a, b] = [own.model.model!, theirs].map((model) => [...(model.predict(x) as tf.Tensor).dataSync()]);
      expect(a).toEqual(b);
    },
  );

  it('starts all trials from its saved weights, or each from its own', async () => {
    const saved = await build('keras-cnn');
    expect(weightsOf(saved(1))).toEqual(weightsOf(saved(2)));
    const fresh = await build('keras-cnn', { initialWeights: 'fresh' });
    expect(weightsOf(fresh(1))).not.toEqual(weightsOf(fresh(2)));
    expect(weightsOf(fresh(1))).toEqual(weightsOf(fresh(1)));
    expect(weightsOf(fresh(1))).not.toEqual(weightsOf(saved(1)));
  });

  it('trains traced as it does eagerly, with dropout keyed, and frozen layers as they were', async () => {
    for (const name of ['keras-cnn', 'keras-functional']) {
      const definition = await savedLayersModel(await readSavedModel(fixture(name)));
      const mutable = name === 'keras-cnn' ? { learningRate: 0.01, beta1: 0.9 } : { learningRate: 0.01, momentum: 0.9 };
      const feature = (index: number) => ((index * 7919) % 1013) / 1013;
      const options = { featureShape: [28, 28, 1], classCount: 10, batchSize: 4, feature, mutable };
      expectAgreement(loaded, definition, options);
    }
  });

  it('has the optimizer and the loss as hyperparameters where there are several', async () => {
    const names = { optimizers: ['Adam', 'SGD', 'rmsprop', 'adamax'], losses: ['categoricalCrossentropy', 'mse'] };
    const definition = await savedLayersModel(await readSavedModel(fixture('keras-cnn')), names);
    // what differs and is no range, the epsilons, stays as each optimizer has it
    expect(definition.space).toEqual({
      optimizer: { choice: names.optimizers },
      learningRate: { float: [1e-4, 1], scale: 'log', when: { optimizer: names.optimizers } },
      beta1: { float: [0.8, 0.99], when: { optimizer: ['Adam', 'adamax'] } },
      beta2: { fixed: 0.999, when: { optimizer: ['Adam', 'adamax'] } },
      decay: { float: [0.8, 0.99], when: { optimizer: ['rmsprop'] } },
      momentum: { float: [0, 0.99], when: { optimizer: ['rmsprop'] } },
      loss: { choice: names.losses },
    });
    const slots = (structural: Record<string, string>) => {
      const mutable = ['learningRate', 'beta1', 'decay', 'momentum'];
      return buildModel(definition, { structural, mutable, data: digits, batchSize: 4, key: seedKey(1) }).variables
        .length;
    };
    const plain = slots({ optimizer: 'SGD', loss: 'mse' });
    expect(slots({ optimizer: 'rmsprop', loss: 'mse' })).toBeGreaterThan(plain);
    expect(slots({ optimizer: 'Adam', loss: 'categoricalCrossentropy' })).toBeGreaterThan(plain);
  });

  it('is refused with a reason where it does not fit', async () => {
    const narrow: DataDescription = { featureShape: [5], target: digits.target };
    const few: DataDescription = { ...digits, target: { kind: 'class', classCount: 4, shape: [] } };
    expect(await rejection(async () => (await build('keras-cnn', {}, narrow))(1))).toBe('TRIAL_INPUT_SHAPE');
    expect(await rejection(async () => (await build('keras-cnn', {}, few))(1))).toBe('TRIAL_OUTPUT_SHAPE');
    expect(await rejection(() => build('keras-cnn', { optimizer: 'ftrl' }))).toBe('TRIAL_UNKNOWN_OPTIMIZER');
    expect(await rejection(() => build('keras-cnn', { loss: 'nothing' }))).toBe('TRIAL_UNKNOWN_LOSS');
    expect(await rejection(() => build('tfjs-example-mnist-node', { initialWeights: 'saved' }))).toBe(
      'TRIAL_SAVED_WEIGHTS_MISSING',
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a graph model', { format: 'graph-model', modelTopology: {} }, 'TRIAL_SAVED_MODEL_INVALID'],
    ['no topology', { hello: 1 }, 'TRIAL_SAVED_MODEL_INVALID'],
    [
      'an unknown layer',
      { class_name: 'Sequential', config: { layers: [{ class_name: 'Magic', config: {} }] } },
      'TRIAL_SAVED_MODEL_INVALID',
    ],
    ['nothing to train with', { class_name: 'Sequential', config: { layers: [] } }, 'TRIAL_TRAINING_INCOMPLETE'],
  ])('%s', async (name, json, code) => {
    const training = name === 'nothing to train with' ? {} : { optimizer: 'sgd', loss: 'mse' };
    expect(await rejection(() => savedLayersModel({ path: 'x', json, weightData: new Uint8Array() }, training))).toBe(
      code,
    );
  });
});

describe('a model that a module exports', () => {
  it('is taken with what it was compiled with', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: 'softmax' })] });
    model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: 'categoricalCrossentropy' });
    expect(isLayersModel(model)).toBe(true);
    expect(isLayersModel({ layers: [] })).toBe(false);
    const { space } = await savedLayersModel(savedFromModel('here', model));
    expect(Object.keys(space)).toEqual(['learningRate', 'momentum']);
  });

  it('with two outputs is refused by their names', async () => {
    const input = tf.input({ shape: [2] });
    const heads = ['left', 'right'].map(
      (name) => tf.layers.dense({ units: 1, name }).apply(input) as tf.SymbolicTensor,
    );
    const saved = savedFromModel('here', tf.model({ inputs: input, outputs: heads }));
    const definition = await savedLayersModel(saved, { optimizer: 'adam', loss: 'mse' });
    const data: DataDescription = { featureShape: [2], target: { kind: 'number', shape: [], mean: 0, deviation: 1 } };
    const made = () => buildModel(definition, { structural: {}, mutable: [], data, batchSize: 2, key: seedKey(1) });
    expect(made).toThrow(/this one has 2: left, right/);
  });

  it('reports the errors of numbers in their own unit', async () => {
    const dense = tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'ones' });
    const saved = savedFromModel('here', tf.sequential({ layers: [dense] }));
    const definition = await savedLayersModel(saved, { optimizer: 'sgd', loss: 'mae', initialWeights: 'fresh' });
    const data: DataDescription = { featureShape: [1], target: { kind: 'number', shape: [], mean: 0, deviation: 1 } };
    const { model } = buildModel(definition, { structural: {}, mutable: [], data, batchSize: 2, key: seedKey(1) });
    const { loss, rmse, mae } = model.evaluate({ x: tf.tensor2d([[1], [5]]), y: tf.tensor1d([4, 3]) }, {} as never);
    const values = (metric: unknown) => [...(metric as tf.Tensor).dataSync()];
    expect(values(loss)).toEqual([3, 2]);
    expect(values(mae)).toEqual([3, 2]);
    expect(rmse).toMatchObject({ transform: 'rootMean' });
    expect(values((rmse as { values: unknown }).values)).toEqual([9, 4]);
  });

  it('keeps the statistics of a frozen batch normalization', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 3, inputShape: [2] }), tf.layers.batchNormalization({ trainable: false })],
    });
    const definition = await savedLayersModel(savedFromModel('here', model), { optimizer: 'sgd', loss: 'mse' });
    const data: DataDescription = { featureShape: [2], target: { kind: 'class', classCount: 3, shape: [] } };
    const { model: built } = buildModel(definition, {
      structural: {},
      mutable: [],
      data,
      batchSize: 4,
      key: seedKey(1),
    });
    const moving = () => built.model!.layers[1]!.getWeights().map((weight) => [...weight.dataSync()]);
    const before = moving();
    const [x, y] = [tf.ones([4, 2]).mul(5), tf.tensor1d([0, 1, 2, 0], 'int32')];
    built.step({ x, y }, { learningRate: tf.scalar(0.1) } as never, {} as never);
    expect(moving()).toEqual(before);
  });
});
