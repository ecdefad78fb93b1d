import type { Value } from './definition.js';
import { describeAllowed } from './describe.js';
import { errors } from './errors.js';
import { nearestIndex, pointAt } from './grid.js';
import type { NumberParameter, Parameter } from './parameter.js';

/** Whether `value` is of the parameter's type, in its range and on its grid. */
export function contains(parameter: Parameter, value: unknown): value is Value {
  switch (parameter.kind) {
    case 'float':
    case 'int':
      return typeof value === 'number' && containsNumber(parameter, value);
    case 'choice':
      return parameter.items.includes(value as Value);
    case 'fixed':
      return value === parameter.value;
    default:
      return parameter satisfies never;
  }
}

function containsNumber({ low, high, grid }: NumberParameter, value: number): boolean {
  if (!(value >= low && value <= high)) return false;
  return grid === null || pointAt(low, grid, nearestIndex(low, grid, value)) === value;
}

/**
 * The value of the parameter that is nearest to `value` (by difference, whatever its scale; halves go up).
 *
 * @param value any number, also an infinite one. Errors: SPACE_BAD_VALUE if it is NaN.
 */
export function clip(parameter: NumberParameter, value: number): number {
  if (Number.isNaN(value)) throw notAllowed(parameter, value);
  const { low, high, grid } = parameter;
  return grid === null ? Math.min(high, Math.max(low, value)) + 0 : pointAt(low, grid, nearestIndex(low, grid, value));
}

/**
 * The value just above (`1`) or below (`-1`) `value`: the next on the grid, or the adjacent item of a choice. `undefined` at
 * an end, and where there is none: floats without a step, and fixed values.
 *
 * Errors: SPACE_BAD_VALUE if the parameter does not contain `value`.
 */
export function neighbour(parameter: Parameter, value: Value, direction: -1 | 1): Value | undefined {
  if (!contains(parameter, value)) throw notAllowed(parameter, value);
  switch (parameter.kind) {
    case 'float':
    case 'int': {
      const { low, grid } = parameter;
      if (grid === null) return undefined;
      const index = nearestIndex(low, grid, value as number) + direction;
      return index >= 0 && index < grid.count ? pointAt(low, grid, index) : undefined;
    }
    case 'choice':
      return parameter.items[parameter.items.indexOf(value) + direction];
    case 'fixed':
      return undefined;
    default:
      return parameter satisfies never;
  }
}

function notAllowed(parameter: Parameter, given: unknown): Error {
  return errors.SPACE_BAD_VALUE({ name: parameter.name, given, allowed: describeAllowed(parameter) });
}
