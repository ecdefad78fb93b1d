/** Children of evolutionary samplers: how a child of a space is put together, and when it is good enough to be tried. */
import { foldIn, type Key } from '../random/index.js';
import {
  contains,
  firstBroken,
  type Hyperparameters,
  isActive,
  type Parameter,
  type Space,
  sample,
  sampleSpace,
  type Value,
} from '../space/index.js';

/**
 * One allowed value for every active parameter: what `inherit` gives, and where it gives nothing (or what the space does not allow,
 * since it has changed) a draw from the prior. Constraints are not looked at.
 *
 * @param inherit is asked for active parameters only, in the space's order
 */
export function compose(space: Space, key: Key, inherit: (parameter: Parameter) => Value | undefined): Hyperparameters {
  const values: Record<string, Value> = {};
  for (const parameter of space.parameters) {
    if (!isActive(parameter, values)) continue;
    const inherited = inherit(parameter);
    values[parameter.name] =
      inherited !== undefined && contains(parameter, inherited)
        ? inherited
        : sample(parameter, foldIn(key, 'prior', parameter.name));
  }
  return values;
}

/** The value that `values` has of the parameter, if it has one. */
export function valueIn(values: Hyperparameters, { name }: Parameter): Value | undefined {
  // a parameter may be called "constructor", which every object seems to have
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Whether a parameter can have another value. */
export function canChange(parameter: Parameter): boolean {
  switch (parameter.kind) {
    case 'float':
    case 'int':
      return parameter.low < parameter.high;
    case 'choice':
      return parameter.items.length > 1;
    case 'fixed':
      return false;
    default:
      return parameter satisfies never;
  }
}

const mostAttempts = 100;
const mostRepeats = 30;

/**
 * The first child that satisfies the space's constraints and is new. After 100 attempts, or 30 children that were tried before, a
 * draw from the prior: a small space may have nothing new.
 *
 * @param make a child, by a key of its own
 * @param known hyperparameters that were tried already
 *
 * Errors: SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function firstNew(
  space: Space,
  key: Key,
  known: readonly { readonly hyperparameters: Hyperparameters }[],
  make: (key: Key) => Hyperparameters,
): Hyperparameters {
  let repeats = 0;
  for (let attempt = 0; attempt < mostAttempts && repeats < mostRepeats; attempt++) {
    const child = make(foldIn(key, 'attempt', attempt));
    if (firstBroken(space, child) !== undefined) continue;
    if (!known.some(({ hyperparameters }) => isSame(child, hyperparameters))) return child;
    repeats++;
  }
  return sampleSpace(space, foldIn(key, 'prior'));
}

function isSame(a: Hyperparameters, b: Hyperparameters): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  return Object.keys(a).length === Object.keys(b).length;
}
