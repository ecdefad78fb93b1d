import { defineErrors } from '../errors/index.js';

const list = (names: readonly string[]) => names.join(', ') || 'nothing';

export const errors = defineErrors({
  MODULES_MISSING: {
    kind: 'input',
    message: ({ path }: { path: string }) => `the module must be a file, and there is none at ${path}`,
    todo: 'correct the path; it has to end in .ts, .mts, .cts, .js, .mjs or .cjs',
  },
  MODULES_FAILED: {
    kind: 'input',
    message: ({ path, where, problem }: { path: string; where: string; problem: string; advice: string }) =>
      `the module ${path} must load, but ${where === '' ? '' : `at ${where} `}it fails: ${problem}`,
    todo: ({ advice }) => advice,
  },
  MODULES_TOO_SLOW: {
    kind: 'input',
    message: ({ path, seconds }: { path: string; seconds: number }) =>
      `the module ${path} must load within ${seconds} seconds, and has not: an await at its top level, or at that of a module that it imports, still waits`,
    todo: 'end what it waits for there, or move it into build or run; TFJS_TUNER_LOAD_SECONDS allows more time',
  },
  MODULES_NO_DEFAULT: {
    kind: 'input',
    message: ({ path, exported }: { path: string; exported: readonly string[] }) =>
      `the module ${path} must have a default export; it exports ${list(exported)}`,
    todo: 'write "export default …" in it',
  },
  MODULES_SAVED_MODEL_UNREADABLE: {
    kind: 'input',
    message: ({ path, problem }: { path: string; problem: string }) =>
      `the model ${path} must be readable, with the files of its weights beside it: ${problem}`,
    todo: 'copy the whole folder that the model was saved to',
  },
});
