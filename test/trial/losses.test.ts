import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correct, smoothLabels, softmaxCrossEntropy, squaredError } from '../../src/trial/index.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let tf: typeof tfjs;
beforeAll(async () => {
  ({ tf } = await loadTensorFlow());
});

describe('softmaxCrossEntropy', () => {
  it('has the value and the gradient of the composed one', () => {
    const logits = tf.tensor2d([
      [2, -1, 0.5],
      [0, 0, 0],
      [-3, 4, 1],
    ]);
    const labels = tf.tensor1d([0, 2, 1], 'int32');
    const composed = (l: tfjs.Tensor) =>
      tf.neg(
        tf
          .oneHot(labels, 3)
          .mul(tf.logSoftmax(l as tfjs.Tensor2D))
          .sum(-1),
      );
    const weights = tf.tensor1d([1, 2, 3]);
    const fused = (l: tfjs.Tensor) =>
      softmaxCrossEntropy(labels, l as tfjs.Tensor2D)
        .mul(weights)
        .sum();
    expect([...softmaxCrossEntropy(labels, logits).dataSync()]).toEqual(
      [...composed(logits).dataSync()].map((value) => expect.closeTo(value, 5)),
    );
    const wanted = tf
      .grad((l) => composed(l).mul(weights).sum())(logits)
      .dataSync();
    const found = tf.grad(fused)(logits).dataSync();
    for (let i = 0; i < wanted.length; i++) expect(found[i]).toBeCloseTo(wanted[i]!, 5);
  });

  it('stays finite for large logits', () => {
    const losses = softmaxCrossEntropy(tf.tensor1d([1], 'int32'), tf.tensor2d([[1e4, -1e4]]));
    expect(losses.dataSync()[0]).toBeCloseTo(2e4, 0);
  });
});

describe('rows', () => {
  it('squared error, and whether the largest logit is the label', () => {
    expect([...squaredError(tf.tensor1d([1, 2]), tf.tensor1d([3, 2])).dataSync()]).toEqual([4, 0]);
    const logits = tf.tensor2d([
      [1, 2],
      [3, 1],
    ]);
    expect([...correct(tf.tensor1d([1, 1], 'int32'), logits).dataSync()]).toEqual([1, 0]);
  });

  it('smoothed labels keep their mass, and are hard at 0', () => {
    const labels = tf.tensor1d([0, 2], 'int32');
    expect([...smoothLabels(labels, 3, 0).dataSync()]).toEqual([1, 0, 0, 0, 0, 1]);
    const soft = smoothLabels(labels, 4, tf.scalar(0.2));
    expect([...soft.sum(-1).dataSync()]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
    expect(soft.dataSync()[0]).toBeCloseTo(0.85, 6);
  });
});
