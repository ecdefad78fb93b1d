import type { Key } from '../random/index.js';
import { firstBroken } from './constraints.js';
import { defaultOf } from './defaults.js';
import type { Hyperparameters, Value } from './definition.js';
import { errors } from './errors.js';
import type { Parameter, Space } from './parameter.js';
import { attemptKey, attemptLimit, drawPoint } from './sample-space.js';
import { checkConstraints, checkGiven, checkValue, givenFor, notActive } from './validate.js';

/**
 * A whole point from one that is given in part, such as one to try first. Given values are kept. The others have their defaults,
 * and where there are none a draw from the prior, such that all given values are active and the constraints hold. If
 * half of the attempts fail, defaults give way to draws too.
 *
 * @returns a new object with every active parameter, in the space's order
 *
 * Errors: those of `validateHyperparameters`, but that nothing is missing; SPACE_POINT_IMPOSSIBLE if 1,000 attempts find no
 * values for the rest.
 */
export function completePoint(space: Space, partial: unknown, key: Key): Hyperparameters {
  checkGiven(space, partial);
  const given = new Map<string, Value>();
  for (const parameter of space.parameters) {
    const value = givenFor(parameter, partial);
    if (value !== undefined) given.set(parameter.name, checkValue(parameter, value));
  }
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const byDefault = attempt < attemptLimit / 2 ? defaultOf : () => null;
    const choose = (parameter: Parameter) => given.get(parameter.name) ?? byDefault(parameter);
    const values = drawPoint(space, attemptKey(key, attempt), choose);
    const isKept = [...given.keys()].every((name) => Object.hasOwn(values, name));
    if (isKept && firstBroken(space, values) === undefined) return values;
  }
  checkWithoutRest(space, given);
  throw errors.SPACE_POINT_IMPOSSIBLE({ point: partial, attempts: attemptLimit });
}

/** Tells what of the given values cannot go together whatever the others are, if that is so. */
function checkWithoutRest(space: Space, given: ReadonlyMap<string, Value>): void {
  const values = Object.fromEntries(given);
  for (const parameter of space.parameters) {
    const excluded = parameter.conditions.some(
      ({ parent, values: needed }) => given.has(parent) && !needed.includes(given.get(parent)!),
    );
    if (given.has(parameter.name) && excluded) throw notActive(parameter, given.get(parameter.name));
  }
  checkConstraints(space, values);
}
