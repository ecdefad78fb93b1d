// A model of your own: a function that builds it, what one training step does, and how it is judged.
// Run it with:  npx tfjs-tuner run sweep.yaml
import * as tf from '@tensorflow/tfjs';
import { correct, defineModel, float, int, momentum, softmaxCrossEntropy, trainableVariables } from 'tfjs-tuner/model';

export default defineModel({
  // What is tuned, with ranges that a sweep may replace. Floats may change while a trial runs (a mutation costs nothing);
  // ints, choices and booleans shape the model.
  space: {
    learningRate: float(1e-3, 1, { scale: 'log' }),
    momentum: float(0.5, 0.99),
    hidden: int(8, 64, { scale: 'log' }),
  },

  build({ hyper, data }) {
    // This one is for classes; data.target says what the data set has.
    if (data.target.kind !== 'class') throw new Error('this model predicts classes, and the data set has none');

    // Layers and variables are made here, once for each trial. Initial weights come from the study's seed by themselves.
    const size = data.featureShape.reduce((a, b) => a * b, 1);
    const model = tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [...data.featureShape], targetShape: [size] }),
        tf.layers.dense({ units: hyper.hidden, activation: 'relu' }),
        tf.layers.dense({ units: data.target.classCount }),
      ],
    });
    const optimizer = momentum(trainableVariables(model));

    return {
      // What `tfjs-tuner export` saves.
      model,

      // One training step: runs a few times to be traced, and never again, so it must do the same operations every time.
      // `rates` has the hyperparameters that may change, as scalar tensors.
      step: ({ x, y }, rates) => {
        const loss = () => softmaxCrossEntropy(y, model.apply(x, { training: true })).mean();
        return optimizer.minimize(loss, rates);
      },

      // One value a row; a sweep's objective names them valLoss and valAccuracy.
      evaluate: ({ x, y }) => {
        const logits = model.apply(x, { training: false });
        return { loss: softmaxCrossEntropy(y, logits), accuracy: correct(y, logits) };
      },
    };
  },
});
