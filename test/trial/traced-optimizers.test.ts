/** Every optimizer, its settings as tensors and as numbers, over several steps: traced, eager, and as its paper has it. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adagrad, defineModel, float, type ModelDefinition, momentum } from '../../src/trial/index.js';
import { expectAgreement } from '../support/agreement.js';
import { type AnyOptimizer, classifier, type MakeOptimizer, optimizers, settings } from '../support/classifier.js';
import { oneStep } from '../support/one-step.js';
import { formulas, type Settings } from '../support/optimizer-formulas.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const withOptions = (make: object) => make as unknown as MakeOptimizer;
const initialAccumulator = 0.2;

/** Name, optimizer, settings that may be tensors. Each ε is one that shows. */
const cases: [keyof typeof formulas, MakeOptimizer, Settings][] = [
  ['sgd', optimizers.sgd, { learningRate: 0.05 }],
  ['momentum', optimizers.momentum, { learningRate: 0.05, momentum: 0.9 }],
  [
    'nesterov',
    withOptions((variables: tf.Variable[]) => momentum(variables, { nesterov: true })),
    { learningRate: 0.05, momentum: 0.8 },
  ],
  ['rmsprop', optimizers.rmsprop, { learningRate: 0.02, decay: 0.8, momentum: 0.5, epsilon: 1e-3 }],
  [
    'adagrad',
    withOptions((variables: tf.Variable[]) => adagrad(variables, { initialAccumulator })),
    { learningRate: 0.1, epsilon: 1e-3 },
  ],
  ['adadelta', optimizers.adadelta, { learningRate: 1, rho: 0.9, epsilon: 1e-3 }],
  ['adam', optimizers.adam, { learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }],
  ['adamax', optimizers.adamax, { learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-3 }],
];

/** Leaves the settings at the optimizer's defaults, but for the learning rate. */
const byDefault =
  (make: MakeOptimizer): MakeOptimizer =>
  (variables) => {
    const optimizer = make(variables);
    const update = optimizer.update.bind(optimizer);
    optimizer.update = (gradients, { learningRate }) => update(gradients, { learningRate: learningRate! });
    return optimizer;
  };

const body = () => [tf.layers.dense({ units: 7, activation: 'tanh' })];

describe.each(cases)('%s, traced,', (name, make, mutable) => {
  it.each([1, 6])('agrees with eager tfjs after %i steps, its settings tensors', (steps) => {
    expectAgreement(loaded, classifier(body, [6], make), settings([6], { mutable, steps }));
  });

  it('agrees with eager tfjs after 6 steps, its settings by default', () => {
    const options = settings([6], { mutable: { learningRate: mutable.learningRate! }, steps: 6 });
    expectAgreement(loaded, classifier(body, [6], byDefault(make)), options);
  });

  it('is what its paper says, in float64, and to 1e-5 in float32', () => {
    const steps = 8;
    const { values, dispose } = oneStep(loaded, quadratic(make), settings([1], { mutable, steps }));
    const weights = values.find((value) => value.name === 'weights')!;
    const rounded = Object.fromEntries(Object.entries(mutable).map(([key, value]) => [key, Math.fround(value)]));
    const expected = start.map((from, at) => {
      const update = formulas[name]!({ ...rounded, initialAccumulator: Math.fround(initialAccumulator) });
      let w = Math.fround(from);
      for (let step = 0; step < steps; step++) w -= update((at + 1) * w);
      return w;
    });
    const exact = weights.exact!();
    dispose();
    for (const [at, value] of expected.entries()) {
      expect(Math.abs(exact[at]! - value)).toBeLessThan(1e-12);
      expect(Math.abs(weights.traced[at]! - value)).toBeLessThan(1e-5 * Math.max(...expected.map(Math.abs)));
    }
  });
});

const start = [0.5, -1, 2, 0.1];

/** Half of the sum of i w²: the gradient of the i-th weight is i w. */
function quadratic(make: MakeOptimizer): ModelDefinition {
  return defineModel({
    space: { learningRate: float(1e-3, 1) },
    build() {
      const weights = tf.variable(tf.tensor1d(start), true, 'weights');
      const optimizer: AnyOptimizer = make([weights]);
      return {
        step: (_, hyper) => {
          const loss = () =>
            weights
              .square()
              .mul(tf.tensor1d([0.5, 1, 1.5, 2]))
              .sum() as tf.Scalar;
          return optimizer.minimize(loss, hyper as never);
        },
        evaluate: ({ y }) => ({ loss: y.cast('float32').mul(weights.sum()) as tf.Tensor1D }),
      };
    },
  }) as unknown as ModelDefinition;
}
