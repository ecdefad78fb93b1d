import { defineErrors } from '../errors/index.js';

const show = (given: unknown) => (typeof given === 'number' ? String(given) : (JSON.stringify(given) ?? String(given)));

export const errors = defineErrors({
  OBJECTIVE_BAD_METRICS: {
    kind: 'input',
    message: ({ of, metrics, given }: { of: string; metrics: readonly string[]; given: unknown }) =>
      `${of} must be ${metrics.length === 1 ? 'a number, or ' : ''}an object of numbers with ${metrics.map((name) => `"${name}"`).join(', ')} among them, not ${show(given)}`,
    todo: ({ metrics }: { metrics: readonly string[] }) =>
      `return or report { ${metrics.map((name) => `${name}: …`).join(', ')} }, or correct the metrics in the sweep`,
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
