import * as tf from '@tensorflow/tfjs';
import type { SpaceDefinition } from '../space/index.js';
import { softmaxCrossEntropy } from './losses.js';
import { type Batch, type BuildContext, type DataDescription, defineModel, type ModelDefinition } from './model.js';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  momentum,
  type Optimizer,
  rmsprop,
  type Setting,
  sgd,
} from './optimizers/index.js';
import { trainableVariables } from './variables.js';

const optimizers = { adadelta, adagrad, adam, adamax, momentum, rmsprop, sgd } as const;

/** Losses by the names that tfjs has for them: each gives one value a row, `[batch]`. */
const losses = {
  /** From probabilities, such as a softmax layer's. */
  sparseCategoricalCrossentropy: (y: tf.Tensor1D, p: tf.Tensor, data: DataDescription) =>
    tf.metrics.categoricalCrossentropy(oneHot(y, data), p),
  categoricalCrossentropy: (y: tf.Tensor1D, p: tf.Tensor, data: DataDescription) =>
    tf.metrics.categoricalCrossentropy(oneHot(y, data), p),
  /** From logits: the model's last layer has no activation. */
  softmaxCrossEntropy: (y: tf.Tensor1D, p: tf.Tensor) => softmaxCrossEntropy(y, p as tf.Tensor2D),
  binaryCrossentropy: (y: tf.Tensor1D, p: tf.Tensor) => tf.metrics.binaryCrossentropy(column(y), p),
  meanSquaredError: (y: tf.Tensor1D, p: tf.Tensor) => tf.metrics.meanSquaredError(column(y), p),
  meanAbsoluteError: (y: tf.Tensor1D, p: tf.Tensor) => tf.metrics.meanAbsoluteError(column(y), p),
} as const;

const column = (y: tf.Tensor1D) => y.cast('float32').expandDims(1);
const oneHot = (y: tf.Tensor1D, { target }: DataDescription) => {
  return tf.oneHot(y, target.kind === 'class' ? target.classCount : 1).cast('float32');
};

export interface LayersModelOptions<S extends SpaceDefinition> {
  /** Must have `learningRate`; what else is named like one of the optimizer's settings is tuned too: `momentum`, `beta1`, … */
  readonly space: S & { readonly learningRate: S['learningRate'] };
  /** An existing tfjs model, or a function that builds one. It is trained from its own initial weights. */
  readonly model: (context: BuildContext<S>) => tf.LayersModel;
  readonly optimizer: keyof typeof optimizers;
  readonly loss: keyof typeof losses;
}

/**
 * An existing `tf.LayersModel` with an optimizer and a loss by name: the shortest way to tune one. Regularisers count into the
 * training loss. Metrics: `valLoss`, and `valAccuracy` where the target is a class.
 */
export function layersModel<const S extends SpaceDefinition>(options: LayersModelOptions<S>): ModelDefinition<S> {
  const { space, loss: name } = options;
  return defineModel<S>({
    space,
    build(context) {
      const model = options.model(context);
      const optimizer = optimizers[options.optimizer](trainableVariables(model)) as unknown as Optimizer<object>;
      const rowLosses = (y: Batch['y'], predictions: tf.Tensor) => losses[name](y, predictions, context.data);
      const trainingLoss = ({ x, y }: Batch) => {
        const mean = rowLosses(y, model.apply(x, { training: true }) as tf.Tensor).mean();
        return model.calculateLosses().reduce((sum: tf.Tensor, penalty) => sum.add(penalty), mean) as tf.Scalar;
      };
      return {
        model,
        // probabilities, also of a model that gives logits
        ...(name === 'softmaxCrossEntropy'
          ? { predict: ({ x }) => (model.apply(x, { training: false }) as tf.Tensor).softmax() }
          : {}),
        step: (batch, hyper) => optimizer.minimize(() => trainingLoss(batch), hyper as Record<string, Setting>),
        evaluate: ({ x, y }) => {
          const predictions = model.apply(x, { training: false }) as tf.Tensor;
          const loss = rowLosses(y, predictions).flatten();
          if (context.data.target.kind !== 'class') return { loss };
          return { loss, accuracy: accuracy(y, predictions) };
        },
      };
    },
  });
}

/** One output is the probability of class 1; several are one a class. */
function accuracy(y: tf.Tensor1D, predictions: tf.Tensor): tf.Tensor {
  const single = predictions.shape.at(-1) === 1;
  const predicted = single ? predictions.flatten().greater(0.5).cast('int32') : predictions.argMax(-1);
  return tf.equal(predicted, y).cast('float32');
}
