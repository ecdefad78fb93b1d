import { isActive } from './conditions.js';
import { describeNamed, firstBroken } from './constraints.js';
import type { Hyperparameters, Value } from './definition.js';
import { describeAllowed, describeConditions } from './describe.js';
import { errors } from './errors.js';
import type { Parameter, Space } from './parameter.js';
import { isRecord } from './scalar.js';
import { contains } from './values.js';

/**
 * Checks hyperparameters that come from outside (a file, a person). Fixed parameters may be left out.
 *
 * @returns a new object with every active parameter of the space, in its order
 *
 * Errors: SPACE_BAD_HYPERPARAMETERS, SPACE_UNKNOWN_PARAMETER, SPACE_MISSING_VALUE, SPACE_BAD_VALUE, SPACE_INACTIVE_VALUE,
 * SPACE_CONSTRAINT_BROKEN.
 */
export function validateHyperparameters(space: Space, values: unknown): Hyperparameters {
  checkGiven(space, values);
  const valid: Record<string, Value> = {};
  for (const parameter of space.parameters) {
    const given = givenFor(parameter, values);
    if (isActive(parameter, valid)) valid[parameter.name] = validateValue(parameter, given);
    else if (given !== undefined) throw notActive(parameter, given);
  }
  checkConstraints(space, valid);
  return valid;
}

/** Checks that `values` is an object whose every entry is an allowed value of a parameter. An `undefined` one counts as absent. */
export function checkGiven({ parameters }: Space, values: unknown): asserts values is Record<string, unknown> {
  if (!isRecord(values)) throw errors.SPACE_BAD_HYPERPARAMETERS({ given: values });
  const known = parameters.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined) throw errors.SPACE_UNKNOWN_PARAMETER({ name: unknown, known });
}

/** What `values` has for a parameter; `undefined` for none. */
export function givenFor({ name }: Parameter, values: Record<string, unknown>): unknown {
  // a parameter may be called "constructor", which every object seems to have
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The value given for an active parameter, or the one it is fixed at. */
function validateValue(parameter: Parameter, given: unknown): Value {
  if (given === undefined && parameter.kind === 'fixed') return parameter.value;
  if (given === undefined) {
    throw errors.SPACE_MISSING_VALUE({ name: parameter.name, allowed: describeAllowed(parameter) });
  }
  return checkValue(parameter, given);
}

/** `given`, if the parameter contains it. Errors: SPACE_BAD_VALUE. */
export function checkValue(parameter: Parameter, given: unknown): Value {
  if (contains(parameter, given)) return given === 0 ? 0 : given;
  throw errors.SPACE_BAD_VALUE({ name: parameter.name, given, allowed: describeAllowed(parameter) });
}

/** Errors: SPACE_CONSTRAINT_BROKEN. */
export function checkConstraints(space: Space, values: Hyperparameters): void {
  const broken = firstBroken(space, values);
  if (broken === undefined) return;
  throw errors.SPACE_CONSTRAINT_BROKEN({ text: broken.text, values: describeNamed(broken, values) });
}

/** That a parameter has a value, although its conditions do not hold. */
export function notActive(parameter: Parameter, given: unknown): Error {
  return errors.SPACE_INACTIVE_VALUE({ name: parameter.name, given, when: describeConditions(parameter) });
}
