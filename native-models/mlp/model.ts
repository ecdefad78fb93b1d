import * as tf from '@tensorflow/tfjs';
import {
  type Batch,
  choice,
  correct,
  defineModel,
  dropout,
  float,
  momentum,
  softmaxCrossEntropy,
  squaredError,
  trainableVariables,
} from '../../src/trial/index.js';

/** A perceptron with one hidden layer, for classes or for one number; any shape of features is flattened. */
export default defineModel({
  space: {
    learningRate: float(1e-3, 1, { scale: 'log' }),
    momentum: float(0.5, 0.99),
    dropout: float(0, 0.5),
    hidden: choice([64, 128, 256]),
  },

  build({ hyper, data }) {
    const { target, featureShape } = data;
    if (target.kind === 'none') throw new Error('the data set has no target, which mlp needs');
    const outputs = target.kind === 'class' ? target.classCount : 1;
    const size = featureShape.reduce((a, b) => a * b, 1);
    const flatten = tf.layers.reshape({ inputShape: [...featureShape], targetShape: [size] });
    const hidden = tf.layers.dense({ units: hyper.hidden, activation: 'relu', kernelInitializer: 'heNormal' });
    const output = tf.layers.dense({ units: outputs });
    const model = tf.sequential({ layers: [flatten, hidden, output] });
    const optimizer = momentum(trainableVariables(model));

    /** One loss a row. */
    const losses = (y: Batch['y'], predictions: tf.Tensor2D) => {
      if (target.kind === 'class') return softmaxCrossEntropy(y, predictions);
      return squaredError(y, predictions.squeeze([1]));
    };
    if (target.kind === 'class') model.add(tf.layers.softmax());

    return {
      model,
      step({ x, y }, h, { random }) {
        const loss = () => {
          const activations = dropout(hidden.apply(flatten.apply(x)) as tf.Tensor, h.dropout, random);
          return losses(y, output.apply(activations) as tf.Tensor2D).mean() as tf.Scalar;
        };
        return optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
      },
      evaluate({ x, y }) {
        const predictions = output.apply(hidden.apply(flatten.apply(x))) as tf.Tensor2D;
        const loss = losses(y, predictions);
        return target.kind === 'class' ? { loss, accuracy: correct(y, predictions) } : { loss };
      },
    };
  },
});
