/** Learning rates as functions of the step's number, for use inside a step: `learningRate: cosineDecay(h.learningRate, step, 1000)`. */
import * as tf from '@tensorflow/tfjs';
import type { Setting } from '../optimizers/index.js';

/** Steps as a fraction of `total`, at most 1; float32. */
function progress(step: tf.Scalar, total: Setting): tf.Scalar {
  return tf.minimum(tf.div(step.cast('float32'), total), 1) as tf.Scalar;
}

/**
 * From `rate` at step 0 to `rate × end` at step `steps` and after, along half a cosine (Loshchilov & Hutter 2017, "SGDR",
 * equation 5, without restarts).
 *
 * @param step int32 scalar: the step's context has it
 * @param end fraction of `rate` that is left, in [0, 1]
 */
export function cosineDecay(rate: Setting, step: tf.Scalar, steps: Setting, end: Setting = 0): tf.Scalar {
  return tf.tidy(() => {
    const half = tf.cos(progress(step, steps).mul(Math.PI)).add(1).mul(0.5);
    return tf.mul(rate, tf.add(tf.mul(half, tf.sub(1, end)), end)) as tf.Scalar;
  });
}

/** From 0 to `rate` in a straight line over `steps` steps, then `rate`; step 0 has `rate / steps`. */
export function linearWarmup(rate: Setting, step: tf.Scalar, steps: Setting): tf.Scalar {
  return tf.tidy(() => tf.mul(rate, progress(step.add(1) as tf.Scalar, steps)) as tf.Scalar);
}

/** `rate × factor^(step / steps)`, continuously. */
export function exponentialDecay(rate: Setting, step: tf.Scalar, steps: Setting, factor: Setting): tf.Scalar {
  return tf.tidy(() => {
    const exponent = tf.div(step.cast('float32'), steps);
    return tf.mul(rate, tf.exp(tf.mul(exponent, tf.log(factor as tf.Scalar)))) as tf.Scalar;
  });
}
