/** What a model that predicts a data set's target needs to know and to compute, whatever the target is. */
import * as tf from '@tensorflow/tfjs';
import type { Metric } from '../graph/index.js';
import { smoothLabels } from './blocks/index.js';
import { errors } from './errors.js';
import { correct, softCrossEntropy, softmaxCrossEntropy } from './losses.js';
import { rootMean } from './metrics.js';
import type { Batch, DataDescription } from './model.js';
import type { Setting } from './optimizers/index.js';

/**
 * Classes or numbers as the outputs of a model's last layer: logits for classes, and for numbers distances from the target's mean in
 * its deviations, so that a model learns at the same rates whatever the target's unit is.
 */
export interface Prediction {
  /** Outputs a row. */
  readonly size: number;
  /** What outputs are compared with, float32 `[batch, size]`; classes are one-hot, `smoothing` in [0, 1) as in `smoothLabels`. */
  targets(y: Batch['y'], smoothing?: Setting): tf.Tensor2D;
  /** Loss of each row, `[batch]`: cross-entropy in nats, or squared distance in deviations. */
  losses(targets: tf.Tensor2D, outputs: tf.Tensor2D): tf.Tensor1D;
  /** `losses` of what is to be predicted as it is, without smoothing: classes need no one-hot rows for it. */
  rowLosses(y: Batch['y'], outputs: tf.Tensor2D): tf.Tensor1D;
  /**
   * For `evaluate`: `loss` and, for classes, `accuracy`, for numbers `rmse` and `mae` (root of the mean squared and mean absolute error,
   * in the target's own unit, whose square is the unit of their loss).
   */
  metrics(y: Batch['y'], outputs: tf.Tensor2D): Readonly<Record<string, Metric>>;
  /** A new layer from outputs to what an exported model gives: probabilities, or numbers in the target's unit. */
  layer(): tf.layers.Layer;
}

/**
 * How a data set's target is predicted.
 *
 * @param model its name, for the message. Error: TRIAL_TARGET_MISSING where the data set has no target
 */
export function predictionOf({ target }: DataDescription, model: string): Prediction {
  switch (target.kind) {
    case 'class':
      if (target.shape.length > 0) throw errors.TRIAL_TARGET_NOT_ONE_CLASS({ model, shape: target.shape });
      return classPrediction(target.classCount);
    case 'number':
      return numberPrediction(target);
    case 'none':
      throw errors.TRIAL_TARGET_MISSING({ model });
    default:
      return target satisfies never;
  }
}

function classPrediction(classCount: number): Prediction {
  return {
    size: classCount,
    targets: (y, smoothing = 0) => smoothLabels(y, classCount, smoothing),
    losses: softCrossEntropy,
    rowLosses: softmaxCrossEntropy,
    metrics: (y, outputs) => ({ loss: softmaxCrossEntropy(y, outputs), accuracy: correct(y, outputs) }),
    layer: () => tf.layers.softmax(),
  };
}

type NumberTarget = Extract<DataDescription['target'], { kind: 'number' }>;

function numberPrediction({ shape, mean, deviation }: NumberTarget): Prediction {
  const size = shape.reduce((a, b) => a * b, 1);
  const targets = (y: tf.Tensor) => y.reshape([-1, size]).sub(mean).div(deviation) as tf.Tensor2D;
  const losses = (wanted: tf.Tensor2D, outputs: tf.Tensor2D) => {
    return tf.squaredDifference(wanted, outputs).mean(1) as tf.Tensor1D;
  };
  const rowLosses = (y: Batch['y'], outputs: tf.Tensor2D) => losses(targets(y), outputs);
  return {
    size,
    targets,
    losses,
    rowLosses,
    metrics: (y, outputs) => {
      const squared = rowLosses(y, outputs).mul(deviation ** 2) as tf.Tensor1D;
      const absolute = tf.abs(targets(y).sub(outputs)).mean(1).mul(deviation) as tf.Tensor1D;
      return { loss: squared, rmse: rootMean(squared), mae: absolute };
    },
    layer: () => tf.layers.rescaling({ scale: deviation, offset: mean }),
  };
}
