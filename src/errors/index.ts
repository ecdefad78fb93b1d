/** Errors a person can act on: every one has a stable code, says what must hold, what was given, and what to do. */
export { describeThrown } from './describe-thrown.js';
export { didYouMean } from './did-you-mean.js';
export {
  allErrorCodes,
  defineErrors,
  type ErrorFactory,
  type ErrorKind,
  exitCodes,
  TunerError,
} from './tuner-error.js';
