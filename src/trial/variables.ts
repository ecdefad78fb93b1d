import * as tf from '@tensorflow/tfjs';

/** The weights of a layers model or layer that training changes, as variables for an optimizer. */
export function trainableVariables(layer: tf.layers.Layer | tf.LayersModel): tf.Variable[] {
  return layer.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
}

/** Runs `build` and returns what it returned together with the variables that it made, in the order of their making. */
export function collectVariables<T>(build: () => T): { result: T; variables: tf.Variable[] } {
  const engine = tf.engine() as unknown as { makeVariable(...args: unknown[]): tf.Variable };
  const variables: tf.Variable[] = [];
  const { makeVariable } = engine;
  engine.makeVariable = (...args) => {
    const variable = makeVariable.apply(engine, args);
    variables.push(variable);
    return variable;
  };
  try {
    return { result: build(), variables };
  } finally {
    // the method lives on the prototype: removing the own property brings it back
    delete (engine as { makeVariable?: unknown }).makeVariable;
  }
}
