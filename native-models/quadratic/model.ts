import * as tf from '@tensorflow/tfjs';
import { defineModel, float, sgd, trainableVariables } from '../../src/trial/index.js';

/** As in the paper's figure: where θ begins, and how far a gradient step goes. */
const start = 0.9;
const learningRate = 0.01;

/**
 * The toy of Jaderberg et al. 2017, "Population based training of neural networks", section 4.1 and figure 2
 * (https://arxiv.org/abs/1711.09846): Q(θ) = 1.2 − (θ₀² + θ₁²) is to be maximised, by gradient steps on the surrogate
 * Q̂(θ | h) = 1.2 − (h₀ θ₀² + h₁ θ₁²). A trial whose h₀ or h₁ is 0 never improves that part of θ. The data set is ignored.
 */
export default defineModel({
  space: { h0: float(0, 1), h1: float(0, 1) },

  build() {
    // θ as the weights of a layer, so that there is something to export
    const kernelInitializer = tf.initializers.constant({ value: start });
    const layer = tf.layers.dense({ units: 1, useBias: false, inputShape: [2], kernelInitializer });
    const model = tf.sequential({ layers: [layer] });
    const [theta] = trainableVariables(model) as [tf.Variable];
    const optimizer = sgd([theta]);

    const surrogate = (weights: tf.Tensor) => tf.sub(1.2, theta.flatten().square().mul(weights).sum()) as tf.Scalar;

    return {
      model,
      /** Q(θ), the same for every row: `[batch, 1]`. */
      predict: ({ x }) => tf.ones([x.shape[0]!, 1]).mul(surrogate(tf.ones([2]))),
      step(_, { h0, h1 }) {
        return optimizer.minimize(() => surrogate(tf.stack([h0, h1])).neg() as tf.Scalar, { learningRate });
      },
      evaluate({ x }) {
        const quality = surrogate(tf.ones([2]));
        const everyRow = tf.ones([x.shape[0]!]);
        return { loss: everyRow.mul(tf.sub(1.2, quality)), quality: everyRow.mul(quality) };
      },
    };
  },
});
