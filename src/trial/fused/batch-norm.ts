/**
 * tfjs composes batch normalization of some 25 ops, and its gradient of as many again; TensorFlow has one kernel for each.
 * While a step is run, `tf.layers.batchNormalization` uses those where they apply: four dimensions, channels last, in
 * training. What that gains is in docs/notes.md.
 */
import * as tf from '@tensorflow/tfjs';
import { canFuse } from './active.js';
import { patchMethod } from './class-patch.js';
import { rawOp } from './raw-op.js';

const attributes = (epsilon: number) => {
  const float = { type: 'float32' } as const;
  return { T: float, U: float, epsilon, data_format: 'NHWC', is_training: true } as const;
};

/** The kernel's outputs: y, batch mean, batch variance (with Bessel's correction), and three for its gradient. */
type Outputs = [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor, tf.Tensor, tf.Tensor];

function forward(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, epsilon: number): Outputs {
  const empty = tf.tensor1d([], 'float32');
  const attr = { ...attributes(epsilon), exponential_avg_factor: 1 };
  return rawOp('FusedBatchNormV3', attr, [x, scale, offset, empty, empty], 6) as Outputs;
}

/**
 * Normalizes `x` (`[batch, height, width, channels]`) by its own mean and variance over all but the last dimension, then
 * scales and shifts (Ioffe & Szegedy 2015, algorithm 1).
 *
 * @returns `y`, differentiable in all three tensors; `mean` and `variance` (without Bessel's correction, as tfjs has it),
 * which are not
 */
function fusedBatchNorm(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): { y: tf.Tensor4D; mean: tf.Tensor1D; variance: tf.Tensor1D } {
  let statistics: { mean: tf.Tensor1D; variance: tf.Tensor1D } | undefined;
  const normalize = tf.customGrad((...args) => {
    const [input, gamma, beta, save] = args as unknown as [
      tf.Tensor4D,
      tf.Tensor1D,
      tf.Tensor1D,
      (t: tf.Tensor[]) => void,
    ];
    const [y, mean, corrected, reserve1, reserve2, reserve3] = forward(input, gamma, beta, epsilon);
    const rows = input.size / gamma.size;
    // kept: what a custom gradient's function makes besides its value is freed when it returns
    const variance = corrected.mul(rows > 1 ? (rows - 1) / rows : 1) as tf.Tensor1D;
    statistics = { mean: tf.keep(mean), variance: tf.keep(variance) };
    save([input, gamma, reserve1, reserve2, reserve3]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        rawOp('FusedBatchNormGradV3', attributes(epsilon), [dy, ...saved], 5).slice(0, 3),
    };
  });
  const y = normalize(x, scale, offset) as tf.Tensor4D;
  const { mean, variance } = statistics!;
  const clones = { y, mean: mean.clone(), variance: variance.clone() };
  tf.dispose([mean, variance]);
  return clones;
}

interface LayerVariable {
  read(): tf.Tensor1D;
  write(value: tf.Tensor): void;
}

interface BatchNormLayer {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
}

type Call = (
  this: BatchNormLayer,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: { training?: boolean },
) => tf.Tensor | tf.Tensor[];

/** Once a thread. */
export function installFusedBatchNorm(): void {
  patchMethod<Call>(tf.layers.batchNormalization(), 'call', fusedCall);
}

function fusedCall(original: Call): Call {
  return function (this: BatchNormLayer, inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const fits = x.rank === 4 && (this.axis === -1 || this.axis === 3) && this.gamma && this.beta;
    if (!canFuse('batch-norm') || !fits || !kwargs?.training) return original.call(this, inputs, kwargs);
    return tf.tidy(() => {
      const { y, mean, variance } = fusedBatchNorm(
        x as tf.Tensor4D,
        this.gamma!.read(),
        this.beta!.read(),
        this.epsilon,
      );
      for (const [moving, value] of [[this.movingMean, mean] as const, [this.movingVariance, variance] as const]) {
        const before = moving.read();
        moving.write(before.sub(before.sub(value).mul(1 - this.momentum)));
      }
      return y;
    });
  };
}
