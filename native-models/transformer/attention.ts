/** Causal self-attention (Vaswani et al. 2017, section 3.2) with rotary positions (Su et al. 2021, https://arxiv.org/abs/2104.09864). */
import * as tf from '@tensorflow/tfjs';

/** Constants of attention over `context` positions with heads of `size` (even) numbers. */
export interface AttentionTables {
  readonly heads: number;
  /** `[context, size / 2]`: cosines and sines of the angles by which pairs of numbers are turned, times size^(-1/4). */
  readonly cos: tf.Tensor2D;
  readonly sin: tf.Tensor2D;
  /** `[context, context]`: 0 where a position may look, and a number so low that it does not count where it may not. */
  readonly mask: tf.Tensor2D;
}

const slowest = 10_000;

export function attentionTables(context: number, heads: number, size: number): AttentionTables {
  const pairs = size / 2;
  const angles = tf
    .range(0, context)
    .expandDims(1)
    .mul(
      tf
        .range(0, pairs)
        .mul(-Math.log(slowest) / pairs)
        .exp()
        .expandDims(0),
    );
  // queries and keys are scaled alike, so that their product is divided by the root of the size
  const scale = size ** -0.25;
  const positions = tf.range(0, context);
  const future = tf.greater(positions.expandDims(0), positions.expandDims(1));
  return {
    heads,
    cos: angles.cos().mul(scale) as tf.Tensor2D,
    sin: angles.sin().mul(scale) as tf.Tensor2D,
    mask: future.cast('float32').mul(-1e9) as tf.Tensor2D,
  };
}

/** Turns the first half of the last axis against the second one, by `sin` of either sign. */
function turn(x: tf.Tensor, cos: tf.Tensor2D, sin: tf.Tensor2D): tf.Tensor {
  const [a, b] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
  return tf.concat([a.mul(cos).sub(b.mul(sin)), a.mul(sin).add(b.mul(cos))], -1);
}

/** A rotation's gradient is the rotation back. */
function rotated(x: tf.Tensor, cos: tf.Tensor2D, sin: tf.Tensor2D): tf.Tensor {
  const rotate = tf.customGrad((given) => {
    const gradFunc = (dy: tf.Tensor) => turn(dy, cos, sin.neg());
    return { value: turn(given as tf.Tensor, cos, sin), gradFunc };
  });
  return rotate(x);
}

/**
 * @param projected float32 `[batch × context, 3 × width]`: queries, keys and values of all heads
 * @returns float32 `[batch × context, width]`
 */
export function attend(
  projected: tf.Tensor2D,
  context: number,
  { heads, cos, sin, mask }: AttentionTables,
): tf.Tensor2D {
  const width = projected.shape[1] / 3;
  const size = width / heads;
  const byHead = projected.reshape([-1, context, 3 * heads, size]).transpose([0, 2, 1, 3]);
  const [looking, values] = tf.split(byHead, [2 * heads, heads], 1) as [tf.Tensor, tf.Tensor];
  const [queries, keys] = tf.split(rotated(looking, cos, sin), 2, 1) as [tf.Tensor, tf.Tensor];
  const weights = tf.softmax(tf.matMul(queries, keys, false, true).add(mask));
  return tf.matMul(weights, values).transpose([0, 2, 1, 3]).reshape([-1, width]);
}
