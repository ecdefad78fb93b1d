import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  clipByGlobalNorm,
  cosineDecay,
  decayWeights,
  dropout,
  exponentialDecay,
  GradientAccumulator,
  linearWarmup,
  mixup,
} from '../../src/trial/index.js';
import { eagerRandom } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
let tf: typeof tfjs;
beforeAll(async () => {
  loaded = await loadTensorFlow();
  ({ tf } = loaded);
});

const stream = (a: number, b: number, step = 0) => eagerRandom(loaded, [a, b], step);
const value = (tensor: tfjs.Tensor) => tensor.dataSync()[0]!;

describe('clipByGlobalNorm', () => {
  it('scales all gradients alike to the limit, and leaves short ones alone', () => {
    const gradients = [tf.tensor1d([3, 0]), tf.tensor1d([0, 4])];
    const [a, b] = clipByGlobalNorm(gradients, tf.scalar(1));
    expect([...a!.dataSync(), ...b!.dataSync()]).toEqual([expect.closeTo(0.6, 6), 0, 0, expect.closeTo(0.8, 6)]);
    const [c] = clipByGlobalNorm(gradients, 5.1);
    expect(value(c!)).toBeCloseTo(3, 5);
  });
});

describe('decayWeights', () => {
  it('takes away its share of each value, with a tensor as with a number, and nothing at 0', () => {
    const variable = tf.variable(tf.tensor1d([2, -4]));
    decayWeights([variable], tf.scalar(0.25));
    expect([...variable.dataSync()]).toEqual([1.5, -3]);
    decayWeights([variable], 0.5);
    decayWeights([variable], 0);
    expect([...variable.dataSync()]).toEqual([0.75, -1.5]);
    variable.dispose();
  });
});

describe('schedules', () => {
  const step = (n: number) => tf.scalar(n, 'int32');
  it('cosine decay starts at the rate, is half-way at half, and stays at its end', () => {
    const at = (n: number) => value(cosineDecay(tf.scalar(2), step(n), 100, 0.1));
    expect([at(0), at(50), at(100), at(1000)]).toEqual([2, 1.1, 0.2, 0.2].map((v) => expect.closeTo(v, 5)));
  });
  it('warm-up rises in a straight line and never starts at zero', () => {
    const at = (n: number) => value(linearWarmup(1, step(n), 10));
    expect([at(0), at(4), at(9), at(50)]).toEqual([0.1, 0.5, 1, 1].map((v) => expect.closeTo(v, 5)));
  });
  it('exponential decay multiplies by its factor', () => {
    const at = (n: number) => value(exponentialDecay(1, step(n), 10, tf.scalar(0.5)));
    expect([at(0), at(10), at(20)]).toEqual([1, 0.5, 0.25].map((v) => expect.closeTo(v, 5)));
  });
});

describe('keyed randomness', () => {
  it('depends on the seed, the step and on how many were drawn before, and on nothing else', () => {
    const draw = (a: number, b: number, step?: number) => {
      const random = stream(a, b, step);
      return [random.uniform([4]), random.uniform([4])].map((t) => [...t.dataSync()].join());
    };
    // seeds are 64 random bits, which the number of the draw is mixed into
    const [a, b] = [-1640531527, 1013904242];
    expect(draw(a, b)).toEqual(draw(a, b));
    expect(new Set([...draw(a, b), ...draw(a, b, 1), ...draw(a, b ^ 1), ...draw(b, a)]).size).toBe(8);
  });

  it('is uniform, and normal (means and deviations of 100,000 draws within five standard errors)', () => {
    const n = 100_000;
    const moments = (t: tfjs.Tensor) => {
      const { mean, variance } = tf.moments(t);
      return [value(mean), value(variance)];
    };
    const [um, uv] = moments(stream(5, 6).uniform([n]));
    expect(Math.abs(um! - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(uv! - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    const [nm, nv] = moments(stream(5, 7).normal([n]));
    expect(Math.abs(nm!)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(nv! - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  it('dropout zeroes its rate and keeps the mean', () => {
    const dropped = dropout(tf.ones([100_000]), tf.scalar(0.3), stream(1, 1));
    const zeros = value(tf.equal(dropped, 0).cast('float32').mean());
    expect(Math.abs(zeros - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / 100_000));
    expect(value(dropped.mean())).toBeCloseTo(1, 1);
    expect(value(dropped.max())).toBeCloseTo(1 / 0.7, 5);
  });
});

describe('mixup', () => {
  it('mixes inputs and targets with one weight, and is nothing at strength 0', () => {
    const x = tf.tensor2d([[1], [2], [3], [4]]);
    const none = mixup(x, x, 0, stream(1, 1));
    expect([...none.x.dataSync()]).toEqual([1, 2, 3, 4]);
    const mixed = mixup(x, x, tf.scalar(0.5), stream(1, 1));
    expect([...mixed.x.dataSync()]).toEqual([...mixed.targets.dataSync()]);
    expect(value(mixed.x.mean())).toBeCloseTo(2.5, 5);
    expect(mixed.x.dataSync()[0]).not.toBe(1);
  });
});

describe('gradient accumulation', () => {
  it('updates every n-th step with the mean of n gradients', () => {
    const w = tf.variable(tf.tensor1d([0, 0]));
    const accumulator = new GradientAccumulator([w], 3);
    const due: number[] = [];
    for (let step = 0; step < 6; step++) {
      const { due: now, means } = accumulator.add([tf.tensor1d([step, 1])], tf.scalar(step, 'int32'));
      w.assign(tf.where(now, w.sub(means[0]!), w));
      due.push(value(now));
    }
    expect(due).toEqual([0, 0, 1, 0, 0, 1]);
    expect([...w.dataSync()]).toEqual([-(1 + 4), -2].map((v) => expect.closeTo(v, 5)));
  });
});
