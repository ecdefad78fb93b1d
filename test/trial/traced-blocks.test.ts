/** The small pieces of training steps, traced, over several steps: those that count steps do it in the graph. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import {
  averageWeights,
  type Batch,
  type BuiltModel,
  clipByGlobalNorm,
  cosineDecay,
  decayWeights,
  defineModel,
  dropout,
  exponentialDecay,
  float,
  GradientAccumulator,
  linearWarmup,
  type ModelDefinition,
  maskingNoise,
  mixup,
  momentum,
  type StepContext,
  sgd,
  smoothLabels,
  softCrossEntropy,
  softmaxCrossEntropy,
} from '../../src/trial/index.js';
import { type Agreement, expectAgreement } from '../support/agreement.js';
import { settings } from '../support/classifier.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const classCount = 5;
type Hyper = Readonly<Record<'learningRate' | 'strength', tf.Scalar>>;
type Step = (batch: Batch, hyper: Hyper, context: StepContext) => tf.Scalar;

interface Network {
  readonly variables: tf.Variable[];
  logits(x: tf.Tensor): tf.Tensor2D;
}

/** Two layers: weights [6, 7] and [7, 5], without biases. */
function network(): Network {
  const wave = (shape: [number, number], phase: number) =>
    tf
      .range(0, shape[0] * shape[1])
      .add(phase)
      .sin()
      .reshape(shape);
  const variables = [wave([6, 7], 1), wave([7, classCount], 2)].map((values) => tf.variable(values));
  const [first, second] = variables as [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R2>];
  return { variables, logits: (x) => tf.matMul(tf.matMul(x as tf.Tensor2D, first).tanh(), second) };
}

/** A model of a network whose step is made with it. */
function model(make: (network: Network) => Step): ModelDefinition {
  return defineModel({
    space: { learningRate: float(1e-3, 1), strength: float(0, 1) },
    build() {
      const trained = network();
      const evaluate: BuiltModel['evaluate'] = ({ x, y }) => ({ loss: softmaxCrossEntropy(y, trained.logits(x)) });
      return { step: make(trained), evaluate };
    },
  }) as unknown as ModelDefinition;
}

const losses = ({ logits }: Network, { x, y }: Batch) => softmaxCrossEntropy(y, logits(x)).mean() as tf.Scalar;

/** Loss and gradients in the order of the variables. */
function gradientsOf(given: Network, batch: Batch): { value: tf.Scalar; gradients: tf.Tensor[] } {
  const { value, grads } = tf.variableGrads(() => losses(given, batch), given.variables);
  return { value, gradients: given.variables.map(({ name }) => grads[name]!) };
}

const schedule = (rate: (hyper: Hyper, step: tf.Scalar) => tf.Scalar) => (given: Network) => {
  const optimizer = sgd(given.variables);
  return (batch: Batch, hyper: Hyper, { step }: StepContext) =>
    optimizer.minimize(() => losses(given, batch), { learningRate: rate(hyper, step) });
};

/** A step that trains on what `change` makes of a batch. */
const regularised =
  (change: (batch: Batch, strength: tf.Scalar, context: StepContext) => { x: tf.Tensor; targets: tf.Tensor }) =>
  (given: Network): Step => {
    const optimizer = sgd(given.variables);
    return (batch, { learningRate, strength }, context) => {
      const loss = () => {
        const { x, targets } = change(batch, strength, context);
        return softCrossEntropy(targets as tf.Tensor2D, given.logits(x)).mean() as tf.Scalar;
      };
      return optimizer.minimize(loss, { learningRate });
    };
  };
const hard = ({ y }: Batch) => tf.oneHot(y, classCount).cast('float32');

/** `update`: the step calls an optimizer's `update` itself, so that nothing is there to see its gradients. */
const cases: [string, (given: Network) => Step, 'minimize' | 'update'][] = [
  [
    'GradientAccumulator',
    (given) => {
      // 3 does not divide the number of steps, nor that of the first one
      const accumulator = new GradientAccumulator(given.variables, 3);
      return (batch, { learningRate }, { step }) => {
        const { value, gradients } = gradientsOf(given, batch);
        const { due, means } = accumulator.add(gradients, step);
        for (const [at, variable] of given.variables.entries()) {
          variable.assign(tf.where(due, variable.sub(means[at]!.mul(learningRate)), variable));
        }
        return value;
      };
    },
    'update',
  ],
  [
    'clipByGlobalNorm',
    (given) => {
      const optimizer = momentum(given.variables);
      return (batch, { learningRate, strength }) => {
        const { value, gradients } = gradientsOf(given, batch);
        optimizer.update(clipByGlobalNorm(gradients, strength), { learningRate });
        return value;
      };
    },
    'update',
  ],
  [
    'decayWeights',
    (given) => {
      const optimizer = sgd(given.variables);
      return (batch, { learningRate, strength }) => {
        const loss = optimizer.minimize(() => losses(given, batch), { learningRate });
        decayWeights(given.variables, strength.mul(learningRate) as tf.Scalar);
        return loss;
      };
    },
    'minimize',
  ],
  [
    'averageWeights',
    (given) => {
      const averages = network().variables;
      const optimizer = sgd(given.variables);
      return (batch, { learningRate, strength }, { step }) => {
        const loss = optimizer.minimize(() => losses(given, batch), { learningRate });
        averageWeights(averages, given.variables, strength, step);
        return loss;
      };
    },
    'minimize',
  ],
  // the steps that are trained are the 6th to the 12th: before, at and after the end
  [
    'cosineDecay',
    schedule(({ learningRate, strength }, step) => cosineDecay(learningRate, step, 9, strength)),
    'minimize',
  ],
  ['linearWarmup', schedule(({ learningRate }, step) => linearWarmup(learningRate, step, 9)), 'minimize'],
  [
    'exponentialDecay',
    schedule(({ learningRate, strength }, step) => exponentialDecay(learningRate, step, 4, strength)),
    'minimize',
  ],
  [
    'smoothLabels',
    regularised(({ x, y }, strength) => ({ x, targets: smoothLabels(y, classCount, strength) })),
    'minimize',
  ],
  ['mixup', regularised((batch, strength, { random }) => mixup(batch.x, hard(batch), strength, random)), 'minimize'],
  [
    'dropout',
    regularised((batch, strength, { random }) => ({ x: dropout(batch.x, strength, random), targets: hard(batch) })),
    'minimize',
  ],
  [
    'maskingNoise',
    regularised((batch, strength, { random }) => ({
      x: maskingNoise(batch.x, strength, random),
      targets: hard(batch),
    })),
    'minimize',
  ],
];

describe.each(['never', 'always'] as const)('seven steps, compiled %s, agree with eager tfjs:', (compile) => {
  it.each(cases)('%s', (_, make, by) => {
    const mutable = { learningRate: 0.05, strength: 0.3 };
    const agreement: Agreement = { gradients: by === 'minimize' };
    expectAgreement(loaded, model(make), settings([6], { mutable, compile, steps: 7 }), agreement);
  });
});
