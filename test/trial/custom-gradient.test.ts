/** Gradients that a model's author writes, by `tf.customGrad`. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import {
  defineModel,
  float,
  type ModelDefinition,
  sgd,
  softmaxCrossEntropy,
  trainableVariables,
} from '../../src/trial/index.js';
import { expectAgreement } from '../support/agreement.js';
import { settings } from '../support/classifier.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

type Save = (tensors: tf.Tensor[]) => void;
/** An operation on hidden units, with a hyperparameter. */
type Operation = (x: tf.Tensor, strength: tf.Scalar) => tf.Tensor;

/** Rounds forward, and lets gradients pass (Bengio, Léonard & Courville 2013, "straight-through estimator"). */
const straightThrough: Operation = (x) => {
  return tf.customGrad((given) => ({ value: (given as tf.Tensor).mul(8).round().div(8), gradFunc: (dy) => [dy] }))(x);
};

/** Nothing forward; backward times minus a hyperparameter (Ganin & Lempitsky 2015, "gradient reversal layer"). */
const reversal: Operation = (x, strength) => {
  return tf.customGrad((given) => ({
    value: (given as tf.Tensor).clone(),
    gradFunc: (dy) => [dy.mul(strength).neg()],
  }))(x);
};

/** `x sigmoid(s x)` with a gradient by hand, in both arguments, from what was saved. */
const gate: Operation = (x, strength) => {
  const gated = tf.customGrad((...args) => {
    const [input, slope, save] = args as unknown as [tf.Tensor, tf.Scalar, Save];
    const open = input.mul(slope).sigmoid();
    save([input, slope, open]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [value, s, opened] = saved as [tf.Tensor, tf.Scalar, tf.Tensor];
      const rate = opened.mul(tf.sub(1, opened));
      return [dy.mul(opened.add(value.mul(s).mul(rate))), dy.mul(value.square().mul(rate)).sum()];
    };
    return { value: input.mul(open), gradFunc };
  });
  return gated(x, strength);
};

/** A custom gradient whose value, and whose gradient, come of operations with custom gradients. */
const nested: Operation = (x, strength) => {
  const doubled = tf.customGrad((given) => ({
    value: reversal(gate(given as tf.Tensor, strength), strength),
    gradFunc: (dy) => [gate(dy as tf.Tensor, strength).mul(2)],
  }));
  return doubled(x);
};

/** Its own gradient is part of the value: what is trained by has gone through the gradient of {@link gate}. */
const twice: Operation = (x, strength) => {
  return tf
    .grad((given: tf.Tensor) => gate(given, strength).sum())(x)
    .add(x);
};

/** A layer, the operation, and a layer. */
function model(operation: Operation): ModelDefinition {
  return defineModel({
    space: { learningRate: float(1e-3, 1), strength: float(0, 1) },
    build() {
      const hidden = tf.sequential({ layers: [tf.layers.dense({ units: 7, activation: 'tanh', inputShape: [6] })] });
      const last = tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [7] })] });
      const optimizer = sgd([...trainableVariables(hidden), ...trainableVariables(last)]);
      const losses = (x: tf.Tensor, y: tf.Tensor1D, strength: tf.Scalar) => {
        const units = operation(hidden.apply(x) as tf.Tensor, strength);
        return softmaxCrossEntropy(y, last.apply(units) as tf.Tensor2D);
      };
      return {
        step: ({ x, y }, { learningRate, strength }) =>
          optimizer.minimize(() => losses(x, y, strength).mean() as tf.Scalar, { learningRate }),
        evaluate: ({ x, y }, { strength }) => ({ loss: losses(x, y, strength) }),
      };
    },
  }) as unknown as ModelDefinition;
}

describe.each(['never', 'always'] as const)('custom gradients, compiled %s, agree with eager tfjs:', (compile) => {
  it.each([
    ['passed through', straightThrough],
    ['times a hyperparameter', reversal],
    ['of two arguments, from what was saved', gate],
    ['one within another', nested],
    ['differentiated once more', twice],
  ])('%s', (_, operation) => {
    const mutable = { learningRate: 0.05, strength: 0.7 };
    expectAgreement(loaded, model(operation), settings([6], { mutable, compile, steps: 2 }));
  });
});
