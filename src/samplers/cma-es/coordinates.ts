/**
 * Spaces as CMA-ES sees them: a coordinate for each number and each ordinal choice, on which [0, 1] is what `encode` makes of its range,
 * and a categorical distribution for each unordered choice.
 *
 * Conditional parameters have theirs like all others. Where one is not active its coordinate is drawn and ranked all the same, without
 * effect on the loss, so that selection neither pulls it anywhere nor makes it narrower.
 */
import {
  contains,
  decode,
  encode,
  type Hyperparameters,
  isActive,
  type Parameter,
  type Space,
  type Value,
} from '../../space/index.js';
import { enumerated } from '../enumerated.js';

/** Above so many values a number is taken as continuous, and rounded when it is decoded. */
const tableAtMost = 1024;

export interface Coordinate {
  readonly parameter: Parameter;
  /** `null` where it is continuous. */
  readonly values: readonly Value[] | null;
  /** Where one of `values` ends and the next begins, rising; one fewer than `values`. */
  readonly limits: Float64Array;
}

export interface Category {
  readonly parameter: Parameter;
  /** At least 2. */
  readonly items: readonly Value[];
}

export interface Coordinates {
  readonly space: Space;
  readonly numbers: readonly Coordinate[];
  readonly categories: readonly Category[];
}

/** One point as it is drawn. */
export interface Solution {
  /** A number for each coordinate; of discrete ones not rounded, and possibly beyond [0, 1]. */
  readonly x: readonly number[];
  /** The index of an item for each category. */
  readonly items: readonly number[];
}

export function coordinatesOf(space: Space): Coordinates {
  const numbers: Coordinate[] = [];
  const categories: Category[] = [];
  for (const parameter of space.parameters) {
    const values = enumerated(parameter, tableAtMost);
    if (values?.length === 1) continue;
    if (parameter.kind === 'choice' && !parameter.ordered) categories.push({ parameter, items: parameter.items });
    else numbers.push({ parameter, values, limits: limitsOf(parameter, values ?? []) });
  }
  return { space, numbers, categories };
}

function limitsOf(parameter: Parameter, values: readonly Value[]): Float64Array {
  const positions = values.map((value) => encode(parameter, value));
  return Float64Array.from(positions.slice(1), (position, below) => (position + positions[below]!) / 2);
}

/** Which of its values a discrete coordinate has at `x`. */
export function indexAt({ limits }: Coordinate, x: number): number {
  let [low, high] = [0, limits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x > limits[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The values of a solution's active parameters, in the space's order. Constraints may not hold.
 *
 * @param position what the coordinate `at` of a solution stands for: see `margin.ts`
 */
export function valuesOf(
  { space, numbers, categories }: Coordinates,
  { x, items }: Solution,
  position: (x: number, at: number) => number,
): Hyperparameters {
  const values: Record<string, Value> = {};
  let [number, category] = [0, 0];
  for (const parameter of space.parameters) {
    const coordinate = numbers[number]?.parameter === parameter ? numbers[number] : undefined;
    const choice = categories[category]?.parameter === parameter ? categories[category] : undefined;
    if (isActive(parameter, values)) {
      if (coordinate !== undefined) values[parameter.name] = numberAt(coordinate, position(x[number]!, number));
      else if (choice !== undefined) values[parameter.name] = choice.items[items[category]!]!;
      else values[parameter.name] = decode(parameter, 0);
    }
    if (coordinate !== undefined) number++;
    if (choice !== undefined) category++;
  }
  return values;
}

function numberAt(coordinate: Coordinate, position: number): Value {
  const { parameter, values } = coordinate;
  return values === null ? decode(parameter, position) : values[indexAt(coordinate, position)]!;
}

/**
 * Where given values lie: positions in [0, 1] and items, `undefined` for what is not active or not allowed in this space.
 */
export function located({ numbers, categories }: Coordinates, given: Hyperparameters) {
  const allowedValue = (parameter: Parameter) => {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined;
    return contains(parameter, value) ? value : undefined;
  };
  return {
    positions: numbers.map(({ parameter }) => {
      const value = allowedValue(parameter);
      return value === undefined ? undefined : encode(parameter, value);
    }),
    items: categories.map(({ parameter, items }) => {
      const value = allowedValue(parameter);
      return value === undefined ? undefined : items.indexOf(value);
    }),
  };
}
