/** Every layer and activation of tfjs that can be traced, each in a small classifier; those that cannot are in traced-layers.test.ts. */
import * as tf from '@tensorflow/tfjs';
import { applied, type Body, feature } from './classifier.js';

const { layers } = tf;
type Symbolic = tf.SymbolicTensor;

export interface LayerCase {
  readonly name: string;
  readonly shape: readonly number[];
  readonly body: Body;
  readonly feature?: (index: number) => number;
  /** Why some tensors are compared with float64: see agreement.ts. */
  readonly inexact?: string;
  /** Compiled it would be what another case is: XLA has no fused kernels of recurrent layers, and how two are merged is one op. */
  readonly plainOnly?: true;
}

const image = [8, 8, 3];
const volume = [4, 4, 4, 2];
const kernelInitializer = 'glorotUniform';
const tokens = (i: number) => (i * 5) % 11;
const constantBias = 'a bias before a normalization has no gradient: what is computed is rounding';

const dense = (units: number) => layers.dense({ units });
/** Two branches of one width, merged in every way, and what came of it side by side. */
const merged = () => (x: Symbolic) => {
  const branches = [applied(x, dense(4)), applied(x, dense(4))];
  const merges = [layers.add(), layers.multiply(), layers.average(), layers.maximum(), layers.minimum()];
  return layers.concatenate().apply(merges.map((merge) => merge.apply(branches) as Symbolic)) as Symbolic;
};
const dotted = () => (x: Symbolic) => {
  return layers.dot({ axes: -1 }).apply([applied(x, dense(4)), applied(x, dense(4))]) as Symbolic;
};

/** @param timeSteps of recurrent layers: at least 3 */
export function layerCases(timeSteps: number): LayerCase[] {
  const series = [timeSteps, 4];
  const gru = (more: object = {}) => layers.gru({ units: 3, ...more }) as tf.layers.Layer;
  const bidirectional = (layer: tf.layers.Layer, mergeMode: 'concat' | 'sum' | 'mul' | 'ave') =>
    layers.bidirectional({ layer: layer as never, mergeMode });
  const recurrent: [string, () => tf.layers.Layer[]][] = [
    ['simpleRNN', () => [layers.simpleRNN({ units: 5, recurrentInitializer: kernelInitializer })]],
    ['gru', () => [layers.gru({ units: 5, recurrentInitializer: kernelInitializer })]],
    ['gru of sequences', () => [layers.gru({ units: 5, returnSequences: true })]],
    ['lstm', () => [layers.lstm({ units: 5, recurrentInitializer: kernelInitializer })]],
    ['lstm with dropout', () => [layers.lstm({ units: 5, dropout: 0.3, recurrentDropout: 0.2 })]],
    ['cells stacked', () => [layers.rnn({ cell: [layers.gruCell({ units: 3 }), layers.lstmCell({ units: 3 })] })]],
    ['masking and lstm', () => [layers.masking({ maskValue: 0 }), layers.lstm({ units: 3 })]],
    ...(['concat', 'sum', 'mul', 'ave'] as const).map((mode): [string, () => tf.layers.Layer[]] => {
      return [`bidirectional, ${mode}`, () => [bidirectional(gru(), mode)]];
    }),
  ];
  const sigmoid = { recurrentActivation: 'sigmoid' } as const;
  const fused: [string, () => tf.layers.Layer[]][] = [
    ['gru, fused', () => [layers.gru({ units: 5, ...sigmoid })]],
    [
      'gru, fused, of sequences, without bias',
      () => [layers.gru({ units: 5, ...sigmoid, returnSequences: true, useBias: false })],
    ],
    ['lstm, fused', () => [layers.lstm({ units: 5, ...sigmoid })]],
    [
      'lstm, fused, of sequences, backwards',
      () => [layers.lstm({ units: 5, ...sigmoid, returnSequences: true, goBackwards: true })],
    ],
    [
      'bidirectional, fused, in two layers',
      () => [
        bidirectional(gru({ ...sigmoid, returnSequences: true }), 'concat'),
        layers.lstm({ units: 4, ...sigmoid }),
      ],
    ],
  ];
  // one sequence in three is masked from its middle on
  const masked = (i: number) =>
    Math.floor(i / (4 * timeSteps)) % 3 === 0 && (i / 4) % timeSteps >= 2 ? 0 : feature(i);
  return [
    ...simple,
    ...recurrent.map(([name, body]) => ({
      name,
      shape: series,
      body,
      ...(name.startsWith('masking') && { feature: masked }),
      ...(/sum|mul|ave/.test(name) && { plainOnly: true as const }),
    })),
    ...fused.map(([name, body]) => ({ name, shape: series, body, plainOnly: true as const })),
    {
      name: 'embedding with a mask, and gru',
      shape: [timeSteps],
      body: () => [layers.embedding({ inputDim: 11, outputDim: 4, maskZero: true }), gru()],
      feature: (i) => (i % timeSteps > 2 ? 0 : tokens(i)),
    },
    {
      name: 'convLstm2d',
      shape: [3, 5, 5, 2],
      body: () => [layers.convLstm2d({ filters: 2, kernelSize: 2 })],
    },
    {
      name: 'timeDistributed',
      shape: series,
      body: () => [layers.timeDistributed({ layer: layers.dense({ units: 3 }) })],
    },
    {
      name: 'timeDistributed, one time step',
      shape: [1, 4],
      body: () => [layers.timeDistributed({ layer: layers.dense({ units: 3 }) })],
    },
    {
      name: 'simpleRNN, one time step',
      shape: [1, 4],
      body: () => [layers.simpleRNN({ units: 5, recurrentInitializer: 'glorotUniform' })],
    },
  ];
}

const series = [6, 4];
const named = (list: readonly [string, readonly number[], Body, string?][]): LayerCase[] =>
  list.map(([name, shape, body, inexact]) => ({ name, shape, body, ...(inexact !== undefined && { inexact }) }));

const simple: readonly LayerCase[] = [
  ...named([
    ['dense', [6], () => [layers.dense({ units: 7, activation: 'tanh' })]],
    ['conv1d', series, () => [layers.conv1d({ filters: 5, kernelSize: 3, padding: 'same' })]],
    ['conv2d', image, () => [layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' })]],
    [
      'conv2d, strided and padded',
      image,
      () => [layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })],
    ],
    [
      'conv2d, channels first',
      [3, 8, 8],
      () => [layers.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' })],
    ],
    ['conv2dTranspose', image, () => [layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 })]],
    ['conv3d', volume, () => [layers.conv3d({ filters: 3, kernelSize: 2 })]],
    ['depthwiseConv2d', image, () => [layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 })]],
    ['separableConv2d', image, () => [layers.separableConv2d({ filters: 5, kernelSize: 3 })]],
    [
      'maxPooling1d',
      series,
      () => [layers.conv1d({ filters: 4, kernelSize: 2 }), layers.maxPooling1d({ poolSize: 2 })],
    ],
    [
      'averagePooling1d',
      series,
      () => [layers.conv1d({ filters: 4, kernelSize: 1 }), layers.averagePooling1d({ poolSize: 3 })],
    ],
    ['maxPooling2d', image, () => [layers.conv2d({ filters: 3, kernelSize: 3 }), layers.maxPooling2d({ poolSize: 2 })]],
    [
      'averagePooling2d, padded',
      image,
      () => [layers.conv2d({ filters: 3, kernelSize: 2 }), layers.averagePooling2d({ poolSize: 3, padding: 'same' })],
    ],
    [
      'maxPooling3d',
      volume,
      () => [layers.conv3d({ filters: 2, kernelSize: 1 }), layers.maxPooling3d({ poolSize: 2 })],
    ],
    [
      'averagePooling3d',
      volume,
      () => [layers.conv3d({ filters: 2, kernelSize: 1 }), layers.averagePooling3d({ poolSize: 2 })],
    ],
    [
      'globalAveragePooling1d',
      series,
      () => [layers.conv1d({ filters: 3, kernelSize: 2 }), layers.globalAveragePooling1d()],
    ],
    ['globalMaxPooling1d', series, () => [layers.conv1d({ filters: 3, kernelSize: 2 }), layers.globalMaxPooling1d()]],
    [
      'globalAveragePooling2d',
      image,
      () => [layers.conv2d({ filters: 3, kernelSize: 1 }), layers.globalAveragePooling2d({})],
    ],
    ['globalMaxPooling2d', image, () => [layers.conv2d({ filters: 3, kernelSize: 2 }), layers.globalMaxPooling2d({})]],
    [
      'upSampling2d',
      [4, 4, 3],
      () => [layers.conv2d({ filters: 3, kernelSize: 2 }), layers.upSampling2d({ size: [2, 2] })],
    ],
    [
      'upSampling2d, bilinear',
      [4, 4, 3],
      () => [
        layers.conv2d({ filters: 3, kernelSize: 2 }),
        layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
      ],
    ],
    [
      'zeroPadding2d',
      image,
      () => [layers.conv2d({ filters: 2, kernelSize: 3 }), layers.zeroPadding2d({ padding: 1 })],
    ],
    ['cropping2D', image, () => [layers.conv2d({ filters: 2, kernelSize: 2 }), layers.cropping2D({ cropping: 1 })]],
    [
      'batchNormalization of images',
      image,
      () => [layers.conv2d({ filters: 4, kernelSize: 3, useBias: false }), layers.batchNormalization()],
    ],
    [
      'batchNormalization of images, after a bias',
      image,
      () => [layers.conv2d({ filters: 4, kernelSize: 3 }), layers.batchNormalization({ momentum: 0.9 })],
      constantBias,
    ],
    [
      'batchNormalization of rows',
      [6],
      () => [layers.dense({ units: 5, useBias: false }), layers.batchNormalization({ momentum: 0.5 })],
    ],
    ['layerNormalization', [6], () => [layers.dense({ units: 5 }), layers.layerNormalization()]],
    ['dropout', [6], () => [layers.dense({ units: 20 }), layers.dropout({ rate: 0.4 })]],
    [
      'spatialDropout1d',
      series,
      () => [layers.conv1d({ filters: 6, kernelSize: 1 }), layers.spatialDropout1d({ rate: 0.4 })],
    ],
    ['gaussianNoise', [6], () => [layers.gaussianNoise({ stddev: 0.3 }), layers.dense({ units: 5 })]],
    ['gaussianDropout', [6], () => [layers.gaussianDropout({ rate: 0.3 }), layers.dense({ units: 5 })]],
    ['alphaDropout', [6], () => [layers.dense({ units: 9, activation: 'selu' }), layers.alphaDropout({ rate: 0.3 })]],
    ['prelu', [6], () => [layers.dense({ units: 5 }), layers.prelu({ alphaInitializer: 'ones' })]],
    [
      'leakyReLU, elu, reLU',
      [6],
      () => [layers.dense({ units: 5 }), layers.leakyReLU(), layers.elu(), layers.reLU({ maxValue: 2 })],
    ],
    ['softmax', [6], () => [layers.dense({ units: 5 }), layers.softmax()]],
    ['thresholdedReLU of features', [6], () => [layers.thresholdedReLU({ theta: 0.5 }), layers.dense({ units: 5 })]],
    [
      'reshape, permute, repeatVector',
      [6],
      () => [layers.repeatVector({ n: 3 }), layers.permute({ dims: [2, 1] }), layers.reshape({ targetShape: [18] })],
    ],
    [
      'regularisers',
      [6],
      () => [
        layers.dense({
          units: 5,
          kernelRegularizer: tf.regularizers.l1l2({ l1: 0.01, l2: 0.02 }) as never,
          biasRegularizer: 'l1l2',
        }),
      ],
    ],
    ['add, multiply, average, maximum, minimum, concatenate', [6], merged],
    ['dot', [6], dotted],
    ['rescaling', image, () => [layers.rescaling({ scale: 0.1, offset: -1 }) as tf.layers.Layer]],
  ]),
  { name: 'embedding', shape: [6], body: () => [layers.embedding({ inputDim: 11, outputDim: 4 })], feature: tokens },
];

export const activations = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;
