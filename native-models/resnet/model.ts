import * as tf from '@tensorflow/tfjs';
import {
  allVariables,
  averageWeights,
  choice,
  cutout,
  decayWeights,
  defineModel,
  float,
  imageShape,
  mixup,
  momentum,
  predictionOf,
  randomFlip,
  randomShift,
  trainableVariables,
} from '../../src/trial/index.js';

/**
 * A residual network for small images (He et al. 2016, "Deep residual learning for image recognition", section 4.2,
 * https://arxiv.org/abs/1512.03385): a convolution, then three stages of `blocks` residual blocks with `width`, 2 × `width` and
 * 4 × `width` filters, each stage but the first halving height and width, then the mean over what is left of the image and one dense
 * layer: 6 × `blocks` + 2 layers with weights. With a width of 16, and 3, 5 or 9 blocks, it is the paper's ResNet-20, -32 or -56.
 *
 * Where a stage begins, the shortcut is a convolution of 1 × 1 with batch normalization (the paper's option B; its networks for CIFAR
 * have option A, which pads with zeros and has no parameters). What is evaluated and exported has the running averages of the weights.
 */
export default defineModel({
  space: {
    learningRate: float(1e-3, 0.3, { scale: 'log' }),
    momentum: float(0.5, 0.99),
    weightDecay: float(1e-5, 0.1, { scale: 'log' }),
    averaging: float(0.9, 0.999),
    smoothing: float(0, 0.2),
    shift: float(0, 0.15),
    flip: float(0, 0.5),
    cutout: float(0, 0.5),
    mixup: float(0, 0.5),
    width: choice([8, 16, 32]),
    blocks: choice([1, 2, 3]),
  },

  build({ hyper, data }) {
    const [height, width, channels] = imageShape(data, 'resnet', 8);
    const prediction = predictionOf(data, 'resnet');

    const network = () => {
      const input = tf.input({ shape: [...data.featureShape] });
      const image = tf.layers.reshape({ targetShape: [height, width, channels] });
      const outputs = residualNetwork(image.apply(input) as tf.SymbolicTensor, hyper, prediction.size);
      const predicted = prediction.layer().apply(outputs) as tf.SymbolicTensor;
      return {
        image,
        trainable: tf.model({ inputs: input, outputs }),
        model: tf.model({ inputs: input, outputs: predicted }),
      };
    };
    const { trainable, image } = network();
    const averaged = network();
    const variables = trainableVariables(trainable);
    const kernels = variables.filter(({ rank }) => rank > 1);
    const optimizer = momentum(variables, { nesterov: true });

    return {
      model: averaged.model,
      step({ x, y }, h, { random, step }) {
        const flipped = randomFlip(image.apply(x) as tf.Tensor, h.flip, random);
        const images = cutout(randomShift(flipped, h.shift, random), h.cutout, random).reshape(x.shape);
        const mixed = mixup(images, prediction.targets(y, h.smoothing), h.mixup, random);
        const loss = () => {
          const outputs = trainable.apply(mixed.x, { training: true }) as tf.Tensor2D;
          return prediction.losses(mixed.targets as tf.Tensor2D, outputs).mean() as tf.Scalar;
        };
        const value = optimizer.minimize(loss, { learningRate: h.learningRate, momentum: h.momentum });
        decayWeights(kernels, h.learningRate.mul(h.weightDecay) as tf.Scalar);
        averageWeights(allVariables(averaged.trainable), allVariables(trainable), h.averaging, step);
        return value;
      },
      evaluate({ x, y }) {
        return prediction.metrics(y, averaged.trainable.apply(x, { training: false }) as tf.Tensor2D);
      },
    };
  },
});

type Symbol = tf.SymbolicTensor;

function residualNetwork(image: Symbol, { width, blocks }: { width: number; blocks: number }, outputs: number): Symbol {
  let x = relu(normalized(image, width, 3, 1));
  for (const stage of [0, 1, 2]) {
    for (let block = 0; block < blocks; block++) x = residualBlock(x, width * 2 ** stage, stage > 0 && block === 0);
  }
  const pooled = tf.layers.globalAveragePooling2d({}).apply(x);
  return tf.layers.dense({ units: outputs }).apply(pooled) as Symbol;
}

function residualBlock(x: Symbol, filters: number, isSmaller: boolean): Symbol {
  const strides = isSmaller ? 2 : 1;
  const first = relu(normalized(x, filters, 3, strides));
  const second = normalized(first, filters, 3, 1);
  const shortcut = isSmaller ? normalized(x, filters, 1, strides) : x;
  return relu(tf.layers.add().apply([second, shortcut]) as Symbol);
}

function normalized(x: Symbol, filters: number, kernelSize: number, strides: number): Symbol {
  const convolution = tf.layers.conv2d({
    filters,
    kernelSize,
    strides,
    padding: 'same',
    useBias: false,
    kernelInitializer: 'heNormal',
  });
  return tf.layers.batchNormalization({ momentum: 0.9 }).apply(convolution.apply(x)) as Symbol;
}

function relu(x: Symbol): Symbol {
  return tf.layers.reLU().apply(x) as Symbol;
}
