import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Batch,
  type DataDescription,
  defineModel,
  float,
  layersModel,
  type ModelDefinition,
  sgd,
  trainableVariables,
} from '../../src/trial/index.js';
import { rowLosses } from '../../src/trial/layers/losses-by-name.js';
import { expectAgreement } from '../support/agreement.js';
import { settings } from '../support/classifier.js';
import { oneStep } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

interface Existing {
  readonly loss: string;
  readonly optimizer?: string;
  /** Of the last layer. */
  readonly units: number;
  readonly activation?: 'softmax' | 'sigmoid' | 'softplus' | 'tanh';
  /** Whether rows are sequences. */
  readonly isSequence?: boolean;
}

/** As somebody's existing model would be: with its activation, and a regulariser. */
function existing({ loss, optimizer = 'sgd', units, activation }: Existing): ModelDefinition {
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

type Target = DataDescription['target'];
const classes = (classCount: number, shape: number[] = []): Target => ({ kind: 'class', classCount, shape });
/** From 1 to 3: some losses want what is above 0. */
const numbers: Target = { kind: 'number', shape: [], mean: 2, deviation: 1 };
const none: Target = { kind: 'none' };

describe('an existing layers model', () => {
  it.each(['adadelta', 'adagrad', 'adam', 'adamax', 'momentum', 'rmsprop', 'sgd'] as const)(
    'trains with %s',
    (optimizer) => {
      const model = existing({ loss: 'sparseCategoricalCrossentropy', optimizer, units: 4, activation: 'softmax' });
      const { evaluation } = expectAgreement(loaded, model, settings([6], { classCount: 4 }));
      expect(evaluation.metrics.map(({ name }) => name)).toEqual(['valLoss', 'valAccuracy']);
    },
  );

  const losses: [Existing, Target][] = [
    [{ loss: 'sparseCategoricalCrossentropy', units: 4, activation: 'softmax' }, classes(4)],
    [{ loss: 'sparseCategoricalCrossentropy', units: 4 }, classes(4)],
    [{ loss: 'sparseCategoricalCrossentropy', units: 4, activation: 'softmax', isSequence: true }, classes(4, [3])],
    [{ loss: 'sparseCategoricalCrossentropy', units: 4, isSequence: true }, classes(4, [3])],
    [{ loss: 'categoricalCrossentropy', units: 4, activation: 'softmax' }, classes(4)],
    [{ loss: 'softmaxCrossEntropy', units: 4 }, classes(4)],
    [{ loss: 'binaryCrossentropy', units: 1, activation: 'sigmoid' }, classes(2)],
    [{ loss: 'binaryCrossentropy', units: 1 }, classes(2)],
    [{ loss: 'kullbackLeiblerDivergence', units: 4, activation: 'softmax' }, classes(4)],
    [{ loss: 'hinge', units: 1, activation: 'tanh' }, classes(2)],
    [{ loss: 'squaredHinge', units: 1, activation: 'tanh' }, classes(2)],
    ...[
      'huber',
      'logcosh',
      'meanAbsoluteError',
      'meanAbsolutePercentageError',
      'meanSquaredError',
      'meanSquaredLogarithmicError',
      'poisson',
    ].map((loss): [Existing, Target] => [{ loss, units: 1, activation: 'softplus' }, numbers]),
    [{ loss: 'meanSquaredError', units: 6 }, none],
  ];
  it.each(losses.map(([model, target]) => [JSON.stringify(model), target.kind, model, target] as const))(
    'trains with %s on a target of kind %s',
    (_, __, model, target) => {
      const options = settings(model.isSequence ? [3, 6] : [6], { target });
      expectAgreement(loaded, existing(model), options);
    },
  );

  it.each([
    [numbers, losses.filter(([, target]) => target === numbers).map(([{ loss }]) => loss), 'softplus', 1],
    [classes(2), ['binaryCrossentropy', 'hinge', 'squaredHinge'], 'sigmoid', 1],
    [classes(4), ['sparseCategoricalCrossentropy', 'kullbackLeiblerDivergence'], 'softmax', 4],
  ] as const)('compiled, trains on %j with the sum of %j', (target, names, activation, units) => {
    const summed = defineModel({
      space: { learningRate: float(1e-3, 1) },
      build() {
        const model = tf.sequential({ layers: [tf.layers.dense({ units, activation, inputShape: [6] })] });
        const optimizer = sgd(trainableVariables(model));
        const context = { target, output: 'probabilities', outputShape: [units] } as const;
        const each = names.map((loss) => rowLosses({ loss, ...context }));
        const rows = ({ x, y }: Batch) => tf.addN(each.map((loss) => loss(y, model.apply(x) as tf.Tensor)));
        return {
          step: (batch, hyper) => optimizer.minimize(() => rows(batch).mean() as tf.Scalar, hyper),
          evaluate: (batch) => ({ loss: rows(batch) }),
        };
      },
    }) as unknown as ModelDefinition;
    expectAgreement(loaded, summed, settings([6], { target, compile: 'always' }));
  });

  it('has the same cross-entropy from probabilities and from logits', () => {
    const lossesOf = (model: Existing) => {
      const { values } = oneStep(loaded, existing(model), settings([6], { classCount: 4 }));
      return ['loss', 'valLoss'].map((name) => values.find((value) => value.name === name)!.traced[0]!);
    };
    const fromProbabilities = lossesOf({ loss: 'categoricalCrossentropy', units: 4, activation: 'softmax' });
    const fromLogits = lossesOf({ loss: 'softmaxCrossEntropy', units: 4 });
    for (const [at, value] of fromLogits.entries()) {
      // both are about 1.4: a few units in the last place
      expect(Math.abs(value - fromProbabilities[at]!)).toBeLessThan(2e-6);
    }
  });
});
