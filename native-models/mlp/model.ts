import * as tf from '@tensorflow/tfjs';
import {
  choice,
  defineModel,
  dropout,
  float,
  momentum,
  predictionOf,
  trainableVariables,
} from '../../src/trial/index.js';

/**
 * A perceptron with one hidden layer, for classes or for numbers; any shape of features is flattened. A number is trained
 * standardised, so that its unit does not matter to the learning rate, and measured and predicted in its own unit.
 */
export default defineModel({
  space: {
    learningRate: float(1e-3, 1, { scale: 'log' }),
    momentum: float(0.5, 0.99),
    dropout: float(0, 0.5),
    hidden: choice([64, 128, 256]),
  },

  build({ hyper, data }) {
    const { featureShape, categories } = data;
    const prediction = predictionOf(data, 'mlp');
    if (categories !== undefined)
      throw new Error('mlp reads features only: leave out categories: index and encode: index');
    const size = featureShape.reduce((a, b) => a * b, 1);
    const flatten = tf.layers.reshape({ inputShape: [...featureShape], targetShape: [size] });
    const hidden = tf.layers.dense({ units: hyper.hidden, activation: 'relu', kernelInitializer: 'heNormal' });
    const output = tf.layers.dense({ units: prediction.size });
    const model = tf.sequential({ layers: [flatten, hidden, output] });
    const optimizer = momentum(trainableVariables(model));
    // what is trained are logits or a standardised number, and what is exported are probabilities or the number
    model.add(prediction.layer());

    const trained = (activations: tf.Tensor) => output.apply(activations) as tf.Tensor2D;
    const hiddenOf = (x: tf.Tensor) => hidden.apply(flatten.apply(x)) as tf.Tensor;

    return {
      model,
      step({ x, y }, h, { random }) {
        const loss = () => {
          const outputs = trained(dropout(hiddenOf(x), h.dropout, random));
          return prediction.rowLosses(y, outputs).mean() as tf.Scalar;
        };
        return optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
      },
      evaluate: ({ x, y }) => prediction.metrics(y, trained(hiddenOf(x))),
    };
  },
});
