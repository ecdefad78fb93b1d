import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DataDescription, imageShape, predictionOf, softCrossEntropy } from '../../src/trial/index.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let tf: typeof tfjs;
beforeAll(async () => {
  ({ tf } = await loadTensorFlow());
});

type Target = DataDescription['target'];
const data = (target: Target, featureShape = [4]): DataDescription => ({ featureShape, target });
const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));

describe('predictionOf classes', () => {
  const three = () => predictionOf(data({ kind: 'class', classCount: 3, shape: [] }), 'cnn');

  it('is cross-entropy against smoothed labels, and accuracy', () => {
    const y = tf.tensor1d([2, 0], 'int32');
    const logits = tf.tensor2d([0, 1, 3, 1, 2, 0], [2, 3]);
    const { size, targets, losses, rowLosses, metrics } = three();
    expect(size).toBe(3);
    expect([...targets(y, 0.3).dataSync()]).toEqual(close([0.1, 0.1, 0.8, 0.8, 0.1, 0.1]));
    const all = tf.logSoftmax(logits).arraySync() as number[][];
    const wanted = [0, 1].map((row) => {
      const mass = [0, 1, 2].map((one) => (one === [2, 0][row] ? 0.8 : 0.1));
      return -mass.reduce((sum, part, one) => sum + part * all[row]![one]!, 0);
    });
    expect([...losses(targets(y, 0.3), logits).dataSync()]).toEqual(close(wanted));
    const { loss, accuracy } = metrics(y, logits) as Record<string, tfjs.Tensor>;
    expect([...loss!.dataSync()]).toEqual(close([-all[0]![2]!, -all[1]![0]!]));
    expect([...rowLosses(y, logits).dataSync()]).toEqual([...loss!.dataSync()]);
    expect([...accuracy!.dataSync()]).toEqual([1, 0]);
  });

  it('exports probabilities', () => {
    const probabilities = three()
      .layer()
      .apply(tf.tensor2d([[0, 1, 3]])) as tfjs.Tensor;
    expect(probabilities.sum().dataSync()[0]).toBeCloseTo(1, 5);
  });

  it('has the gradient of the composed loss', () => {
    const targets = tf.tensor2d([0.1, 0.9, 0.5, 0.5], [2, 2]);
    const logits = tf.tensor2d([1, -2, 0.5, 3], [2, 2]);
    const weights = tf.tensor1d([2, -1]);
    const composed = (z: tfjs.Tensor) => tf.logSoftmax(z).mul(targets).sum(-1).neg();
    const gradient = (loss: (z: tfjs.Tensor) => tfjs.Tensor) => {
      return [
        ...tf
          .grad((z) => loss(z).mul(weights).sum())(logits)
          .dataSync(),
      ];
    };
    expect(gradient((z) => softCrossEntropy(targets, z as tfjs.Tensor2D))).toEqual(close(gradient(composed)));
  });

  it('has one class a row', () => {
    const tokens = data({ kind: 'class', classCount: 65, shape: [32] });
    expect(() => predictionOf(tokens, 'cnn')).toThrow(expect.objectContaining({ code: 'TRIAL_TARGET_NOT_ONE_CLASS' }));
  });
});

describe('predictionOf numbers', () => {
  it('learns in deviations from the mean, and reports and exports in their own unit', () => {
    const prediction = predictionOf(data({ kind: 'number', shape: [], mean: 200, deviation: 50 }), 'cnn');
    const y = tf.tensor1d([250, 100]);
    const outputs = tf.tensor2d([[1.5], [-2]]);
    expect(prediction.size).toBe(1);
    expect([...prediction.targets(y).dataSync()]).toEqual([1, -2]);
    expect([...prediction.losses(prediction.targets(y), outputs).dataSync()]).toEqual([0.25, 0]);
    expect([...prediction.rowLosses(y, outputs).dataSync()]).toEqual([0.25, 0]);
    const { loss, rmse, mae } = prediction.metrics(y, outputs);
    expect([...(loss as tfjs.Tensor).dataSync()]).toEqual(close([25 ** 2, 0]));
    expect(rmse).toMatchObject({ transform: 'rootMean' });
    expect([...(rmse as { values: tfjs.Tensor }).values.dataSync()]).toEqual(close([25 ** 2, 0]));
    expect([...(mae as tfjs.Tensor).dataSync()]).toEqual(close([25, 0]));
    expect([...(prediction.layer().apply(outputs) as tfjs.Tensor).dataSync()]).toEqual([275, 100]);
  });

  it('may be several', () => {
    const prediction = predictionOf(data({ kind: 'number', shape: [2], mean: 0, deviation: 1 }), 'cnn');
    const y = tf.tensor2d([[1, 2]]) as unknown as tfjs.Tensor1D;
    expect(prediction.size).toBe(2);
    expect([...prediction.losses(prediction.targets(y), tf.tensor2d([[0, 0]])).dataSync()]).toEqual([2.5]);
  });

  it('must be there', () => {
    expect(() => predictionOf(data({ kind: 'none' }), 'cnn')).toThrow(
      expect.objectContaining({ code: 'TRIAL_TARGET_MISSING', message: expect.stringContaining('cnn') }),
    );
  });
});

describe('imageShape', () => {
  const shape = (featureShape: number[], smallest?: number) =>
    imageShape(data({ kind: 'none' }, featureShape), 'resnet', smallest);

  it('takes images with and without channels', () => {
    expect(shape([9, 7, 3])).toEqual([9, 7, 3]);
    expect(shape([9, 7])).toEqual([9, 7, 1]);
  });

  it.each([[[6]], [[1, 2, 3, 4]], [[]]])('refuses rows of shape %j', (featureShape) => {
    expect(() => shape(featureShape)).toThrow(expect.objectContaining({ code: 'TRIAL_FEATURES_NOT_IMAGES' }));
  });

  it('refuses text, and images that are too small', () => {
    const text = { ...data({ kind: 'none' }, [4, 4]), vocabularySize: 65 };
    expect(() => imageShape(text, 'cnn')).toThrow(expect.objectContaining({ code: 'TRIAL_FEATURES_NOT_IMAGES' }));
    expect(() => shape([8, 7, 1], 8)).toThrow(
      expect.objectContaining({ code: 'TRIAL_IMAGES_TOO_SMALL', message: expect.stringContaining('8 × 7') }),
    );
    expect(shape([8, 8, 1], 8)).toEqual([8, 8, 1]);
  });
});
