import * as tf from '@tensorflow/tfjs';

/** A setting of an optimizer: a number, or a scalar tensor where it is tuned while the trial runs. */
export type Setting = tf.Scalar | number;

/**
 * Updates variables from gradients. Slots (momenta and the like) are variables of the trial: an optimizer is made in
 * `build`, and its state is copied, saved and resumed with the weights.
 */
export abstract class Optimizer<Settings extends object> {
  constructor(
    /** What is trained. At least one. */
    protected readonly variables: readonly tf.Variable[],
  ) {}

  /** Computes the loss, then updates the variables by its gradient. Returns the loss before the update. */
  minimize(loss: () => tf.Scalar, settings: Settings): tf.Scalar {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, [...this.variables]);
      this.update(
        this.variables.map((variable) => grads[variable.name]!),
        settings,
      );
      return value;
    });
  }

  /** Updates the variables by gradients given in the order of the variables. */
  abstract update(gradients: readonly tf.Tensor[], settings: Settings): void;

  /** One variable for each trained one, of its shape and filled with `value`; `name` is for messages. */
  protected slots(name: string, value = 0): readonly tf.Variable[] {
    return this.variables.map((variable) => {
      return tf.variable(tf.fill(variable.shape, value), false, `${variable.name}/${name}`);
    });
  }

  /** `1 - setting`, kept a number where the setting is one: in float64, as tfjs's own optimizers have it. */
  protected oneMinus(setting: Setting): Setting {
    return typeof setting === 'number' ? 1 - setting : (tf.sub(1, setting) as tf.Scalar);
  }
}
