import { defineErrors } from '../errors/index.js';

const where = (line: string | undefined) => (line ? ` (${line})` : '');

export const errors = defineErrors({
  GRAPH_VALUE_FROM_JAVASCRIPT: {
    kind: 'input',
    message: ({ op, line }: { op: string; line: string | undefined }) =>
      `every value in a training step must come from tensors, but an input of ${op}${where(line)} was computed in JavaScript and differs from one step to the next, so the traced step would repeat its first value`,
    todo: "take random numbers from the step's `random`, hyperparameters from its `hyper` tensors, and compute on tensors instead of reading them with dataSync or arraySync",
  },
  GRAPH_STEP_NOT_REPEATABLE: {
    kind: 'input',
    message: ({ op, line, other }: { op: string; line: string | undefined; other: string }) =>
      `a training step must run the same operations every time, but ${op}${where(line)} was run where another trace ran ${other}`,
    todo: 'replace a JavaScript `if` or loop that depends on tensor values by tf.where, or by arithmetic on tensors',
  },
  GRAPH_LOSS_NOT_SCALAR: {
    kind: 'input',
    message: ({ shape, type }: { shape: string; type: string }) =>
      `a training step must return its loss as a float32 scalar; it returned ${type} of shape ${shape}`,
    todo: 'take the mean over the batch: tf.mean(losses)',
  },
  GRAPH_METRIC_SHAPE: {
    kind: 'input',
    message: ({ name, shape, batch }: { name: string; shape: string; batch: number }) =>
      `an evaluation must return one float32 value a row, of shape [${batch}]; metric "${name}" has shape ${shape}`,
    todo: 'leave the mean over rows to the tuner, which counts a partial last batch exactly',
  },
  GRAPH_PREDICTIONS_SHAPE: {
    kind: 'input',
    message: ({ shape, type, batch }: { shape: string; type: string; batch: number }) =>
      `a model's predictions must be float32, one row for each row of the batch, [${batch}, …]; they are ${type} of shape ${shape}`,
    todo: "mend the model's predict, or the layers model that it exports",
  },
  GRAPH_EVALUATION_CHANGES_STATE: {
    kind: 'input',
    message: ({ variable }: { variable: string }) =>
      `an evaluation must leave the trial's state alone; it assigned variable "${variable}"`,
    todo: 'call layers with { training: false } in evaluate',
  },
  GRAPH_TYPE_NOT_SUPPORTED: {
    kind: 'input',
    message: ({ what, type }: { what: string; type: string }) =>
      `a traced step works on tensors of numbers and booleans, and keeps float32, int32 and bool in variables; ${what} is ${type}`,
    todo: 'cast it, or keep it out of the step',
  },
  GRAPH_STATE_INVALID: {
    kind: 'study',
    message: ({ why }: { why: string }) => `a trial's state must fit the model that it is loaded into, but ${why}`,
    todo: 'use the model, the data set and the version of tfjs-tuner with which the state was written',
  },
  GRAPH_RUN_FAILED: {
    kind: 'study',
    message: ({ message, line }: { message: string; line: string | undefined }) =>
      `TensorFlow could not run the traced step${line === undefined ? '' : ` (the op of ${line})`}: ${message}`,
    todo: 'look at the op that is named: its shapes or values do not fit the data',
  },
});
