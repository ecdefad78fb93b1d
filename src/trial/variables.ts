import * as tf from '@tensorflow/tfjs';

/** The weights of a layers model or layer that training changes, as variables for an optimizer. */
export function trainableVariables(layer: tf.layers.Layer | tf.LayersModel): tf.Variable[] {
  return layer.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
}

/** All weights of a layers model or layer, with those that training does not change by gradients: moving means, such as batch normalization's. */
export function allVariables(layer: tf.layers.Layer | tf.LayersModel): tf.Variable[] {
  return layer.weights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
}

/** What a function made. */
export interface Collected<T> {
  readonly result: T;
  /** In the order of their making. */
  readonly variables: readonly tf.Variable[];
  /** Frees the variables, and every other tensor that was made: initial values, and constants that a step uses. */
  dispose(): void;
}

interface Engine {
  makeVariable(...args: unknown[]): tf.Variable;
  trackTensor(tensor: tf.Tensor, ...rest: unknown[]): void;
}

/** Runs `make` and collects the variables and tensors that it makes. */
export function collectVariables<T>(make: () => T): Collected<T> {
  const engine = tf.engine() as unknown as Engine;
  const variables: tf.Variable[] = [];
  const tensors: tf.Tensor[] = [];
  const { makeVariable, trackTensor } = engine;
  engine.makeVariable = (...args) => {
    const variable = makeVariable.apply(engine, args);
    variables.push(variable);
    return variable;
  };
  engine.trackTensor = (tensor, ...rest) => {
    trackTensor.call(engine, tensor, ...rest);
    tensors.push(tensor);
  };
  try {
    const result = make();
    return { result, variables, dispose: () => tf.dispose([...variables, ...tensors]) };
  } finally {
    // the methods live on the prototype: removing the own properties brings them back
    delete (engine as Partial<Engine>).makeVariable;
    delete (engine as Partial<Engine>).trackTensor;
  }
}
