import * as tf from '@tensorflow/tfjs';
import {
  adam,
  type Batch,
  choice,
  clipByGlobalNorm,
  correct,
  cosineDecay,
  defineModel,
  dropout,
  float,
  int,
  rootMean,
  softmaxCrossEntropy,
  squaredError,
  trainableVariables,
} from '../../src/trial/index.js';

/** `[time, features]` of a row: images are read row of pixels by row of pixels. */
function sequenceShape(featureShape: readonly number[]): [number, number] {
  const [time, ...features] = featureShape;
  if (time === undefined || features.length === 0) {
    throw new Error(
      `gru reads sequences, [time, features], and the rows of the data set have the shape [${featureShape}]`,
    );
  }
  return [time, features.reduce((a, b) => a * b, 1)];
}

/**
 * Gated recurrent units (Cho et al. 2014, https://arxiv.org/abs/1406.1078) over a sequence, and a dense layer on the last output: for one
 * number, such as a series' value at a later time, or for classes. Trained by Adam; numbers are learned in deviations from the training
 * rows' mean, and predicted in the target's own unit.
 */
export default defineModel({
  space: {
    learningRate: float(3e-4, 1e-2, { scale: 'log' }),
    units: choice([32, 64, 128]),
    layers: int(1, 2),
    regularisation: choice(['none', 'dropout']),
    dropout: float(0, 0.4, { when: { regularisation: 'dropout' } }),
    decaySteps: 0,
  },

  build({ hyper, data }) {
    const { target, featureShape } = data;
    if (target.kind === 'none') throw new Error('the data set has no target, which gru needs');
    const decaySteps: number = hyper.decaySteps;
    const [time, features] = sequenceShape(featureShape);
    const outputs = target.kind === 'class' ? target.classCount : 1;
    const reshape = tf.layers.reshape({ inputShape: [...featureShape], targetShape: [time, features] });
    const recurrent = Array.from({ length: hyper.layers }, (_, index) =>
      tf.layers.gru({
        units: hyper.units,
        recurrentActivation: 'sigmoid',
        // tfjs's orthogonal default takes seconds for a layer of this size
        recurrentInitializer: 'glorotUniform',
        returnSequences: index < hyper.layers - 1,
      }),
    );
    const output = tf.layers.dense({ units: outputs });
    const model = tf.sequential({ layers: [reshape, ...recurrent, output] });
    const trained = trainableVariables(model);
    const optimizer = adam(trained);
    if (target.kind === 'class') model.add(tf.layers.softmax());
    else model.add(ownUnit(target));

    /** Logits, or deviations from the mean: `[batch, outputs]`. */
    const predict = (x: tf.Tensor, drop: (x: tf.Tensor) => tf.Tensor) => {
      const sequence = [reshape, ...recurrent].reduce((values, layer) => layer.apply(values) as tf.Tensor, x);
      return output.apply(drop(sequence)) as tf.Tensor2D;
    };
    /** One loss a row. */
    const losses = (y: Batch['y'], predictions: tf.Tensor2D) => {
      if (target.kind === 'class') return softmaxCrossEntropy(y, predictions);
      return squaredError(y.sub(target.mean).div(target.deviation), predictions.squeeze([1]));
    };

    return {
      model,
      step({ x, y }, h, { random, step }) {
        const rate = h.dropout;
        const drop = (values: tf.Tensor) => (rate === undefined ? values : dropout(values, rate, random));
        const { value, grads } = tf.variableGrads(() => losses(y, predict(x, drop)).mean() as tf.Scalar, trained);
        const gradients = clipByGlobalNorm(
          trained.map(({ name }) => grads[name]!),
          1,
        );
        const learningRate = decaySteps === 0 ? h.learningRate : cosineDecay(h.learningRate, step, decaySteps);
        optimizer.update(gradients, { learningRate });
        return value;
      },
      evaluate({ x, y }) {
        const predictions = predict(x, (values) => values);
        const loss = losses(y, predictions);
        if (target.kind === 'class') return { loss, accuracy: correct(y, predictions) };
        return { loss, rmse: rootMean(loss.mul(target.deviation ** 2)) };
      },
    };
  },
});

/** Deviations from the mean in the target's unit: a layer that is not trained. */
function ownUnit({ mean, deviation }: { readonly mean: number; readonly deviation: number }): tf.layers.Layer {
  const kernelInitializer = tf.initializers.constant({ value: deviation });
  const biasInitializer = tf.initializers.constant({ value: mean });
  return tf.layers.dense({ units: 1, kernelInitializer, biasInitializer, trainable: false });
}
