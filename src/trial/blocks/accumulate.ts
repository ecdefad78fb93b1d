import * as tf from '@tensorflow/tfjs';

/**
 * Means of gradients over several steps, for batches larger than a step takes. Made in `build`, since what it gathers is
 * part of a trial's state.
 *
 * A step always does the same operations; whether this one updates is a factor, 0 or 1, that comes with the means:
 * `variable.assign(apply ? updated : variable)` is `tf.where(apply, updated, variable)`.
 */
export class GradientAccumulator {
  readonly #sums: readonly tf.Variable[];

  /** @param every steps between two updates, at least 1 */
  constructor(
    variables: readonly tf.Variable[],
    readonly every: number,
  ) {
    this.#sums = variables.map((variable) => tf.variable(tf.zeros(variable.shape), false, `${variable.name}/sum`));
  }

  /**
   * Adds a step's gradients.
   *
   * @param step int32 scalar, from the step's context
   * @returns `due`: bool scalar, whether this step updates; `means`: the gradients to update with when it does
   */
  add(gradients: readonly tf.Tensor[], step: tf.Scalar): { due: tf.Scalar; means: tf.Tensor[] } {
    return tf.tidy(() => {
      const due = tf.equal(tf.mod(step, tf.scalar(this.every, 'int32')), this.every - 1) as tf.Scalar;
      const means = gradients.map((gradient, index) => {
        const sum = this.#sums[index]!.add(gradient);
        this.#sums[index]!.assign(tf.where(due, tf.zerosLike(sum), sum));
        return sum.div(this.every);
      });
      return { due, means };
    });
  }
}
