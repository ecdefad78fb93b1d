import * as tf from '@tensorflow/tfjs';
import {
  correct,
  defineModel,
  float,
  momentum,
  softmaxCrossEntropy,
  trainableVariables,
} from '../../../dist/src/trial/index.js';

/** A model of these layers, trained by momentum on softmax cross-entropy: what a user of the tuner would write. */
export function classifier(layers) {
  return defineModel({
    space: { learningRate: float(1e-3, 1, { scale: 'log' }), momentum: float(0.5, 0.99) },
    build() {
      const model = tf.sequential({ layers: layers(tf.layers) });
      const optimizer = momentum(trainableVariables(model));
      return {
        model,
        step({ x, y }, h) {
          const loss = () => softmaxCrossEntropy(y, model.apply(x, { training: true })).mean();
          return optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
        },
        evaluate({ x, y }) {
          const logits = model.apply(x, { training: false });
          return { loss: softmaxCrossEntropy(y, logits), accuracy: correct(y, logits) };
        },
      };
    },
  });
}
