import * as tf from '@tensorflow/tfjs';
import { rawOp } from './raw-op.js';

/**
 * Random tensors for a training step, drawn in the graph by TensorFlow's stateless generators. The n-th draw of a step
 * uses the key `seed XOR [n, 0]`, where the step's seed depends on study, trial and step: no draw depends on what ran
 * before, or where.
 */
export class KeyedRandom {
  #draws = 0;

  /** @param seed int32 `[2]` */
  constructor(private readonly seed: tf.Tensor1D) {}

  /** float32, uniform in [0, 1). */
  uniform(shape: readonly number[]): tf.Tensor {
    return this.#draw('StatelessRandomUniformV2', shape);
  }

  /** float32, mean 0 and standard deviation 1. */
  normal(shape: readonly number[]): tf.Tensor {
    return this.#draw('StatelessRandomNormalV2', shape);
  }

  #draw(op: string, shape: readonly number[]): tf.Tensor {
    this.#draws++;
    return tf.tidy(() => {
      const number = tf.tensor1d([this.#draws, 0], 'int32');
      const [key] = rawOp('BitwiseXor', { T: { type: 'int32' } }, [this.seed, number], 1);
      const size = tf.tensor1d([...shape], 'int32');
      return statelessOp(op, key as tf.Tensor1D, size);
    });
  }
}

/** Philox, whatever the device's own choice is: compiled and plain graphs drop the same units. */
const philox = 1;

/** The seed's key and counter are uint64, which tfjs has no tensors for: they stay on the native side. */
function statelessOp(op: string, seed: tf.Tensor1D, shape: tf.Tensor1D): tf.Tensor {
  const backend = tf.backend() as unknown as IdBackend;
  const { binding } = backend;
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const ids = backend.getInputTensorIds([seed, shape, tf.scalar(philox, 'int32')]) as [number, number, number];
  const [key, counter] = binding.executeOp('StatelessRandomGetKeyCounter', [type('Tseed', binding.TF_INT32)], [ids[0]], 2);
  const inputs = [ids[1], key!.id, counter!.id, ids[2]];
  const attributes = [type('dtype', binding.TF_FLOAT), type('Tshape', binding.TF_INT32)];
  const [drawn] = binding.executeOp(op, attributes, inputs, 1);
  for (const { id } of [key!, counter!]) binding.deleteTensor(id);
  return backend.createOutputTensor(drawn!);
}

interface Metadata {
  readonly id: number;
}

interface IdBackend {
  readonly binding: {
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
    readonly TF_ATTR_TYPE: number;
    executeOp(op: string, attributes: object[], inputs: number[], outputs: number): Metadata[];
    deleteTensor(id: number): void;
  };
  getInputTensorIds(tensors: tf.Tensor[]): number[];
  createOutputTensor(metadata: Metadata): tf.Tensor;
}

/**
 * Inverted dropout (Srivastava et al. 2014): each element is zero with probability `rate`, the others are divided by
 * `1 - rate`. `rate` may be a scalar tensor, in [0, 1), so that it can be tuned while a trial runs.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: tf.Scalar | number, random: KeyedRandom): T {
  return tf.tidy(() => {
    const keep = tf.sub(1, rate);
    const kept = tf.less(random.uniform(x.shape), keep).cast('float32');
    return x.mul(kept).div(keep) as T;
  });
}
