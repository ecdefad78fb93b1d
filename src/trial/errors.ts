import { defineErrors } from '../errors/index.js';

export const errors = defineErrors({
  TRIAL_NOT_A_MODEL: {
    kind: 'input',
    message: ({ path, given }: { path: string; given: string }) =>
      `the default export of ${path} must be a model, an object with \`space\` and \`build\`; it is ${given}`,
    todo: 'write `export default defineModel({ space: { … }, build(context) { … } })`',
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
});
