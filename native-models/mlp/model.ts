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

/**
 * A perceptron with one hidden layer, for classes or for one number; any shape of features is flattened. A number is trained
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
    const { target, featureShape, categories } = data;
    if (target.kind === 'none') throw new Error('the data set has no target, which mlp needs');
    if (categories !== undefined)
      throw new Error('mlp reads features only: leave out categories: index and encode: index');
    const outputs = target.kind === 'class' ? target.classCount : 1;
    const size = featureShape.reduce((a, b) => a * b, 1);
    const flatten = tf.layers.reshape({ inputShape: [...featureShape], targetShape: [size] });
    const hidden = tf.layers.dense({ units: hyper.hidden, activation: 'relu', kernelInitializer: 'heNormal' });
    const output = tf.layers.dense({ units: outputs });
    const model = tf.sequential({ layers: [flatten, hidden, output] });
    const optimizer = momentum(trainableVariables(model));
    // what is trained are logits or a standardised number, and what is exported are probabilities or the number
    if (target.kind === 'class') model.add(tf.layers.softmax());
    else model.add(tf.layers.rescaling({ scale: target.deviation, offset: target.mean }));

    const trained = (activations: tf.Tensor) => output.apply(activations) as tf.Tensor2D;
    const hiddenOf = (x: tf.Tensor) => hidden.apply(flatten.apply(x)) as tf.Tensor;

    /** One loss a row. */
    const losses = (y: Batch['y'], predictions: tf.Tensor2D) => {
      if (target.kind === 'class') return softmaxCrossEntropy(y, predictions);
      return squaredError(y.sub(target.mean).div(target.deviation), predictions.squeeze([1]));
    };

    return {
      model,
      step({ x, y }, h, { random }) {
        const loss = () => losses(y, trained(dropout(hiddenOf(x), h.dropout, random))).mean() as tf.Scalar;
        return optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
      },
      evaluate({ x, y }) {
        const predictions = trained(hiddenOf(x));
        const loss = losses(y, predictions);
        // in the square of the target's unit
        if (target.kind === 'number') return { loss: loss.mul(target.deviation ** 2) };
        return { loss, accuracy: correct(y, predictions) };
      },
    };
  },
});
