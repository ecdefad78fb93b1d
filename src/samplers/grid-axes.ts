/** The values that each parameter has on a grid of a whole space. */
import { clip, decode, encode, type NumberParameter, type Parameter, type Space, type Value } from '../space/index.js';
import { errors } from './errors.js';

/** How many values numbers get: all floats without a step alike, or parameters by name. */
export type GridPoints = number | Readonly<Record<string, number>>;

/** The values of one parameter, rising. */
export interface Axis {
  readonly parameter: Parameter;
  /** At least 1. */
  readonly count: number;
  /** The value at `index`, from 0, below `count`. */
  at(index: number): Value;
}

/**
 * The axis of each parameter, in the space's order. A float without a step has as many values as `points` says, evenly
 * spaced on its scale, both bounds included (the middle alone, where it is one). A name in `points` thins any other number the same
 * way, to values on its grid.
 *
 * Errors: SAMPLERS_GRID_NEEDS_POINTS for a float without a step that `points` leaves out, SAMPLERS_GRID_UNKNOWN_NAME.
 */
export function gridAxes({ parameters }: Space, points: GridPoints | undefined): readonly Axis[] {
  const named = typeof points === 'object' ? points : {};
  const numbers = parameters.filter((parameter) => isNumberParameter(parameter)).map(({ name }) => name);
  const unknown = Object.keys(named).find((name) => !numbers.includes(name));
  if (unknown !== undefined) throw errors.SAMPLERS_GRID_UNKNOWN_NAME({ name: unknown, known: numbers });
  const everywhere = typeof points === 'number' ? points : undefined;
  return parameters.map((parameter) =>
    axisOf(parameter, Object.hasOwn(named, parameter.name) ? named[parameter.name] : undefined, everywhere),
  );
}

function isNumberParameter(parameter: Parameter): parameter is NumberParameter {
  return parameter.kind === 'float' || parameter.kind === 'int';
}

function axisOf(parameter: Parameter, own: number | undefined, everywhere: number | undefined): Axis {
  switch (parameter.kind) {
    case 'fixed':
      return { parameter, count: 1, at: () => parameter.value };
    case 'choice':
      return { parameter, count: parameter.items.length, at: (index) => parameter.items[index]! };
    case 'float':
    case 'int':
      return numberAxis(parameter, own, everywhere);
    default:
      return parameter satisfies never;
  }
}

function numberAxis(parameter: NumberParameter, own: number | undefined, everywhere: number | undefined): Axis {
  const { name, low, high, grid } = parameter;
  if (low === high) return { parameter, count: 1, at: () => low };
  if (grid !== null && (own === undefined || own >= grid.count)) {
    return { parameter, count: grid.count, at: (index) => clip(parameter, low + index * grid.step) };
  }
  const count = own ?? everywhere;
  if (count === undefined) throw errors.SAMPLERS_GRID_NEEDS_POINTS({ name });
  // where a grid's outermost points lie is within the unit interval, not at its ends
  const [first, last] = [encode(parameter, low), encode(parameter, clip(parameter, high))];
  const even = (index: number) => decode(parameter, count === 1 ? 0.5 : first + (index / (count - 1)) * (last - first));
  if (grid === null) return { parameter, count, at: even };
  // of evenly spaced ones on a log scale, several may be nearest to one value
  const distinct = [...new Set(Array.from({ length: count }, (_, index) => even(index)))];
  return { parameter, count: distinct.length, at: (index) => distinct[index]! };
}
