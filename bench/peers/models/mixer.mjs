import * as tf from '@tensorflow/tfjs';
import {
  correct,
  defineModel,
  float,
  gelu,
  layerNorm,
  momentum,
  softmaxCrossEntropy,
} from '../../../dist/src/trial/index.js';

const [rows, width, blocks] = [28, 64, 4];

/** Normalised residual blocks over an image's rows, as in a transformer without attention: for the rules that no other case has. */
export default defineModel({
  space: { learningRate: float(1e-3, 1, { scale: 'log' }), momentum: float(0.5, 0.99) },
  build() {
    const matrix = (from, to) => tf.variable(tf.randomNormal([from, to], 0, Math.sqrt(1 / from), 'float32', 1));
    const embedding = matrix(rows, width);
    const layers = Array.from({ length: blocks }, () => ({
      scale: tf.variable(tf.ones([width])),
      up: matrix(width, 2 * width),
      down: matrix(2 * width, width),
    }));
    const head = matrix(width, 10);
    const optimizer = momentum([embedding, ...layers.flatMap((layer) => Object.values(layer)), head]);
    const logits = (x) => {
      let hidden = x.reshape([-1, rows]).matMul(embedding);
      for (const { scale, up, down } of layers) {
        const inner = gelu(layerNorm(hidden, scale).matMul(up));
        hidden = hidden.add(inner.matMul(down));
      }
      return hidden.reshape([-1, rows, width]).mean(1).matMul(head);
    };
    return {
      step({ x, y }, h) {
        const loss = () => softmaxCrossEntropy(y, logits(x)).mean();
        return optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
      },
      evaluate: ({ x, y }) => ({ loss: softmaxCrossEntropy(y, logits(x)), accuracy: correct(y, logits(x)) }),
    };
  },
});
