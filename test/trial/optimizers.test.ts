import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adadelta, adagrad, adam, adamax, momentum, rmsprop, sgd } from '../../src/trial/index.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let tf: typeof tfjs;
beforeAll(async () => {
  ({ tf } = await loadTensorFlow());
});

/** A loss whose gradient differs for every element and step. */
const loss = (w: tfjs.Variable) => () => w.square().mul(tf.range(1, 5)).sum().add(w.sin().sum()) as tfjs.Scalar;
const start = [0.5, -1, 2, 0.1];

function steps(count: number, step: (w: tfjs.Variable) => void): Float32Array {
  const w = tf.variable(tf.tensor1d(start));
  for (let i = 0; i < count; i++) step(w);
  return w.dataSync() as Float32Array;
}

/** Ours makes its slots on construction, as a model's build does. */
function ours(make: (w: tfjs.Variable) => (w: tfjs.Variable) => void): Float32Array {
  let step: ((w: tfjs.Variable) => void) | undefined;
  return steps(10, (w) => {
    step ??= make(w);
    step(w);
  });
}

function theirs(optimizer: tfjs.Optimizer): Float32Array {
  return steps(10, (w) => optimizer.minimize(loss(w), false, [w]));
}

function expectClose(a: Float32Array, b: Float32Array) {
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(b[i]!)));
}

describe('optimizers agree with those of tfjs', () => {
  it('sgd', () => {
    const rate = tf.scalar(0.05);
    expectClose(
      ours((v) => {
        const optimizer = sgd([v]);
        return (w) => optimizer.minimize(loss(w), { learningRate: rate });
      }),
      theirs(tf.train.sgd(0.05)),
    );
  });

  it.each([false, true])('momentum (nesterov: %s)', (nesterov) => {
    const settings = { learningRate: tf.scalar(0.02), momentum: tf.scalar(0.9) };
    expectClose(
      ours((v) => {
        const optimizer = momentum([v], { nesterov });
        return (w) => optimizer.minimize(loss(w), settings);
      }),
      theirs(tf.train.momentum(0.02, 0.9, nesterov)),
    );
  });

  it('adam', () => {
    expectClose(
      ours((v) => {
        const optimizer = adam([v]);
        return (w) => optimizer.minimize(loss(w), { learningRate: tf.scalar(0.1), beta1: 0.8, beta2: tf.scalar(0.95) });
      }),
      theirs(tf.train.adam(0.1, 0.8, 0.95, 1e-8)),
    );
  });
});

describe('the others of tfjs', () => {
  it('rmsprop', () => {
    expectClose(
      ours((v) => {
        const optimizer = rmsprop([v]);
        return (w) =>
          optimizer.minimize(loss(w), { learningRate: 0.05, decay: tf.scalar(0.8), momentum: 0.5, epsilon: 1e-6 });
      }),
      theirs(tf.train.rmsprop(0.05, 0.8, 0.5, 1e-6)),
    );
  });

  it('adagrad', () => {
    expectClose(
      ours((v) => {
        const optimizer = adagrad([v], { initialAccumulator: 0.2 });
        return (w) => optimizer.minimize(loss(w), { learningRate: tf.scalar(0.1) });
      }),
      theirs(tf.train.adagrad(0.1, 0.2)),
    );
  });

  it('adamax', () => {
    expectClose(
      ours((v) => {
        const optimizer = adamax([v]);
        return (w) => optimizer.minimize(loss(w), { learningRate: 0.05, beta1: 0.8, beta2: tf.scalar(0.9) });
      }),
      theirs(tf.train.adamax(0.05, 0.8, 0.9, 1e-8)),
    );
  });

  it('adadelta, as its paper has it: the first step is √(ε / ((1 − ρ) g² + ε)) · g', () => {
    const w = tf.variable(tf.scalar(1));
    adadelta([w]).minimize(() => w.mul(3) as tfjs.Scalar, { learningRate: 1, rho: 0.9, epsilon: 1e-6 });
    expect(w.dataSync()[0]).toBeCloseTo(1 - 3 * Math.sqrt(1e-6 / (0.1 * 9 + 1e-6)), 6);
  });
});

describe('adam', () => {
  it('moves by the learning rate in its first step, whatever the scale of the gradient (Kingma & Ba 2015, section 2.1)', () => {
    for (const scale of [1e-3, 1, 1e3]) {
      const w = tf.variable(tf.scalar(0));
      adam([w]).minimize(() => w.mul(scale) as tfjs.Scalar, { learningRate: 0.01 });
      expect(w.dataSync()[0]).toBeCloseTo(-0.01, 5);
    }
  });
});
