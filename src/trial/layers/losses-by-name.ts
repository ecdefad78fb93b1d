/** Losses by the names that tfjs and Keras have for them. Each is computed from what the model puts out: probabilities or logits. */
import * as tf from '@tensorflow/tfjs';
import { errors } from '../errors.js';
import { softmaxCrossEntropy } from '../losses.js';
import type { TargetDescription } from '../model.js';
import { wordOf } from './word.js';

/** What the model's last layer puts out: `logits` are any numbers; what is `unknown` is taken as the loss's name says. */
export type OutputKind = 'probabilities' | 'logits' | 'other' | 'unknown';

/** Targets and predictions of one shape, float32 `[batch, …]`; one value for each entry, or for each row of the last axis. */
type Elementwise = (targets: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/** Keras's smallest probability and smallest divisor. */
const epsilon = 1e-7;

const positive = (x: tf.Tensor) => tf.maximum(x, epsilon);
const logCosh = (x: tf.Tensor) => x.add(tf.softplus(x.mul(-2))).sub(Math.LN2);

const elementwise: Readonly<Record<string, Elementwise>> = {
  meanSquaredError: (y, p) => tf.squaredDifference(y, p),
  meanAbsoluteError: (y, p) => tf.abs(p.sub(y)),
  meanAbsolutePercentageError: (y, p) => tf.abs(y.sub(p).div(positive(y.abs()))).mul(100),
  meanSquaredLogarithmicError: (y, p) => tf.squaredDifference(tf.log1p(positive(y)), tf.log1p(positive(p))),
  logcosh: (y, p) => logCosh(p.sub(y)),
  /** Huber 1964, with δ = 1. */
  huber: (y, p) => {
    const error = tf.abs(p.sub(y));
    const quadratic = tf.minimum(error, 1);
    return quadratic.square().mul(0.5).add(error.sub(quadratic));
  },
  hinge: (y, p) => tf.relu(tf.sub(1, signs(y).mul(p))),
  squaredHinge: (y, p) => tf.relu(tf.sub(1, signs(y).mul(p))).square(),
  poisson: (y, p) => p.sub(y.mul(tf.log(p.add(epsilon)))),
  kullbackLeiblerDivergence: (y, p) => {
    const [from, to] = [y.clipByValue(epsilon, 1), p.clipByValue(epsilon, 1)];
    return from.mul(tf.log(from.div(to))).sum(-1);
  },
};

/** Hinge losses want -1 and 1 where classes are 0 and 1. */
const signs = (y: tf.Tensor) => y.mul(2).sub(1);

const crossEntropies = [
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'softmaxCrossEntropy',
  'binaryCrossentropy',
] as const;

/** Other spellings: `words` as {@link wordOf} makes them. */
const synonyms: Readonly<Record<string, string>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  kldivergence: 'kullbackLeiblerDivergence',
  kld: 'kullbackLeiblerDivergence',
  logcosh: 'logcosh',
};

const lossNames: readonly string[] = [...crossEntropies, ...Object.keys(elementwise)];

/** The loss of a name: `categoricalCrossentropy`, `categorical_crossentropy`, `CategoricalCrossentropy`, `mse`. Errors: TRIAL_UNKNOWN_LOSS. */
export function findLoss(given: string): string {
  const word = wordOf(given);
  const found = synonyms[word] ?? lossNames.find((name) => wordOf(name) === word);
  if (found === undefined) throw errors.TRIAL_UNKNOWN_LOSS({ given, known: lossNames });
  return found;
}

export interface LossContext {
  readonly loss: string;
  readonly target: TargetDescription;
  readonly output: OutputKind;
  /** Of one row of predictions; at least one axis. */
  readonly outputShape: readonly number[];
}

/** Losses of each row: `[batch]`. `y` as batches have it, of an autoencoder the features. */
export type RowLosses = (y: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/** The loss for a model's output and a data set's target. Errors: TRIAL_LOSS_NOT_FOR_OUTPUT, TRIAL_LOSS_NOT_FOR_TARGET. */
export function rowLosses(context: LossContext): RowLosses {
  const { loss, outputShape } = context;
  const own = loss in elementwise ? elementwise[loss]! : crossEntropy(context);
  const prepare = own === fromLabels ? (y: tf.Tensor) => y : targetsFor(context);
  return (y, predictions) => {
    const values = own(prepare(y), predictions.reshape([-1, ...outputShape]));
    const axes = Array.from({ length: values.rank - 1 }, (_, axis) => axis + 1);
    return axes.length === 0 ? values : values.mean(axes);
  };
}

/** The fused kernel, which takes labels: int32 `[batch]`. */
const fromLabels: Elementwise = (y, p) => softmaxCrossEntropy(y as tf.Tensor1D, p as tf.Tensor2D);

/** What brings `y` into the shape of predictions. */
function targetsFor({ target, outputShape }: LossContext): (y: tf.Tensor) => tf.Tensor {
  if (target.kind === 'none') return (y) => y.reshape([-1, ...outputShape]);
  const width = outputShape.at(-1)!;
  if (target.kind === 'class' && width > 1) return (y) => tf.oneHot(y as tf.Tensor1D, width).cast('float32');
  return (y) => y.cast('float32').reshape([-1, ...outputShape]);
}

/**
 * Checks that predictions can be of a target: one value for each class, or one value for each number (or of two classes).
 *
 * Errors: TRIAL_OUTPUT_SHAPE.
 */
export function checkOutput(
  target: TargetDescription,
  outputShape: readonly number[],
  featureShape: readonly number[],
): void {
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const fits =
    target.kind === 'none'
      ? size(outputShape) === size(featureShape)
      : (target.kind === 'class' && String(outputShape) === String([...target.shape, target.classCount])) ||
        ((target.kind === 'number' || target.classCount === 2) && size(outputShape) === size(target.shape));
  if (!fits) throw errors.TRIAL_OUTPUT_SHAPE({ outputShape, target, featureShape });
}

/** Whether a classifier's outputs are logits rather than probabilities. */
export function isLogits(output: OutputKind, loss: string): boolean {
  return output === 'logits' || (output === 'unknown' && loss === 'softmaxCrossEntropy');
}

function crossEntropy({ loss, target, output, outputShape }: LossContext): Elementwise {
  const isBinary = loss === 'binaryCrossentropy';
  const needs = isBinary ? 'sigmoid' : 'softmax';
  if (target.kind === 'number' || (!isBinary && target.kind === 'none')) {
    throw errors.TRIAL_LOSS_NOT_FOR_TARGET({ loss, target: target.kind });
  }
  if (output === 'other' || (!isBinary && outputShape.at(-1) === 1)) {
    throw errors.TRIAL_LOSS_NOT_FOR_OUTPUT({ loss, needs, single: outputShape.at(-1) === 1 });
  }
  const fromLogits = isLogits(output, loss);
  if (isBinary) return fromLogits ? sigmoidCrossEntropy : (y, p) => tf.metrics.binaryCrossentropy(y, p);
  if (!fromLogits) return (y, p) => tf.metrics.categoricalCrossentropy(y, p);
  return outputShape.length === 1 ? fromLabels : (y, p) => tf.logSoftmax(p).mul(y).sum(-1).neg();
}

/** From logits, without overflow: max(z, 0) - z y + log(1 + e^-|z|). */
function sigmoidCrossEntropy(y: tf.Tensor, z: tf.Tensor): tf.Tensor {
  return tf
    .relu(z)
    .sub(z.mul(y))
    .add(tf.log1p(tf.exp(tf.abs(z).neg())));
}
