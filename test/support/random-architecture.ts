/** Small random networks: each layer is chosen among those that fit what the layers before it put out. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { applied, type Body, feature } from './classifier.js';

const { layers } = tf;
type Symbolic = tf.SymbolicTensor;
type Layer = tf.layers.Layer;

/** What one layer is chosen and made by. */
interface Choice {
  /** Counts the layers that fit, beginning anew at their end. */
  readonly which: number;
  readonly size: number;
  readonly activation: (typeof activations)[number];
  /** Whatever a layer has two of. */
  readonly flag: boolean;
}

export interface Architecture {
  readonly input: 'rows' | 'series' | 'image' | 'tokens';
  readonly choices: readonly Choice[];
}

const activations = ['relu', 'tanh', 'sigmoid', 'elu', 'selu', 'softplus', 'softsign', 'swish', 'linear'] as const;

export const architecture: fc.Arbitrary<Architecture> = fc.record({
  input: fc.constantFrom('rows' as const, 'series' as const, 'image' as const, 'tokens' as const),
  choices: fc.array(
    fc.record({
      which: fc.nat(1000),
      size: fc.integer({ min: 1, max: 4 }),
      activation: fc.constantFrom(...activations),
      flag: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

export const inputShapes = { rows: [6], series: [5, 3], image: [6, 6, 2], tokens: [5] } as const;

/** Features of an input: numbers in [0, 1), or tokens below 11. */
export const featureOf = (input: Architecture['input']) => (index: number) => {
  return input === 'tokens' ? (index * 5 + (index >> 3)) % 11 : feature(index);
};

const regularising: readonly ((choice: Choice) => Layer)[] = [
  ({ size }) => layers.dropout({ rate: size / 8 }),
  ({ size }) => layers.gaussianNoise({ stddev: size / 8 }),
  () => layers.layerNormalization(),
];

const ofRows: readonly ((choice: Choice) => Layer)[] = [
  ({ size, activation, flag }) => layers.dense({ units: size + 2, activation, useBias: flag }),
  ({ size }) => layers.batchNormalization({ momentum: size / 5 }),
  ({ flag }) => (flag ? layers.prelu() : layers.leakyReLU()),
  ({ size, flag }) => (flag ? layers.gaussianDropout({ rate: size / 8 }) : layers.alphaDropout({ rate: size / 8 })),
  ({ size }) => layers.repeatVector({ n: size + 1 }),
  ...regularising,
];

const recurrent = ({ size, flag }: Choice, returnSequences: boolean): Layer => {
  const options = { units: size + 1, returnSequences };
  const gates = { ...options, recurrentActivation: flag ? ('sigmoid' as const) : ('hardSigmoid' as const) };
  return [() => layers.gru(gates), () => layers.lstm(gates), () => layers.simpleRNN(options)][size % 3]!() as Layer;
};

const ofSeries: readonly ((choice: Choice) => Layer)[] = [
  (choice) => recurrent(choice, false),
  (choice) => recurrent(choice, true),
  (choice) => layers.bidirectional({ layer: recurrent(choice, choice.flag) as never, mergeMode: 'concat' }),
  ({ size, activation }) => layers.conv1d({ filters: size, kernelSize: 2, activation, padding: 'same' }),
  ({ flag }) => {
    const options = { poolSize: 2, padding: 'same' as const };
    return flag ? layers.maxPooling1d(options) : layers.averagePooling1d(options);
  },
  ({ flag }) => (flag ? layers.globalMaxPooling1d() : layers.globalAveragePooling1d()),
  ({ size, activation }) => layers.timeDistributed({ layer: layers.dense({ units: size, activation }) }),
  ({ size }) => layers.spatialDropout1d({ rate: size / 8 }),
  ...regularising,
];

const ofImages: readonly ((choice: Choice) => Layer)[] = [
  ({ size, activation, flag }) =>
    layers.conv2d({ filters: size, kernelSize: 2 + Number(flag), activation, padding: 'same', useBias: flag }),
  ({ size, activation }) =>
    layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: size, activation, padding: 'same' }),
  ({ size, activation }) => layers.separableConv2d({ filters: size, kernelSize: 3, activation, padding: 'same' }),
  ({ size, activation }) => layers.conv2dTranspose({ filters: size, kernelSize: 2, activation, padding: 'same' }),
  ({ size }) => layers.batchNormalization({ momentum: size / 5 }),
  ({ flag }) => {
    const options = { poolSize: 2, padding: 'same' as const };
    return flag ? layers.maxPooling2d(options) : layers.averagePooling2d(options);
  },
  ({ flag }) => (flag ? layers.globalMaxPooling2d({}) : layers.globalAveragePooling2d({})),
  () => layers.upSampling2d({ size: [2, 2] }),
  () => layers.flatten(),
  ({ size }) => layers.dropout({ rate: size / 8 }),
];

/** Two branches of one width, merged. */
function merged({ size, activation, which }: Choice, x: Symbolic): Symbolic {
  const dense = () => layers.dense({ units: size, activation });
  const merge = [
    () => layers.add(),
    () => layers.multiply(),
    () => layers.maximum(),
    () => layers.average(),
    () => layers.concatenate(),
  ][which % 5]!();
  return merge.apply([applied(x, dense()), applied(x, dense())]) as Symbolic;
}

function next(x: Symbolic, choice: Choice): Symbolic {
  const fitting = { 2: ofRows, 3: ofSeries, 4: ofImages }[x.shape.length as 2 | 3 | 4];
  const at = choice.which % (fitting.length + 1);
  return at === fitting.length ? merged(choice, x) : applied(x, fitting[at]!(choice));
}

export const bodyOf =
  ({ input, choices }: Architecture): Body =>
  () =>
  (x) => {
    const first = input === 'tokens' ? applied(x, layers.embedding({ inputDim: 11, outputDim: 3 })) : x;
    return choices.reduce(next, first);
  };
