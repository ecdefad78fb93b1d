import * as tf from '@tensorflow/tfjs';
import { defineModel, float, momentum, softmaxCrossEntropy } from '../../../dist/src/trial/index.js';
import { population } from '../cases.mjs';

/**
 * The case `mlp` for all members of a population at once, with a leading axis for the members: what `vmap` makes of it in JAX. A batch holds
 * the members' batches one after another; each member has a learning rate of its own.
 */
const { members } = population;
const units = [784, 128, 10];

export default defineModel({
  space: { learningRate: float(1e-3, 1, { scale: 'log' }), momentum: float(0.5, 0.99) },
  build() {
    const variable = (shape, deviation) =>
      tf.variable(tf.randomNormal([members, ...shape], 0, deviation, 'float32', 1));
    const weights = units.slice(1).map((size, layer) => ({
      kernel: variable([units[layer], size], Math.sqrt(2 / units[layer])),
      bias: variable([1, size], 0),
    }));
    const rates = tf.tensor(Array.from({ length: members }, (_, member) => 0.9 ** member)).reshape([members, 1, 1]);
    const optimizer = momentum(weights.flatMap(({ kernel, bias }) => [kernel, bias]));
    const logits = (x) => {
      const [first, second] = weights;
      const hidden = tf
        .matMul(x.reshape([members, -1, units[0]]), first.kernel)
        .add(first.bias)
        .relu();
      return tf.matMul(hidden, second.kernel).add(second.bias).reshape([-1, units[2]]);
    };
    return {
      step({ x, y }, h) {
        // the sum of the members' mean losses: each member's gradients are its own
        const loss = () => softmaxCrossEntropy(y, logits(x)).reshape([members, -1]).mean(1).sum();
        return optimizer.minimize(loss, { learningRate: h.learningRate.mul(rates), momentum: h.momentum });
      },
      evaluate: ({ x, y }) => ({ loss: softmaxCrossEntropy(y, logits(x)) }),
    };
  },
});
