/** That fused kernels are used where they apply, and nowhere else; that they compute the same is in traced-layers.test.ts. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { alignedShared, TrainingRunner, tensorView } from '../../src/graph/index.js';
import {
  defineModel,
  float,
  type ModelDefinition,
  sgd,
  softmaxCrossEntropy,
  trainableVariables,
} from '../../src/trial/index.js';
import { expectAgreement } from '../support/agreement.js';
import { traceOnce } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const { layers } = tf;
const options = (featureShape: number[]) => ({
  featureShape,
  classCount: 3,
  batchSize: 4,
  feature: (i: number) => ((i * 7919) % 1013) / 1013,
  mutable: { learningRate: 0.05 },
});

function model(make: () => tf.layers.Layer[], inputShape: number[], loss?: Loss): ModelDefinition {
  return defineModel({
    space: { learningRate: float(1e-3, 1) },
    build() {
      const built = tf.sequential({
        layers: [layers.inputLayer({ inputShape }), ...make(), layers.dense({ units: 3 })],
      });
      const optimizer = sgd(trainableVariables(built));
      const plain: Loss = (x, y, predict) => softmaxCrossEntropy(y, predict(x)).mean();
      return {
        model: built,
        step: ({ x, y }, h) => {
          const predict = (input: tf.Tensor) => built.apply(input, { training: true }) as tf.Tensor2D;
          return optimizer.minimize(() => (loss ?? plain)(x, y, predict) as tf.Scalar, {
            learningRate: h.learningRate,
          });
        },
        evaluate: ({ x, y }) => ({ loss: softmaxCrossEntropy(y, built.apply(x, { training: false }) as tf.Tensor2D) }),
      };
    },
  }) as unknown as ModelDefinition;
}
type Loss = (x: tf.Tensor, y: tf.Tensor1D, predict: (x: tf.Tensor) => tf.Tensor2D) => tf.Tensor;

/** What a traced step is made of: the names of ops that occur in its graph. */
function graphText(definition: ModelDefinition, featureShape: number[]): string {
  const { spec } = traceOnce(loaded, definition, options(featureShape)).traced.training;
  return Buffer.concat([spec.graph, spec.loop?.body ?? new Uint8Array()]).toString('latin1');
}

describe('fused kernels', () => {
  it('stand for recurrent layers with sigmoid gates', () => {
    const gru = graphText(
      model(() => [layers.gru({ units: 4, recurrentActivation: 'sigmoid' })], [5, 2]),
      [5, 2],
    );
    expect(gru).toContain('GRUBlockCellGrad');
    const lstm = graphText(
      model(() => [layers.lstm({ units: 4, recurrentActivation: 'sigmoid' })], [5, 2]),
      [5, 2],
    );
    expect(lstm).toContain('BlockLSTMGradV2');
  });

  it('leave recurrent layers as they are where XLA has to compile them', () => {
    const make = () => [layers.gru({ units: 4, recurrentActivation: 'sigmoid' as const })];
    const { spec } = traceOnce(loaded, model(make, [5, 2]), { ...options([5, 2]), compile: 'always' }).traced.training;
    expect(Buffer.from(spec.loop!.body).toString('latin1')).not.toContain('GRUBlockCell');
  });

  it.each([
    ['other gates', () => layers.gru({ units: 4 })],
    ['dropout', () => layers.gru({ units: 4, recurrentActivation: 'sigmoid', dropout: 0.2 })],
    ['another activation', () => layers.gru({ units: 4, recurrentActivation: 'sigmoid', activation: 'relu' })],
  ])('do not stand for %s', (_, make) => {
    expect(
      graphText(
        model(() => [make()], [5, 2]),
        [5, 2],
      ),
    ).not.toContain('GRUBlockCell');
  });

  it('take the place of what tfjs composes of activations and products', () => {
    const text = graphText(
      model(() => [layers.dense({ units: 4, activation: 'relu' })], [5]),
      [5],
    );
    expect(text).toContain('ReluGrad');
    expect(text).not.toMatch(/IsNan|BatchMatMul/);
  });

  it.each([undefined, 'relu'] as const)("add a convolution's bias, with activation %s, in one go", (activation) => {
    const textOf = (useBias: boolean) => {
      const convolution = () =>
        layers.conv2d({ filters: 2, kernelSize: 2, useBias, ...(activation && { activation }) });
      return graphText(
        model(() => [convolution(), layers.flatten()], [4, 4, 1]),
        [4, 4, 1],
      );
    };
    expect(textOf(true)).toContain('BiasAdd');
    expect(textOf(false)).not.toContain('BiasAdd');
  });

  it.each([
    ['dense', () => [layers.dense({ units: 6, activation: 'sigmoid' })], [5]],
    ['gru', () => [layers.gru({ units: 4, recurrentActivation: 'sigmoid' })], [4, 2]],
    [
      'batch normalization',
      () => [
        layers.conv2d({ filters: 2, kernelSize: 1, useBias: false }),
        layers.batchNormalization(),
        layers.flatten(),
      ],
      [2, 2, 1],
      'the slope of what is normalised is what is left of sums that cancel',
    ],
  ] as [string, () => tf.layers.Layer[], number[], string?][])(
    'leave the gradient of a gradient right: %s',
    (_, make, featureShape, inexact) => {
      // the gradient penalty of Gulrajani et al. 2017
      const penalised: Loss = (x, y, predict) => {
        const slope = tf.grad((input: tf.Tensor) => softmaxCrossEntropy(y, predict(input)).mean())(x);
        return softmaxCrossEntropy(y, predict(x)).mean().add(slope.square().sum().mul(10));
      };
      expectAgreement(loaded, model(make, featureShape, penalised), options(featureShape), inexact ? { inexact } : {});
    },
  );
});

describe('a step', () => {
  const dense = (count: number) => () =>
    Array.from({ length: count }, () => layers.dense({ units: 2, activation: 'relu' }));
  it.each<[string, () => tf.layers.Layer[], number[], boolean]>([
    ['of few operations', dense(2), [2], true],
    ['of more than 400', dense(60), [2], false],
    ['with a convolution', () => [layers.conv2d({ filters: 1, kernelSize: 1 }), layers.flatten()], [2, 2, 1], false],
  ])('%s is in a loop, or has a call of its own', (_, make, featureShape, isLooped) => {
    const { spec } = traceOnce(loaded, model(make, featureShape), options(featureShape)).traced.training;
    expect(spec.loop !== undefined).toBe(isLooped);
  });
});

describe('denormal numbers', () => {
  it("count as zero in a traced step, as in TensorFlow's own threads", () => {
    const { traced, state, tables } = traceOnce(
      loaded,
      model(() => [], [5]),
      options([5]),
    );
    const [first] = traced.layout.tensors;
    tensorView(state, first!).fill(1e-40);
    const to = alignedShared(loaded.addon, state.byteLength);
    const runner = new TrainingRunner(loaded.addon, traced.training);
    runner.indices.fill(0);
    const hyperparameters = { learningRate: 0 };
    runner.train({ steps: 1, firstStep: 0, seed: [1, 2], hyperparameters, tables, from: state, to });
    expect(new Set(tensorView(to, first!))).toEqual(new Set([0]));
    // and only there: JavaScript keeps them
    expect(tensorView(state, first!)[0]! * 1).toBeGreaterThan(0);
  });
});

describe('an op that fails while a step runs', () => {
  it.each([
    ['in a loop', () => []],
    [
      'in a step of its own',
      () => [
        layers.reshape({ targetShape: [5, 1, 1] }),
        layers.conv2d({ filters: 1, kernelSize: 1 }),
        layers.flatten(),
      ],
    ],
  ] as [string, () => tf.layers.Layer[]][])("is named with the author's line: %s", (_, make) => {
    const loss: Loss = (x, y, predict) =>
      softmaxCrossEntropy(y.mul(tf.scalar(1, 'int32')) as tf.Tensor1D, predict(x)).mean();
    const { traced, state, tables } = traceOnce(loaded, model(make, [5], loss), options([5]));
    tables.y.fill(99);
    const runner = new TrainingRunner(loaded.addon, traced.training);
    runner.indices.fill(0);
    const hyperparameters = { learningRate: 0.1 };
    const run = () =>
      runner.train({ steps: 1, firstStep: 0, seed: [1, 2], hyperparameters, tables, from: state, to: state });
    expect(run).toThrow(/but \w+ \(.*fused\.test\.ts:\d+:\d+\) failed: .*label value of 99/);
  });
});
