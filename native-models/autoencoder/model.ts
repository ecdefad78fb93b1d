import * as tf from '@tensorflow/tfjs';
import {
  adam,
  choice,
  type DataDescription,
  defineModel,
  float,
  imageShape,
  maskingNoise,
  trainableVariables,
  trialErrors,
} from '../../src/trial/index.js';

/**
 * A denoising autoencoder (Vincent et al. 2010, "Stacked denoising autoencoders"): a part `noise` of its input's values is set to
 * zero, and it is trained to give back the whole input, through a layer of `code` units. For images and for tables, by dense layers,
 * or for images by convolutions (`network: convolutional`). The target, if there is one, is ignored.
 */
export default defineModel({
  space: {
    learningRate: float(1e-4, 1e-2, { scale: 'log' }),
    noise: float(0, 0.5),
    hidden: choice([64, 128, 256]),
    code: choice([8, 16, 32, 64]),
    network: 'dense',
  },

  build({ hyper, data }) {
    const { featureShape } = data;
    if (data.vocabularySize !== undefined || featureShape.includes(0)) {
      throw trialErrors.TRIAL_FEATURES_NOT_NUMBERS({ model: 'autoencoder', isText: data.vocabularySize !== undefined });
    }
    const layers = (hyper.network as string) === 'convolutional' ? convolutional(data, hyper) : dense(data, hyper);
    const model = tf.sequential({ layers: [...layers, tf.layers.reshape({ targetShape: [...featureShape] })] });
    const optimizer = adam(trainableVariables(model));

    /** Mean squared error of each row's values: `[batch]`. */
    const losses = (x: tf.Tensor, from: tf.Tensor) => {
      const errors = tf.squaredDifference(x, model.apply(from) as tf.Tensor);
      return errors.reshape([x.shape[0]!, -1]).mean(1);
    };

    return {
      model,
      step({ x }, h, { random }) {
        const noisy = maskingNoise(x, h.noise, random);
        return optimizer.minimize(() => losses(x, noisy).mean() as tf.Scalar, { learningRate: h.learningRate });
      },
      evaluate: ({ x }) => ({ loss: losses(x, x) }),
    };
  },
});

interface Sizes {
  readonly hidden: number;
  readonly code: number;
}

const activation = 'relu';

function dense({ featureShape }: DataDescription, { hidden, code }: Sizes): tf.layers.Layer[] {
  const size = featureShape.reduce((a, b) => a * b, 1);
  return [
    tf.layers.reshape({ inputShape: [...featureShape], targetShape: [size] }),
    tf.layers.dense({ units: hidden, activation, kernelInitializer: 'heNormal' }),
    tf.layers.dense({ units: code, name: 'code' }),
    tf.layers.dense({ units: hidden, activation, kernelInitializer: 'heNormal' }),
    tf.layers.dense({ units: size }),
  ];
}

/** Two convolutions with strides, and their reverse. They round sizes up to multiples of 4; what is too much is cut off at the end. */
function convolutional(data: DataDescription, { hidden, code }: Sizes): tf.layers.Layer[] {
  const [height, width, channels] = imageShape(data, 'autoencoder with network: convolutional');
  const [rows, columns] = [Math.ceil(height / 4), Math.ceil(width / 4)];
  const filters = hidden / 8;
  const strided = { kernelSize: 3, strides: 2, padding: 'same' } as const;
  return [
    tf.layers.reshape({ inputShape: [...data.featureShape], targetShape: [height, width, channels] }),
    tf.layers.conv2d({ ...strided, filters, activation, kernelInitializer: 'heNormal' }),
    tf.layers.conv2d({ ...strided, filters: 2 * filters, activation, kernelInitializer: 'heNormal' }),
    tf.layers.flatten(),
    tf.layers.dense({ units: code, name: 'code' }),
    tf.layers.dense({ units: rows * columns * 2 * filters, activation, kernelInitializer: 'heNormal' }),
    tf.layers.reshape({ targetShape: [rows, columns, 2 * filters] }),
    tf.layers.conv2dTranspose({ ...strided, filters, activation, kernelInitializer: 'heNormal' }),
    tf.layers.conv2dTranspose({ ...strided, filters: channels }),
    tf.layers.cropping2D({
      cropping: [
        [0, 4 * rows - height],
        [0, 4 * columns - width],
      ],
    }),
  ];
}
