/** What a model that predicts a data set's target needs to know and to compute, whatever the target is. */
import * as tf from '@tensorflow/tfjs';
import { smoothLabels } from './blocks/index.js';
import { errors } from './errors.js';
import { correct, softCrossEntropy, softmaxCrossEntropy } from './losses.js';
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
  /** For `evaluate`: `loss` and, for classes, `accuracy`. The loss of numbers is squared error in the target's own unit. */
  metrics(y: Batch['y'], outputs: tf.Tensor2D): Record<string, tf.Tensor1D>;
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
    // in the square of the target's unit
    metrics: (y, outputs) => ({ loss: rowLosses(y, outputs).mul(deviation ** 2) as tf.Tensor1D }),
    layer: () => tf.layers.rescaling({ scale: deviation, offset: mean }),
  };
}
