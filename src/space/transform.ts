/**
 * The two ways between a parameter's values and the unit interval.
 *
 * A uniform draw from [0, 1) decodes to a draw from the parameter's prior: uniform on its scale, every item of a choice and
 * every point of a linear grid equally likely. Where values are discrete, each owns a part of the interval. An item and a
 * point of a linear grid are encoded as the middle of theirs. On a log scale a point is encoded as its logarithm lies; its
 * part reaches to the geometric mean with its neighbours, and that of the outermost ones as far outwards as inwards.
 *
 * Laws: `decode(encode(v))` is `v` (exactly where values are discrete and fewer than 2^40, to 1e-12 relative
 * elsewhere: to `v` on a log scale, to the larger bound on a linear one); both are monotone; 0 decodes to the lowest value
 * and 1 to the highest.
 */

import type { Value } from './definition.js';
import { describeAllowed } from './describe.js';
import { errors } from './errors.js';
import { nearestIndex, pointAt } from './grid.js';
import type { Grid, NumberParameter, Parameter } from './parameter.js';
import { contains } from './values.js';

/** Where one single value lies. */
const middle = 0.5;

/**
 * The position of `value` in [0, 1]; 0.5 where the parameter has one value only.
 *
 * Errors: SPACE_BAD_VALUE if the parameter does not contain `value`.
 */
export function encode(parameter: Parameter, value: Value): number {
  if (!contains(parameter, value)) {
    throw errors.SPACE_BAD_VALUE({ name: parameter.name, given: value, allowed: describeAllowed(parameter) });
  }
  switch (parameter.kind) {
    case 'float':
    case 'int':
      return encodeNumber(parameter, value as number);
    case 'choice':
      return (parameter.items.indexOf(value) + 0.5) / parameter.items.length;
    case 'fixed':
      return middle;
    default:
      return parameter satisfies never;
  }
}

/**
 * The value at `unit`, which is taken as 0 below 0 and as 1 above 1. Always in range and on the grid.
 *
 * Errors: SPACE_BAD_UNIT if `unit` is NaN.
 */
export function decode(parameter: Parameter, unit: number): Value {
  if (Number.isNaN(unit)) throw errors.SPACE_BAD_UNIT({ name: parameter.name, given: unit });
  const clipped = Math.min(1, Math.max(0, unit));
  switch (parameter.kind) {
    case 'float':
    case 'int':
      return parameter.grid === null ? decodeFloat(parameter, clipped) : decodeGrid(parameter, parameter.grid, clipped);
    case 'choice':
      return parameter.items[cellAt(clipped, parameter.items.length)]!;
    case 'fixed':
      return parameter.value;
    default:
      return parameter satisfies never;
  }
}

function encodeNumber(parameter: NumberParameter, value: number): number {
  const { low, grid, scale } = parameter;
  if (grid !== null && scale === 'linear') return (nearestIndex(low, grid, value) + 0.5) / grid.count;
  const [from, to] = edges(parameter);
  if (from === to) return middle;
  const position = scale === 'log' ? Math.log(value) : value;
  return Math.min(1, Math.max(0, (position - from) / (to - from)));
}

function decodeFloat(parameter: NumberParameter, unit: number): number {
  const { low, high, scale } = parameter;
  if (unit === 0) return low;
  if (unit === 1) return high;
  const [from, to] = edges(parameter);
  const position = from + unit * (to - from);
  return Math.min(high, Math.max(low, scale === 'log' ? Math.exp(position) : position));
}

function decodeGrid(parameter: NumberParameter, grid: Grid, unit: number): number {
  const { low, scale } = parameter;
  if (scale === 'linear' || grid.count === 1) return pointAt(low, grid, cellAt(unit, grid.count));
  const [from, to] = edges(parameter);
  const value = Math.exp(from + unit * (to - from));
  const below = Math.min(grid.count - 1, Math.max(0, Math.floor((value - low) / grid.step)));
  if (below === grid.count - 1) return pointAt(low, grid, below);
  const [lower, upper] = [pointAt(low, grid, below), pointAt(low, grid, below + 1)];
  // two roots, since the product of two large values may overflow
  return value < Math.sqrt(lower) * Math.sqrt(upper) ? lower : upper;
}

/** Which of `count` equal parts of [0, 1] contains `unit`. */
function cellAt(unit: number, count: number): number {
  return Math.min(count - 1, Math.floor(unit * count));
}

/** What 0 and 1 stand for on the parameter's scale: its bounds, or the outer ends of its outermost grid points' parts. */
function edges({ low, high, scale, grid }: NumberParameter): [from: number, to: number] {
  const onScale = (value: number) => (scale === 'log' ? Math.log(value) : value);
  if (grid === null) return [onScale(low), onScale(high)];
  const last = grid.count - 1;
  if (last === 0) return [onScale(low), onScale(low)];
  const point = (index: number) => onScale(pointAt(low, grid, index));
  return [point(0) - (point(1) - point(0)) / 2, point(last) + (point(last) - point(last - 1)) / 2];
}
