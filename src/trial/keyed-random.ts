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
    return this.#draw('StatelessRandomUniform', shape);
  }

  /** float32, mean 0 and standard deviation 1. */
  normal(shape: readonly number[]): tf.Tensor {
    return this.#draw('StatelessRandomNormal', shape);
  }

  #draw(op: string, shape: readonly number[]): tf.Tensor {
    this.#draws++;
    return tf.tidy(() => {
      const number = tf.tensor1d([this.#draws, 0], 'int32');
      const int32 = { type: 'int32' } as const;
      const [key] = rawOp('BitwiseXor', { T: int32 }, [this.seed, number], 1);
      const size = tf.tensor1d([...shape], 'int32');
      return rawOp(op, { dtype: { type: 'float32' }, T: int32, Tseed: int32 }, [size, key!], 1)[0]!;
    });
  }
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
