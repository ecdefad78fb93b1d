/** Relations between parameters that every trial must satisfy: how they are checked, and what they mean for values. */
import type { Hyperparameters } from './definition.js';
import { describeValue } from './describe.js';
import { errors } from './errors.js';
import { parseExpression } from './expression.js';
import type { Constraint, Parameter, Space } from './parameter.js';

/** The first constraint that `values` break, if any. One that names a parameter without a value holds. */
export function firstBroken({ constraints }: Space, values: Hyperparameters): Constraint | undefined {
  return constraints.find(({ holds }) => !holds(values));
}

/** The constraints as they are written in a sweep's list. Errors: SPACE_CONSTRAINT… */
export function parseConstraints(given: unknown, parameters: readonly Parameter[]): readonly Constraint[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw errors.SPACE_BAD_CONSTRAINTS({ given });
  return given.map((text) => parseConstraint(text, parameters));
}

function parseConstraint(text: unknown, parameters: readonly Parameter[]): Constraint {
  if (typeof text !== 'string' || text.trim() === '') throw errors.SPACE_CONSTRAINT_NOT_TEXT({ given: text });
  const { names, types, evaluate } = parseExpression(text, parameters);
  if (types.some((type) => type !== 'boolean')) throw errors.SPACE_CONSTRAINT_NOT_BOOLEAN({ text, types });
  if (names.length === 0) throw errors.SPACE_CONSTRAINT_WITHOUT_PARAMETER({ text });
  // a parameter may be called "constructor", which every object seems to have
  const holds = (values: Hyperparameters) =>
    !names.every((name) => Object.hasOwn(values, name)) || evaluate(values) === true;
  return { text, holds };
}

/** The values that a constraint speaks of, as text for a message: `hidden1 64, hidden2 128`. */
export function describeNamed({ text }: Constraint, values: Hyperparameters): string {
  const named = Object.entries(values).filter(([name]) => text.includes(name));
  return named.map(([name, value]) => `${name} ${describeValue(value)}`).join(', ');
}
