/** All points of a grid over a space, in order, without ever listing them. */
import { activeOnly, type Hyperparameters, isActive, type Parameter, type Space, type Value } from '../space/index.js';
import { errors } from './errors.js';
import { type Axis, type GridPoints, gridAxes } from './grid-axes.js';

/** The points that agree in every parameter on which another's being active depends. */
interface Stratum {
  readonly fixed: Hyperparameters;
  /** The axes of the other parameters that are active; the last one changes fastest. */
  readonly axes: readonly Axis[];
  /** The product of their counts. */
  readonly count: number;
  /** Points in the strata before it. */
  readonly before: number;
}

/** A finite list of points, each once: inactive parameters do not multiply them. */
export interface Points {
  /** At most 2^53 - 1; constraints are not looked at. */
  readonly count: number;
  /** The point at `index`, from 0, below `count`. */
  at(index: number): Hyperparameters;
}

/** More joint values than this of the parameters that conditions name are refused: each takes memory. */
const mostStrata = 100_000;

/** Errors: SAMPLERS_GRID_NEEDS_POINTS, SAMPLERS_GRID_UNKNOWN_NAME, SAMPLERS_GRID_TOO_LARGE. */
export function gridPoints(space: Space, points: GridPoints | undefined): Points {
  const axes = gridAxes(space, points);
  const strata = stratify(space, axes);
  const last = strata.at(-1)!;
  const count = last.before + last.count;
  if (count > Number.MAX_SAFE_INTEGER) throw errors.SAMPLERS_GRID_TOO_LARGE({ most: 'than 2^53 - 1 points' });
  return { count, at: (index) => pointIn(space, stratumAt(strata, index), index) };
}

function stratify(space: Space, axes: readonly Axis[]): readonly Stratum[] {
  const parents = new Set(space.parameters.flatMap(({ conditions }) => conditions.map(({ parent }) => parent)));
  const strata: Stratum[] = [];
  for (const fixed of jointValues(axes.filter(({ parameter }) => parents.has(parameter.name)))) {
    const free = axes.filter(({ parameter }) => !parents.has(parameter.name) && isActive(parameter, fixed));
    const count = free.reduce((product, axis) => product * axis.count, 1);
    const previous = strata.at(-1);
    strata.push({ fixed, axes: free, count, before: previous === undefined ? 0 : previous.before + previous.count });
  }
  return strata;
}

/** Every assignment of values to those of the parameters that are active under it. */
function jointValues(axes: readonly Axis[]): readonly Hyperparameters[] {
  let joint: readonly Hyperparameters[] = [{}];
  for (const axis of axes) {
    const size = joint.reduce((sum, values) => sum + (isActive(axis.parameter, values) ? axis.count : 1), 0);
    if (size > mostStrata) {
      throw errors.SAMPLERS_GRID_TOO_LARGE({ most: `than ${mostStrata} joint values of parameters with conditions` });
    }
    joint = joint.flatMap((values) => extend(values, axis));
  }
  return joint;
}

function extend(values: Hyperparameters, { parameter, count, at }: Axis): readonly Hyperparameters[] {
  if (!isActive(parameter, values)) return [values];
  return Array.from({ length: count }, (_, index) => ({ ...values, [parameter.name]: at(index) }));
}

/** The stratum that `index` lies in, by bisection. */
function stratumAt(strata: readonly Stratum[], index: number): Stratum {
  let [from, to] = [0, strata.length - 1];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (strata[middle]!.before <= index) from = middle;
    else to = middle - 1;
  }
  return strata[from]!;
}

function pointIn(space: Space, { fixed, axes, before }: Stratum, index: number): Hyperparameters {
  const values: Record<Parameter['name'], Value> = { ...fixed };
  let rest = index - before;
  for (const { parameter, count, at } of axes.toReversed()) {
    values[parameter.name] = at(rest % count);
    rest = Math.floor(rest / count);
  }
  return activeOnly(space, values);
}
