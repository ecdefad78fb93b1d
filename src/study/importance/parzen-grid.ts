/**
 * A parameter's density by a Parzen estimator on a grid, as PED-ANOVA takes it: Watanabe et al. 2023,
 * https://arxiv.org/abs/2304.10255, in the numbers of Optuna 5 (`importance/_ped_anova/scott_parzen_estimator.py`).
 *
 * Kernels are discretised normals, truncated to the grid. Their width follows Scott's rule (Scott 1992, "Multivariate density
 * estimation", section 6.5), with the quartiles' distance where that is narrower.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | n | trials |
 * | h | width: 1.059 min(σ, IQR / 1.34) n^(-1/5), at least 0.5 / 1.64 of a grid step |
 */
import { normalCdf } from '../../samplers/index.js';
import type { NumberParameter, Parameter, Value } from '../../space/index.js';

/** Where a parameter's values lie on a grid. */
export interface ParzenGrid {
  /** At least 2. */
  readonly size: number;
  readonly isCategorical: boolean;
  indexOf(value: Value): number;
}

const mostPoints = 50;
const priorWeight = 1;
/** 90 % of a kernel fit in one step then. */
const leastWidth = 0.5 / 1.64;

/** The grid of a parameter that has more than one value: at most 50 points, evenly spaced on its scale. */
export function gridOf(parameter: Parameter): ParzenGrid {
  switch (parameter.kind) {
    case 'choice': {
      const { items, ordered } = parameter;
      return { size: items.length, isCategorical: !ordered, indexOf: (value) => items.indexOf(value) };
    }
    case 'float':
    case 'int':
      return numberGrid(parameter);
    case 'fixed':
      return { size: 1, isCategorical: true, indexOf: () => 0 };
    default:
      return parameter satisfies never;
  }
}

function numberGrid(parameter: NumberParameter): ParzenGrid {
  const { scale, grid } = parameter;
  const onScale = (value: number) => (scale === 'log' ? Math.log(value) : value);
  // the bound itself may be off the grid
  const high = grid === null ? parameter.high : parameter.low + (grid.count - 1) * grid.step;
  const [from, to] = [onScale(parameter.low), onScale(high)];
  const size = Math.min(mostPoints, sizeOf(parameter));
  const step = (to - from) / (size - 1);
  const indexOf = (value: Value) => {
    return Math.min(size - 1, Math.max(0, Math.ceil((onScale(value as number) - from) / step - 0.5)));
  };
  return { size, isCategorical: false, indexOf };
}

function sizeOf({ kind, scale, grid }: NumberParameter): number {
  if (grid === null) return mostPoints;
  // neighbouring integers are far apart at the low end of a log scale
  return kind === 'int' && scale === 'log' ? Math.ceil(Math.log2(grid.count)) + 1 : grid.count;
}

/** The density at each point of the grid; it sums to 1. `counts`: trials at each point, at least one in all. */
export function densityOnGrid(counts: Float64Array, isCategorical: boolean): Float64Array {
  const points = [...counts.keys()].filter((point) => counts[point]! > 0);
  const weights = points.map((point) => counts[point]!);
  return isCategorical ? categorical(counts.length, points, weights) : numerical(counts.length, points, weights);
}

function categorical(size: number, points: readonly number[], weights: readonly number[]): Float64Array {
  const all = weights.reduce((sum, weight) => sum + weight, 0) + priorWeight;
  const share = priorWeight / (points.length + 1);
  const density = new Float64Array(size).fill(priorWeight / all / size);
  for (const [at, point] of points.entries()) {
    const weight = weights[at]! / all / (1 + share * size);
    for (let other = 0; other < size; other++) density[other]! += weight * (share + (other === point ? 1 : 0));
  }
  return density;
}

function numerical(size: number, points: readonly number[], weights: readonly number[]): Float64Array {
  const count = weights.reduce((sum, weight) => sum + weight, 0);
  const density = new Float64Array(size);
  const add = (weight: number, mean: number, width: number) => {
    const cdf = (at: number) => normalCdf((at - mean) / width);
    const mass = cdf(size - 0.5) - cdf(-0.5);
    for (let at = 0; at < size; at++)
      density[at]! += (weight * (cdf(at + 0.5) - cdf(at - 0.5))) / mass / (count + priorWeight);
  };
  const width = Math.max(leastWidth, scottWidth(points, weights, count));
  for (const [at, point] of points.entries()) add(weights[at]!, point, width);
  add(priorWeight, (size - 1) / 2, size);
  return density;
}

function scottWidth(points: readonly number[], weights: readonly number[], count: number): number {
  const weighted = (of: (point: number) => number) =>
    points.reduce((sum, point, at) => sum + of(point) * weights[at]!, 0);
  const mean = weighted((point) => point) / count;
  const sigma = Math.sqrt(weighted((point) => (point - mean) ** 2) / Math.max(1, count - 1));
  let sum = 0;
  const upTo = weights.map((weight) => (sum += weight));
  const first = upTo.findIndex((total) => total >= Math.floor(count / 4));
  const third = upTo.findIndex((total) => total > Math.floor((count * 3) / 4));
  const range = points[third < 0 ? points.length - 1 : third]! - points[first]!;
  return 1.059 * Math.min(range / 1.34, sigma) * count ** -0.2;
}
