/** When a parameter is active: how conditions are written, and what they mean for values. */
import { didYouMean } from '../errors/index.js';
import type { Hyperparameters, Value } from './definition.js';
import { describeAllowed } from './describe.js';
import { errors } from './errors.js';
import type { Condition, Parameter, Space } from './parameter.js';
import { isRecord, isScalar } from './scalar.js';
import { contains } from './values.js';

/**
 * Whether all the parameter's conditions hold for `values`.
 *
 * @param values those of active parameters only, at least of those before `parameter` in the space: a parent without a
 * value counts as not active
 */
export function isActive(parameter: Parameter, values: Hyperparameters): boolean {
  return parameter.conditions.every(
    // a parent may be called "constructor", which every object seems to have
    (condition) => Object.hasOwn(values, condition.parent) && condition.values.includes(values[condition.parent]!),
  );
}

/**
 * The values of the space's active parameters, in its order. Values of others, and of parameters that the space does not
 * have, are dropped; active parameters that `values` lacks stay absent, and their children with them.
 */
export function activeOnly({ parameters }: Space, values: Hyperparameters): Hyperparameters {
  const active: Record<string, Value> = {};
  for (const parameter of parameters) {
    const { name } = parameter;
    if (Object.hasOwn(values, name) && isActive(parameter, active)) active[name] = values[name]!;
  }
  return active;
}

/**
 * The conditions that `when` describes.
 *
 * @param earlier the parameters that are written before this one: parents come first, so there are no circles
 * @param names of all parameters as they are written, for better messages
 */
export function parseConditions(
  name: string,
  when: unknown,
  earlier: readonly Parameter[],
  names: readonly string[],
): readonly Condition[] {
  if (when === undefined) return [];
  if (!isRecord(when) || Object.keys(when).length === 0) throw errors.SPACE_BAD_WHEN({ name, given: when });
  const conditions = Object.entries(when).map(([parent, given]) => {
    const found = findParent(name, parent, earlier, names);
    return { parent, values: parseValues(name, found, given) };
  });
  checkPossible(name, conditions, earlier);
  return conditions;
}

function findParent(name: string, parent: string, earlier: readonly Parameter[], names: readonly string[]): Parameter {
  const found = earlier.find((parameter) => parameter.name === parent);
  if (found?.kind === 'float') throw errors.SPACE_FLOAT_PARENT({ name, parent });
  if (found !== undefined) return found;
  if (parent === name) throw errors.SPACE_OWN_PARENT({ name });
  if (names.includes(parent)) throw errors.SPACE_LATER_PARENT({ name, parent });
  const known = earlier.filter(({ kind }) => kind !== 'float').map((parameter) => parameter.name);
  throw errors.SPACE_UNKNOWN_PARENT({ name, parent, known });
}

function parseValues(name: string, parent: Parameter, given: unknown): readonly Value[] {
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (values.length === 0) throw errors.SPACE_EMPTY_WHEN({ name, parent: parent.name });
  return [...new Set(values)].map((value) => {
    if (contains(parent, value)) return value === 0 ? 0 : value;
    const items = parent.kind === 'choice' ? parent.items.map(String) : [];
    const suggestion = isScalar(value) ? didYouMean(String(value), items) : '';
    const allowed = describeAllowed(parent);
    throw errors.SPACE_IMPOSSIBLE_WHEN({ name, parent: parent.name, given: value, allowed, suggestion });
  });
}

/** Every condition of a parameter and of all its ancestors must hold at once, so those on one parent must agree. */
function checkPossible(name: string, conditions: readonly Condition[], earlier: readonly Parameter[]): void {
  const allowed = new Map<string, readonly Value[]>();
  const waiting = [...conditions];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { parent, values } = next;
    const before = allowed.get(parent);
    const both = before === undefined ? values : values.filter((value) => before.includes(value));
    if (both.length === 0) throw errors.SPACE_NEVER_ACTIVE({ name, parent });
    allowed.set(parent, both);
    // an ancestor's conditions need to be followed once
    if (before === undefined) waiting.push(...earlier.find((parameter) => parameter.name === parent)!.conditions);
  }
}
