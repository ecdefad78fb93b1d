import * as tf from '@tensorflow/tfjs';
import type { ModelDefinition } from '../../src/trial/index.js';
import { Optimizer } from '../../src/trial/optimizers/optimizer.js';

interface Updating {
  update(gradients: readonly tf.Tensor[], settings: object): void;
  readonly variables: readonly tf.Variable[];
}

/**
 * The same model, whose optimizer also stores the gradients that it is given: in variables named `gradient of …`, one for each
 * trainable variable that `build` makes, so that gradients are part of the state that a step returns.
 */
export function withGradients(definition: ModelDefinition): ModelDefinition {
  return {
    ...definition,
    build(context) {
      const { result: built, made } = watchVariables(() => definition.build(context));
      const probes = new Map(
        made
          .filter(({ trainable }) => trainable)
          .map((variable) => {
            return [variable, tf.variable(tf.zeros(variable.shape), false, `gradient of ${variable.name}`)];
          }),
      );
      return { ...built, step: (...given) => storing(probes, () => built.step(...given)) };
    },
  };
}

/** Runs `build` and lists the variables that it makes; whoever else watches goes on doing so. */
function watchVariables<T>(build: () => T): { result: T; made: tf.Variable[] } {
  const engine = tf.engine() as unknown as { makeVariable(...given: unknown[]): tf.Variable };
  const { makeVariable } = engine;
  const made: tf.Variable[] = [];
  engine.makeVariable = (...given) => {
    const variable = makeVariable.apply(engine, given);
    made.push(variable);
    return variable;
  };
  try {
    return { result: build(), made };
  } finally {
    engine.makeVariable = makeVariable;
  }
}

/** Runs a step while what optimizers are given is assigned to `probes`, by the variable whose gradient it is. */
function storing<T>(probes: ReadonlyMap<tf.Variable, tf.Variable>, step: () => T): T {
  const { minimize } = Optimizer.prototype;
  Optimizer.prototype.minimize = function (loss, settings) {
    const own = this as unknown as Updating;
    const { update, variables } = own;
    own.update = (gradients, current) => {
      for (const [index, variable] of variables.entries()) probes.get(variable)!.assign(gradients[index]!);
      update.call(this, gradients, current);
    };
    try {
      return minimize.call(this, loss, settings);
    } finally {
      own.update = update;
    }
  };
  try {
    return step();
  } finally {
    Optimizer.prototype.minimize = minimize;
  }
}
