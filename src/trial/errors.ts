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
});
