import * as tf from '@tensorflow/tfjs';

/** Draws float32 numbers of a shape; the graph room has what that is. */
export type Draw = (kind: 'uniform' | 'normal', shape: readonly number[]) => tf.Tensor;

/**
 * Random tensors for a training step: functions of (study's seed, trial, step, how many were drawn before in this step), so
 * that no draw depends on what ran before, or where.
 */
export class KeyedRandom {
  constructor(private readonly draw: Draw) {}

  /** float32, uniform in [0, 1). */
  uniform(shape: readonly number[]): tf.Tensor {
    return this.draw('uniform', shape);
  }

  /** float32, mean 0 and standard deviation 1. */
  normal(shape: readonly number[]): tf.Tensor {
    return this.draw('normal', shape);
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
