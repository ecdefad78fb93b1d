import { defineErrors } from '../errors/index.js';

const where = (line: string | undefined) => (line ? ` (${line})` : '');

/** What to write instead of reading a tensor that the step was given, or computed. */
function readRewrite(what: string): string {
  const [, name] = /^the hyperparameter "(.+)"$/.exec(what) ?? [];
  if (name !== undefined) {
    return `hand h.${name} over as the tensor that it is (learningRate: h.learningRate), compute on it with tf.mul and others, and replace an \`if\` by tf.where(tf.greater(h.${name}, …), a, b); or declare it with { structural: true }, and read it in build`;
  }
  return 'leave it a tensor: an `if` becomes tf.where(condition, a, b), a loop that counts becomes tf.sum of a comparison, and what is to be printed becomes a metric of evaluate';
}

/** What stands for tfjs's random ops in a step. */
const draws: Readonly<Record<string, string>> = {
  dropout: 'dropout(x, rate, random) of tfjs-tuner/model',
  randomUniform: 'random.uniform(shape)',
  randomUniformInt: 'tf.floor(random.uniform(shape).mul(count))',
  randomNormal: 'random.normal(shape)',
  randomStandardNormal: 'random.normal(shape)',
  multinomial: 'tf.argMax(logits.sub(tf.log(tf.neg(tf.log(random.uniform(logits.shape))))), -1)',
};

function drawRewrite(op: string | undefined): string {
  const instead = (op && draws[op]) ?? 'random.uniform(shape) or random.normal(shape)';
  return `use ${instead}, with the \`random\` of the step's third argument; an \`if\` on a draw becomes tf.where(random.uniform([]).less(probability), a, b)`;
}

/** What TensorFlow or XLA refused of a traced `what`, such as a step; `op` and `line` where they are known. */
interface FailedOperation {
  readonly what: string;
  readonly op: string | undefined;
  readonly line: string | undefined;
  readonly message: string;
}

export const errors = defineErrors({
  GRAPH_VALUE_READ: {
    kind: 'input',
    message: ({ what, line }: { what: string; line: string | undefined }) =>
      `a traced step must compute on tensors, but JavaScript read the value of ${what}${where(line)}, which differs from one step to the next, so that the graph would repeat what was made of its first value`,
    todo: ({ what }) => readRewrite(what),
  },
  GRAPH_DRAWN_IN_JAVASCRIPT: {
    kind: 'input',
    message: ({ what, op, line }: { what: string; op: string | undefined; line: string | undefined }) =>
      `random numbers in a traced step must come from its \`random\`, but ${op === undefined ? what : `tf.${op}, which takes ${what},`} was called${where(line)}: the graph would repeat the first draw`,
    todo: ({ op }) => drawRewrite(op),
  },
  GRAPH_CLOCK_READ: {
    kind: 'input',
    message: ({ what, line }: { what: string; line: string | undefined }) =>
      `a traced step must not depend on the clock, but it called ${what}${where(line)}: the graph would repeat the first time`,
    todo: 'compute from the number of the step, which is the `step` of the third argument',
  },
  GRAPH_VALUE_FROM_JAVASCRIPT: {
    kind: 'input',
    message: ({ op, line }: { op: string; line: string | undefined }) =>
      `every value in a training step must come from tensors, but an input of ${op}${where(line)} was computed in JavaScript and differs from one step to the next, so the traced step would repeat its first value`,
    todo: 'replace what JavaScript counts or keeps between steps: a rate that changes is a hyperparameter (h.learningRate) or a function of the `step` of the third argument (exponentialDecay and others of tfjs-tuner/model); anything else is a tf.Variable made in build',
  },
  GRAPH_STEP_NOT_REPEATABLE: {
    kind: 'input',
    message: ({ op, line, other }: { op: string; line: string | undefined; other: string }) =>
      `a training step must run the same operations every time, but ${op}${where(line)} was run where another trace ran ${other}`,
    todo: 'replace a JavaScript `if` or loop on something that changes between steps by tf.where(condition, a, b), or by arithmetic on tensors; the number of the step is the `step` of the third argument, and what is computed once belongs in build',
  },
  GRAPH_OP_KEEPS_STATE: {
    kind: 'input',
    message: ({ op, line }: { op: string; line: string | undefined }) =>
      `the operations of a step must depend on their inputs only, but ${op}${where(line)} keeps a state of its own in TensorFlow, which all trials of a process share`,
    todo: "draw with the `random` of the step's third argument: random.uniform(shape) or random.normal(shape)",
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
    message: ({ what, op, line, message }: FailedOperation) =>
      `TensorFlow must be able to run a traced ${what}, but ${op ?? 'an operation'}${where(line)} failed: ${message}`,
    todo: 'look at the operation that is named: its shapes or values do not fit the data',
  },
  GRAPH_COMPILE_FAILED: {
    kind: 'study',
    message: ({ what, op, line, message }: FailedOperation) =>
      `XLA must be able to compile a traced ${what}, but ${op ?? 'an operation'}${where(line)} cannot be compiled: ${message}`,
    todo: 'write compile: never under training: in the sweep, or replace the operation that is named',
  },
});
