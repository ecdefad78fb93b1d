/** Fits a layers model to a data set: what goes in, and what comes out. */
import * as tf from '@tensorflow/tfjs';
import { errors } from '../errors.js';
import type { OutputKind } from './losses-by-name.js';

/** The one input or output of a model. Errors: TRIAL_SEVERAL_INPUTS, TRIAL_SEVERAL_OUTPUTS. */
export function requireSingle({ inputs, outputs, inputNames, outputNames }: tf.LayersModel): void {
  if (inputs.length !== 1) throw errors.TRIAL_SEVERAL_INPUTS({ names: inputNames });
  if (outputs.length !== 1) throw errors.TRIAL_SEVERAL_OUTPUTS({ names: outputNames });
}

/**
 * What brings a batch of features into the model's shape: nothing where they agree (`null` agrees with any size); a reshape
 * where it can mean one thing only, as of `[28, 28, 1]` to `[784]` or to `[28, 28]`.
 *
 * Errors: TRIAL_INPUT_SHAPE.
 */
export function fitInput(model: tf.LayersModel, featureShape: readonly number[]): (x: tf.Tensor) => tf.Tensor {
  const wanted = model.inputs[0]!.shape.slice(1);
  const agrees =
    wanted.length === featureShape.length && wanted.every((size, axis) => size === null || size === featureShape[axis]);
  if (agrees) return (x) => x;
  const given = [...featureShape];
  if (!wanted.includes(null) && isUnambiguous(wanted as number[], given)) {
    return (x) => x.reshape([-1, ...(wanted as number[])]);
  }
  throw errors.TRIAL_INPUT_SHAPE({ wanted, given });
}

/** One of the two is flat, or they differ by axes of size 1 only; and they have as many values. */
function isUnambiguous(wanted: readonly number[], given: readonly number[]): boolean {
  const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  if (count(wanted) !== count(given)) return false;
  const long = (shape: readonly number[]) => String(shape.filter((size) => size !== 1));
  return wanted.length === 1 || given.length === 1 || long(wanted) === long(given);
}

/** Layers that pass on what they get, in training or in shape only. */
const passing = new Set(['Reshape', 'Flatten', 'Dropout', 'Permute']);

/** What the model's last layer puts out. */
export function outputKind(model: tf.LayersModel): OutputKind {
  let layer = model.outputs[0]!.sourceLayer as tf.layers.Layer;
  while (passing.has(layer.getClassName())) {
    const [before] = layer.inboundNodes[0]?.inboundLayers ?? [];
    if (before === undefined) return 'unknown';
    layer = before as tf.layers.Layer;
  }
  if (isModel(layer)) return outputKind(layer);
  if (layer.getClassName() === 'Softmax') return 'probabilities';
  const activation = layer.getConfig().activation;
  const name =
    typeof activation === 'string' ? activation : (activation as { className?: string } | undefined)?.className;
  if (name === undefined) return 'unknown';
  if (name === 'softmax' || name === 'sigmoid' || name === 'hardSigmoid' || name === 'hard_sigmoid')
    return 'probabilities';
  return name === 'linear' ? 'logits' : 'other';
}

function isModel(layer: tf.layers.Layer): layer is tf.LayersModel {
  return Array.isArray((layer as Partial<tf.LayersModel>).outputs) && 'layers' in layer;
}

/** The shape of one row of predictions; a model of `[batch]` is one of `[batch, 1]`.. */
export function outputShapeOf(
  model: tf.LayersModel,
  reshape: (x: tf.Tensor) => tf.Tensor,
  featureShape: readonly number[],
): number[] {
  const shape = model.outputs[0]!.shape.slice(1);
  if (!shape.includes(null)) return shape.length === 0 ? [1] : (shape as number[]);
  // sizes that depend on the input's are found out
  return tf.tidy(() => (model.apply(reshape(tf.zeros([1, ...featureShape]))) as tf.Tensor).shape.slice(1));
}

/** As in Keras, a batch normalization that is frozen runs as in inference: its moving mean and variance stay as they are. */
export function freezeStatistics(model: tf.LayersModel): void {
  for (const layer of model.layers) {
    if (isModel(layer)) freezeStatistics(layer);
    const isFrozen = layer.trainable === false || model.trainable === false;
    if (!isFrozen || layer.getClassName() !== 'BatchNormalization') continue;
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => call(inputs, { ...kwargs, training: false });
  }
}
