import * as tf from '@tensorflow/tfjs';
import {
  allVariables,
  averageWeights,
  choice,
  cutout,
  decayWeights,
  defineModel,
  dropout,
  float,
  imageShape,
  mixup,
  momentum,
  predictionOf,
  randomShift,
  trainableVariables,
} from '../../src/trial/index.js';

/**
 * A convolutional network for small images: `depth` blocks of convolution (3 × 3), batch normalization (Ioffe & Szegedy 2015), relu and
 * pooling by 2, each with twice the filters of the one before, then one dense layer. What is evaluated and exported has the running
 * averages of the weights.
 */
export default defineModel({
  space: {
    learningRate: float(1e-3, 0.1, { scale: 'log' }),
    momentum: float(0.5, 0.99),
    weightDecay: float(1e-5, 0.1, { scale: 'log' }),
    averaging: float(0.9, 0.999),
    dropout: float(0, 0.6),
    smoothing: float(0, 0.2),
    shift: float(0, 0.15),
    cutout: float(0, 0.5),
    mixup: float(0, 0.3),
    width: choice([8, 16, 32]),
    depth: choice([2, 3]),
  },

  build({ hyper, data }) {
    const [height, width, channels] = imageShape(data, 'cnn');
    const prediction = predictionOf(data, 'cnn');

    const network = () => {
      const image = tf.layers.reshape({ inputShape: [...data.featureShape], targetShape: [height, width, channels] });
      const blocks = Array.from({ length: hyper.depth }, (_, index) => block(hyper.width * 2 ** index)).flat();
      const hidden = [...blocks, tf.layers.flatten()];
      const output = tf.layers.dense({ units: prediction.size });
      const model = tf.sequential({ layers: [image, ...hidden, output, prediction.layer()] });
      const features = (x: tf.Tensor, training: boolean) => {
        return hidden.reduce((input, layer) => layer.apply(input, { training }) as tf.Tensor, x);
      };
      return { model, image, features, output };
    };
    const trained = network();
    const averaged = network();
    const variables = trainableVariables(trained.model);
    const kernels = variables.filter(({ rank }) => rank > 1);
    const optimizer = momentum(variables, { nesterov: true });

    return {
      model: averaged.model,
      step({ x, y }, h, { random, step }) {
        const { image, features, output, model } = trained;
        const images = cutout(randomShift(image.apply(x) as tf.Tensor, h.shift, random), h.cutout, random);
        const mixed = mixup(images, prediction.targets(y, h.smoothing), h.mixup, random);
        const loss = () => {
          const outputs = output.apply(dropout(features(mixed.x, true), h.dropout, random)) as tf.Tensor2D;
          return prediction.losses(mixed.targets as tf.Tensor2D, outputs).mean() as tf.Scalar;
        };
        const value = optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
        decayWeights(kernels, h.learningRate.mul(h.weightDecay) as tf.Scalar);
        averageWeights(allVariables(averaged.model), allVariables(model), h.averaging, step);
        return value;
      },
      evaluate({ x, y }) {
        const { image, features, output } = averaged;
        return prediction.metrics(y, output.apply(features(image.apply(x) as tf.Tensor, false)) as tf.Tensor2D);
      },
    };
  },
});

/** Halves height and width, rounded up, so that images may have any size. */
function block(filters: number): tf.layers.Layer[] {
  return [
    tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, kernelInitializer: 'heNormal' }),
    tf.layers.batchNormalization({ momentum: 0.9 }),
    tf.layers.reLU(),
    tf.layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
  ];
}
