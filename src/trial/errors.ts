import { defineErrors, didYouMean } from '../errors/index.js';
import type { TargetDescription } from './model.js';

const list = (names: readonly string[]) => names.join(', ');
const shape = (sizes: readonly (number | null)[]) => `[${sizes.map((size) => size ?? 'any').join(', ')}]`;

export const errors = defineErrors({
  TRIAL_NOT_A_MODEL: {
    kind: 'input',
    message: ({ path, given }: { path: string; given: string }) =>
      `the default export of ${path} must be a model: an object with \`space\` and \`build\`, a tf.LayersModel, or a function that makes one; it is ${given}`,
    todo: 'write `export default defineModel({ space: { … }, build(context) { … } })`; a sweep of an objective function (defineObjective) has no dataset:',
  },
  TRIAL_BUILD_FAILED: {
    kind: 'input',
    message: ({ message, line }: { message: string; line: string | undefined }) =>
      `the model must build for every point of its space; build threw "${message}"${line ? ` (${line})` : ''}`,
    todo: 'mend the model, or take the values it cannot be built with out of the space',
  },
  TRIAL_STEP_FAILED: {
    kind: 'input',
    message: ({ what, message, line }: { what: string; message: string; line: string | undefined }) =>
      `the model's ${what} must run on a batch; it threw "${message}"${line ? ` (${line})` : ''}`,
    todo: 'mend the model: the batch is { x: float32 [batch, …features], y: [batch] }',
  },
  TRIAL_VARIABLE_MADE_IN_STEP: {
    kind: 'input',
    message: ({ line }: { line: string | undefined }) =>
      `all variables must be made in build, which makes them a trial's state, but one was made in a step or an evaluation${line ? ` (${line})` : ''}`,
    todo: "make layers with an inputShape, and variables, in build; the optimizers of tf.train make theirs in the first step: use adam(trainableVariables(model)) and its like from 'tfjs-tuner/model' in build",
  },
  TRIAL_VARIABLE_OUTSIDE_STATE: {
    kind: 'input',
    message: ({ name, line }: { name: string; line: string | undefined }) =>
      `a step may only assign variables that build made, which are a trial's state, but it assigned "${name}"${line ? ` (${line})` : ''}, which all trials would share`,
    todo: 'make the variable in build, and not when the module is loaded',
  },
  TRIAL_STEP_KEEPS_STATE: {
    kind: 'input',
    message: ({ name, from, to }: { name: string; from: unknown; to: unknown }) =>
      `a step must keep nothing in JavaScript from one call to the next, which its graph would repeat and all trials would share, but a call changed "${name}" from ${from} to ${to}`,
    todo: 'count with the `step` of the third argument (an int32 scalar), use exponentialDecay and its like for a rate, and keep anything else in a tf.Variable made in build',
  },
  TRIAL_MUTABLE_IN_BUILD: {
    kind: 'input',
    message: ({ name }: { name: string }) =>
      `build reads only structural hyperparameters, but it read "${name}", which changes while a trial runs`,
    todo: ({ name }: { name: string }) =>
      `use hyper.${name} in the step, where it is a scalar tensor, or declare it with { structural: true }`,
  },
  TRIAL_NOTHING_TO_TRAIN: {
    kind: 'input',
    message: () => 'build must make at least one tf.Variable; it made none',
    todo: 'make the layers and variables inside build, not when the module is loaded',
  },
  TRIAL_NOT_EXPORTABLE: {
    kind: 'input',
    message: () =>
      'a model that is exported must return `model`, a tf.LayersModel that shares its variables, or `predict`; this one returns neither',
    todo: 'return { model, step, evaluate } or { predict, step, evaluate } from build',
  },
  TRIAL_BATCH_NOT_IMAGES: {
    kind: 'input',
    message: ({ block, shape }: { block: string; shape: readonly number[] }) =>
      `${block} takes images, [batch, height, width, channels]; it was given [${shape.join(', ')}]`,
    todo: 'reshape x in the step, or use the block for images only',
  },
  TRIAL_FEATURES_NOT_IMAGES: {
    kind: 'input',
    message: ({ model, shape, isText }: { model: string; shape: readonly number[]; isText: boolean }) =>
      `${model} needs images, rows of shape [height, width, channels]; the data set has ${isText ? 'text, ' : ''}rows of shape [${shape.join(', ')}]`,
    todo: 'name a data set of images, or another model, such as mlp',
  },
  TRIAL_FEATURES_NOT_NUMBERS: {
    kind: 'input',
    message: ({ model, isText }: { model: string; isText: boolean }) =>
      `${model} needs features that are numbers; the data set has ${isText ? 'text' : 'none'}`,
    todo: 'name a data set of numbers or images, or another model',
  },
  TRIAL_IMAGES_TOO_SMALL: {
    kind: 'input',
    message: ({ model, height, width, smallest }: { model: string; height: number; width: number; smallest: number }) =>
      `${model} needs images of at least ${smallest} × ${smallest} pixels; the data set's have ${height} × ${width}`,
    todo: 'name a data set of larger images, or another model, such as cnn',
  },
  TRIAL_TARGET_MISSING: {
    kind: 'input',
    message: ({ model }: { model: string }) => `${model} predicts a target, and the data set has none`,
    todo: 'name the target of the data set, or a model that does without, such as autoencoder',
  },
  TRIAL_TARGET_NOT_ONE_CLASS: {
    kind: 'input',
    message: ({ model, shape }: { model: string; shape: readonly number[] }) =>
      `${model} predicts one class a row; the data set has classes of shape [${shape.join(', ')}] a row`,
    todo: 'name a data set with one class a row, or another model',
  },
  TRIAL_UNKNOWN_OPTIMIZER: {
    kind: 'input',
    message: ({ given, known }: { given: string; known: readonly string[] }) =>
      `the optimizer must be one of ${list(known)}, not "${given}".${didYouMean(given, known)}`,
    todo: 'name one of them (optimizer: under training: in a sweep)',
  },
  TRIAL_UNKNOWN_LOSS: {
    kind: 'input',
    message: ({ given, known }: { given: string; known: readonly string[] }) =>
      `the loss must be one of ${list(known)}, not "${given}".${didYouMean(given, known)}`,
    todo: 'name one of them (loss: under training: in a sweep), or write the step yourself with defineModel',
  },
  TRIAL_TRAINING_INCOMPLETE: {
    kind: 'input',
    message: ({ missing }: { missing: string }) =>
      `a saved model must be trained with an optimizer and a loss, and neither the sweep nor the model's own training_config names the ${missing}`,
    todo: ({ missing }) =>
      `write training: { ${missing === 'optimizer' ? 'optimizer: adam' : 'loss: categoricalCrossentropy'} } in the sweep`,
  },
  TRIAL_SAVED_MODEL_INVALID: {
    kind: 'input',
    message: ({ path, problem }: { path: string; problem: string }) =>
      `the model ${path} must be one that tf.loadLayersModel loads, but ${problem}`,
    todo: 'save it anew with model.save or the tensorflowjs converter; a model of custom layers is tuned from code, with layersModel',
  },
  TRIAL_SAVED_WEIGHTS_MISSING: {
    kind: 'input',
    message: ({ path }: { path: string }) => `initialWeights: saved needs weights, and ${path} has none`,
    todo: 'write initialWeights: fresh, or save the model with its weights',
  },
  TRIAL_SEVERAL_INPUTS: {
    kind: 'input',
    message: ({ names }: { names: readonly string[] }) =>
      `a layers model must have one input to be tuned, and this one has ${names.length}: ${list(names)}`,
    todo: 'join them to one input, or write the step yourself with defineModel',
  },
  TRIAL_SEVERAL_OUTPUTS: {
    kind: 'input',
    message: ({ names }: { names: readonly string[] }) =>
      `a layers model must have one output to be tuned, and this one has ${names.length}: ${list(names)}`,
    todo: 'save a model of the one output that counts, or write the step yourself with defineModel',
  },
  TRIAL_INPUT_SHAPE: {
    kind: 'input',
    message: ({ wanted, given }: { wanted: readonly (number | null)[]; given: readonly number[] }) =>
      `the model's input and the data set's rows must have one shape: the model takes ${shape(wanted)}, a row is ${shape(given)}`,
    todo: 'change the data set or the model; only flat rows, and axes of size 1, are reshaped by themselves',
  },
  TRIAL_OUTPUT_SHAPE: {
    kind: 'input',
    message: ({
      outputShape,
      target,
      featureShape,
    }: {
      outputShape: readonly number[];
      target: TargetDescription;
      featureShape: readonly number[];
    }) =>
      `the model's output must be of the data set's target: the model puts out ${shape(outputShape)} a row, ${targetText(target, featureShape)}`,
    todo: 'give the last layer as many units as there are classes (1 for a number, or for one of two classes), or choose another target',
  },
  TRIAL_LOSS_NOT_FOR_TARGET: {
    kind: 'input',
    message: ({ loss, target }: { loss: string; target: string }) =>
      `the loss ${loss} needs a target that is a class, and the data set's is ${target === 'none' ? 'the features themselves' : 'a number'}`,
    todo: 'use meanSquaredError or meanAbsoluteError, or declare the target a class',
  },
  TRIAL_LOSS_NOT_FOR_OUTPUT: {
    kind: 'input',
    message: ({ loss, needs, single }: { loss: string; needs: string; single: boolean }) =>
      `the loss ${loss} needs ${single && needs === 'softmax' ? 'one output a class' : `a last layer with ${needs} or without an activation`}, and the model has ${single && needs === 'softmax' ? 'one output' : 'another one'}`,
    todo: ({ single, needs }) =>
      single && needs === 'softmax'
        ? 'use binaryCrossentropy, or give the last layer one unit a class'
        : 'choose a loss that suits the last layer, or change its activation',
  },
  TRIAL_HAS_ITS_OWN_STEP: {
    kind: 'input',
    message: ({ path, names }: { path: string; names: readonly string[] }) =>
      `${list(names)} under training must be for a layers model, and ${path} exports a model with a step of its own`,
    todo: 'remove it from the sweep, or change the model itself',
  },
  TRIAL_ALL_FROZEN: {
    kind: 'input',
    message: () =>
      'a model must have weights that are trained, and every layer of this one is frozen (trainable: false)',
    todo: 'set trainable: true for at least one layer with weights',
  },
});

function targetText(target: TargetDescription, featureShape: readonly number[]): string {
  if (target.kind === 'none') return `and without a target it must be the features, ${shape(featureShape)}`;
  const each = target.shape.length === 0 ? '' : ` for each of ${shape(target.shape)}`;
  return target.kind === 'class'
    ? `the target is one of ${target.classCount} classes${each}`
    : `the target is a number${each}`;
}
