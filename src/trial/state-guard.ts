/**
 * Keeps a step within its trial's state, which is the variables that `build` made. A variable that the step makes, or one from
 * elsewhere that it assigns, would be shared by all trials that a thread trains, and lost when a trial is copied or resumed.
 */
import * as tf from '@tensorflow/tfjs';
import { callSite } from '../graph/index.js';
import { errors } from './errors.js';

type Method = (this: unknown, ...given: never[]) => unknown;

/** Puts `method` in the place of `owner[name]` while `act` runs. */
function replaced<T>(owner: object, name: string, method: (original: Method) => Method, act: () => T): T {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const original = (owner as Record<string, Method>)[name]!;
  Object.defineProperty(owner, name, { value: method(original), configurable: true, writable: true });
  try {
    return act();
  } finally {
    delete (owner as Record<string, unknown>)[name];
    if (before) Object.defineProperty(owner, name, before);
  }
}

function refuseMaking(): never {
  throw errors.TRIAL_VARIABLE_MADE_IN_STEP({ line: callSite().line });
}

/**
 * Runs a step or an evaluation of a model whose state is `variables`.
 *
 * @throws TRIAL_VARIABLE_MADE_IN_STEP, TRIAL_VARIABLE_OUTSIDE_STATE
 */
export function withinState<T>(variables: readonly tf.Variable[], act: () => T): T {
  const state = new Set<unknown>(variables);
  const assign = (original: Method): Method => {
    return function (...given) {
      if (!state.has(this)) {
        throw errors.TRIAL_VARIABLE_OUTSIDE_STATE({ name: (this as tf.Variable).name, line: callSite().line });
      }
      return original.apply(this, given);
    };
  };
  // a layer that is built by its first call draws its weights' values before it makes the variables
  return replaced(
    tf.layers.Layer.prototype,
    'addWeight',
    () => refuseMaking,
    () => {
      return replaced(
        tf.engine(),
        'makeVariable',
        () => refuseMaking,
        () => {
          return replaced(tf.Variable.prototype, 'assign', assign, act);
        },
      );
    },
  );
}
