import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkOutput, findLoss, type LossContext, rowLosses } from '../../../src/trial/layers/losses-by-name.js';
import { loadTensorFlow } from '../../support/tensorflow.js';

beforeAll(async () => {
  await loadTensorFlow();
});

const classes = { kind: 'class', classCount: 3, shape: [] } as const;
const two = { kind: 'class', classCount: 2, shape: [] } as const;
const number = { kind: 'number', shape: [], mean: 0, deviation: 1 } as const;

const labels = () => tf.tensor1d([2, 0], 'int32');
const logits = () =>
  tf.tensor2d([
    [1, -2, 3],
    [0.5, 0.2, -1],
  ]);

const values = (context: LossContext, y: tf.Tensor, predictions: tf.Tensor) => [
  ...rowLosses(context)(y, predictions).dataSync(),
];

const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('a loss by name', () => {
  it.each([
    ['categorical_crossentropy', 'categoricalCrossentropy'],
    ['SparseCategoricalCrossentropy', 'sparseCategoricalCrossentropy'],
    ['mse', 'meanSquaredError'],
    ['MAE', 'meanAbsoluteError'],
    ['mean_squared_error', 'meanSquaredError'],
    ['Huber', 'huber'],
  ])('%s is %s', (given, name) => expect(findLoss(given)).toBe(name));

  it('that is not there is refused', () => expect(codeOf(() => findLoss('cosine'))).toBe('TRIAL_UNKNOWN_LOSS'));

  it.each(['categoricalCrossentropy', 'sparseCategoricalCrossentropy', 'softmaxCrossEntropy'])(
    '%s is the same from probabilities and from logits',
    (loss) => {
      const context = { loss, target: classes, outputShape: [3] };
      const own = values({ ...context, output: 'logits' }, labels(), logits());
      const other = values({ ...context, output: 'probabilities' }, labels(), tf.softmax(logits()));
      // -log softmax, by hand
      const row = (z: number[], label: number) => Math.log(z.reduce((sum, one) => sum + Math.exp(one), 0)) - z[label]!;
      const expected = [row([1, -2, 3], 2), row([0.5, 0.2, -1], 0)];
      for (const [at, value] of expected.entries()) {
        expect(own[at]).toBeCloseTo(value, 5);
        expect(other[at]).toBeCloseTo(value, 5);
      }
    },
  );

  it('of two classes is the same from a probability and from its logit, and does not overflow', () => {
    const context = { loss: 'binaryCrossentropy', target: two, outputShape: [1] };
    const y = tf.tensor1d([1, 0, 1], 'int32');
    const z = tf.tensor2d([[2], [-1], [-80]]);
    const own = values({ ...context, output: 'logits' }, y, z);
    const other = values({ ...context, output: 'probabilities' }, y, tf.sigmoid(z));
    expect(own[0]).toBeCloseTo(Math.log(1 + Math.exp(-2)), 5);
    expect(own[2]).toBeCloseTo(80, 4);
    for (const at of [0, 1]) expect(other[at]).toBeCloseTo(own[at]!, 5);
  });

  it.each<[string, number]>([
    ['meanSquaredError', 4],
    ['meanAbsoluteError', 2],
    ['meanAbsolutePercentageError', 200],
    ['meanSquaredLogarithmicError', (Math.log(4) - Math.log(2)) ** 2],
    ['logcosh', Math.log(Math.cosh(2))],
    ['huber', 1.5],
    ['poisson', 3 - Math.log(3)],
    ['hinge', 0],
    ['squaredHinge', 0],
  ])('%s of 3 where 1 is right', (loss, expected) => {
    const [value] = values(
      { loss, target: number, output: 'logits', outputShape: [1] },
      tf.tensor1d([1]),
      tf.tensor2d([[3]]),
    );
    expect(value).toBeCloseTo(expected, 4);
  });

  it.each<[string, number]>([
    ['hinge', 1.5],
    ['squaredHinge', 2.25],
  ])('%s of -0.5 where class 1 is right', (loss, expected) => {
    const context = { loss, target: two, output: 'logits', outputShape: [1] } as const;
    expect(values(context, tf.tensor1d([1], 'int32'), tf.tensor2d([[-0.5]]))[0]).toBeCloseTo(expected, 6);
  });

  it('kullbackLeiblerDivergence of two distributions, and of one from itself', () => {
    const target = { ...number, shape: [3] };
    const context = { loss: 'kullbackLeiblerDivergence', target, output: 'probabilities', outputShape: [3] } as const;
    const [from, to] = [
      [0.2, 0.3, 0.5],
      [0.1, 0.6, 0.3],
    ] as const;
    const expected = from.reduce((sum, p, at) => sum + p * Math.log(p / to[at]!), 0);
    const found = values(context, tf.tensor2d([[...from], [...from]]), tf.tensor2d([[...to], [...from]]));
    expect(found[0]).toBeCloseTo(expected, 6);
    expect(found[1]).toBeCloseTo(0, 6);
  });

  it('of a sequence is the mean over its places', () => {
    const target = { kind: 'class', classCount: 3, shape: [2] } as const;
    const context = { loss: 'categoricalCrossentropy', target, output: 'logits', outputShape: [2, 3] } as const;
    const [value] = values(context, tf.tensor2d([[2, 0]], [1, 2], 'int32'), logits().expandDims(0));
    const each = values({ ...context, target: classes, outputShape: [3] }, labels(), logits());
    expect(value).toBeCloseTo((each[0]! + each[1]!) / 2, 5);
  });

  it.each<[string, Partial<LossContext>, string]>([
    ['a number and cross-entropy', { target: number }, 'TRIAL_LOSS_NOT_FOR_TARGET'],
    ['a last layer with relu and cross-entropy', { output: 'other' }, 'TRIAL_LOSS_NOT_FOR_OUTPUT'],
    ['one output and categorical cross-entropy', { outputShape: [1] }, 'TRIAL_LOSS_NOT_FOR_OUTPUT'],
  ])('%s do not go together', (_, part, code) => {
    const context: LossContext = {
      loss: 'categoricalCrossentropy',
      target: classes,
      output: 'logits',
      outputShape: [3],
      ...part,
    };
    expect(codeOf(() => rowLosses(context))).toBe(code);
  });
});

describe('outputs that suit a target', () => {
  it.each<[string, Parameters<typeof checkOutput>, unknown]>([
    ['one value a class', [classes, [3], [8]], undefined],
    ['one value for two classes', [two, [1], [8]], undefined],
    ['one value for a number', [number, [1], [8]], undefined],
    ['the features, without a target', [{ kind: 'none' }, [2, 4], [8]], undefined],
    ['too few classes', [classes, [2], [8]], 'TRIAL_OUTPUT_SHAPE'],
    ['one value for three classes', [classes, [1], [8]], 'TRIAL_OUTPUT_SHAPE'],
    ['two values for a number', [number, [2], [8]], 'TRIAL_OUTPUT_SHAPE'],
    ['other features', [{ kind: 'none' }, [7], [8]], 'TRIAL_OUTPUT_SHAPE'],
  ])('%s', (_, given, code) => expect(codeOf(() => checkOutput(...given))).toBe(code));
});
