import { defineErrors } from '../errors/index.js';

const show = (given: unknown) => (typeof given === 'number' ? String(given) : (JSON.stringify(given) ?? String(given)));

export const errors = defineErrors({
  OBJECTIVE_BAD_METRICS: {
    kind: 'input',
    message: ({ of, metric, given }: { of: string; metric: string; given: unknown }) =>
      `${of} must be a number, or an object of numbers with "${metric}" among them, not ${show(given)}`,
    todo: ({ metric }) => `return or report { ${metric}: … }, or correct objective.metric in the sweep`,
  },
  OBJECTIVE_NO_RESULT: {
    kind: 'input',
    message: ({ trial }: { trial: number }) =>
      `a trial must end with a result or have reported one, and trial ${trial} did neither`,
    todo: 'return the metric from run, or report it',
  },
  OBJECTIVE_BAD_CHECKPOINT: {
    kind: 'input',
    message: ({ given }: { given: string }) => `a checkpoint must be a Uint8Array, not ${given}`,
    todo: 'encode it first: new TextEncoder().encode(JSON.stringify(state))',
  },
});
