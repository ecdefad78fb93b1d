/** The step and the evaluation of a layers model, with an optimizer and a loss by name. */
import * as tf from '@tensorflow/tfjs';
import type { Metric } from '../../graph/index.js';
import { rootMean } from '../metrics.js';
import type { Batch, BuildContext, BuiltModel } from '../model.js';
import type { Setting } from '../optimizers/index.js';
import { trainableVariables } from '../variables.js';
import { fitInput, freezeStatistics, outputKind, outputShapeOf, requireSingle } from './input-output.js';
import { checkOutput, isLogits, rowLosses } from './losses-by-name.js';
import { type ChosenOptimizer, makeOptimizer } from './optimizers-by-name.js';

export interface Training {
  readonly optimizer: ChosenOptimizer;
  /** As `findLoss` names it. */
  readonly loss: string;
}

/**
 * A built model: regularisers count into the training loss, frozen layers stay as they are. Metrics: `loss`, and `accuracy` where
 * the target is a class, `rmse` and `mae` where it is a number.
 *
 * Errors: TRIAL_SEVERAL_INPUTS, TRIAL_SEVERAL_OUTPUTS, TRIAL_INPUT_SHAPE, TRIAL_OUTPUT_SHAPE, TRIAL_LOSS_…, TRIAL_ALL_FROZEN.
 */
export function tunedLayers(model: tf.LayersModel, training: Training, context: BuildContext): BuiltModel {
  requireSingle(model);
  const { target, featureShape } = context.data;
  const reshape = fitInput(model, featureShape);
  const outputShape = outputShapeOf(model, reshape, featureShape);
  checkOutput(target, outputShape, featureShape);
  const kind = outputKind(model);
  const losses = rowLosses({ loss: training.loss, target, output: kind, outputShape });
  freezeStatistics(model);
  const optimizer = makeOptimizer(training.optimizer, trainableVariables(model));
  const settings = settingsOf(training.optimizer, context);
  const targetsOf = (batch: Batch) => (target.kind === 'none' ? batch.x : batch.y);
  const predict = ({ x }: Pick<Batch, 'x'>, isTraining: boolean) =>
    model.apply(reshape(x), { training: isTraining }) as tf.Tensor;
  const trainingLoss = (batch: Batch) => {
    const mean = losses(targetsOf(batch), predict(batch, true)).mean();
    return model.calculateLosses().reduce((sum: tf.Tensor, penalty) => sum.add(penalty), mean) as tf.Scalar;
  };
  return {
    model,
    predict: (inputs) => {
      const outputs = predict(inputs, false);
      if (target.kind !== 'class' || !isLogits(kind, training.loss)) return outputs;
      return outputs.shape.at(-1) === 1 ? outputs.sigmoid() : outputs.softmax();
    },
    step: (batch, hyper) => {
      return optimizer.minimize(() => trainingLoss(batch), { ...settings, ...hyper });
    },
    evaluate: (batch) => {
      const predictions = predict(batch, false);
      const loss = losses(targetsOf(batch), predictions);
      if (target.kind === 'number') return { loss, ...errorsOf(batch.y, predictions) };
      if (target.kind !== 'class') return { loss };
      return { loss, accuracy: accuracy(batch.y, predictions, kind === 'logits' ? 0 : 0.5) };
    },
  };
}

/** Of numbers, in the target's own unit. */
function errorsOf(y: tf.Tensor, predictions: tf.Tensor): Record<'rmse' | 'mae', Metric> {
  const size = predictions.shape.slice(1).reduce((a, b) => a * b, 1);
  const distances = predictions.reshape([-1, size]).sub(y.reshape([-1, size]));
  return { rmse: rootMean(distances.square().mean(1)), mae: distances.abs().mean(1) as tf.Tensor1D };
}

/** Settings that do not change while a trial runs: those that the optimizer was compiled with, and over them fixed hyperparameters. */
function settingsOf({ settings }: ChosenOptimizer, { hyper }: BuildContext): Record<string, Setting> {
  const numbers = Object.entries({ ...settings, ...hyper }).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(numbers) as Record<string, number>;
}

/** One output is the probability (or logit) of class 1; several are one a class. Of a sequence, the share that is right. */
function accuracy(y: tf.Tensor, predictions: tf.Tensor, threshold: number): tf.Tensor {
  const isSingle = predictions.shape.at(-1) === 1;
  const predicted = isSingle ? predictions.greater(threshold).cast('int32') : predictions.argMax(-1);
  const right = tf.equal(predicted.reshape([-1, ...y.shape.slice(1)]), y).cast('float32');
  return right.rank === 1 ? right : right.mean(right.shape.slice(1).map((_, axis) => axis + 1));
}
