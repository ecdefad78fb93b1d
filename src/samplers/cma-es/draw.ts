/** Draws from the distribution of a run. */
import { foldIn, type Key, normal, sequence } from '../../random/index.js';
import { firstBroken, type Hyperparameters, sampleSpace } from '../../space/index.js';
import { type Coordinates, located, type Solution, valuesOf } from './coordinates.js';
import { pointFrom } from './distribution.js';
import type { Run } from './run.js';

export interface Draw {
  readonly solution: Solution;
  readonly hyperparameters: Hyperparameters;
}

/**
 * A draw in the bounds that satisfies the space's constraints. Draws beyond the bounds of a continuous coordinate are drawn again, ten
 * times for each coordinate, and then moved to the bounds, as in the `cmaes` package. Where constraints still do not hold,
 * it is a draw from the prior.
 */
export function draw(coordinates: Coordinates, run: Run, key: Key): Draw {
  const attempts = 10 * Math.max(1, coordinates.numbers.length);
  let last: Solution | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    last = drawOnce(coordinates, run, foldIn(key, attempt));
    if (!isInBounds(coordinates, last)) continue;
    const found = allowed(coordinates, run, last);
    if (found !== undefined) return found;
  }
  return allowed(coordinates, run, clipped(coordinates, last!)) ?? fromPrior(coordinates, run, foldIn(key, 'prior'));
}

function drawOnce({ numbers, categories }: Coordinates, run: Run, key: Key): Solution {
  const z = Float64Array.from(numbers, (_, at) => normal(foldIn(key, 'z', at)));
  const next = sequence(foldIn(key, 'items'));
  return {
    x: [...pointFrom(run.distribution, z)],
    items: categories.map((_, at) => pickItem(run.probabilities[at]!, next())),
  };
}

function pickItem(probabilities: Float64Array, u: number): number {
  let sum = 0;
  for (let item = 0; item < probabilities.length - 1; item++) {
    sum += probabilities[item]!;
    if (u < sum) return item;
  }
  return probabilities.length - 1;
}

/** Discrete coordinates have no bounds: the outermost values own what lies beyond them. */
function isInBounds({ numbers }: Coordinates, { x }: Solution): boolean {
  return x.every((value, at) => numbers[at]!.values !== null || (value >= 0 && value <= 1));
}

function clipped({ numbers }: Coordinates, { x, items }: Solution): Solution {
  const inBounds = x.map((value, at) => (numbers[at]!.values === null ? Math.min(1, Math.max(0, value)) : value));
  return { x: inBounds, items };
}

function allowed(coordinates: Coordinates, run: Run, solution: Solution): Draw | undefined {
  const { mean } = run.distribution;
  const hyperparameters = valuesOf(coordinates, solution, (x, at) => {
    return mean[at]! + (x - mean[at]!) * run.amplitudes[at]!;
  });
  if (firstBroken(coordinates.space, hyperparameters) !== undefined) return undefined;
  return { solution, hyperparameters };
}

/**
 * A draw from the prior, with the solution that stands for it: on the line from the mean to it, no further away than draws
 * are (Hansen 2011, "Injecting External Solutions Into CMA-ES", https://arxiv.org/abs/1110.4181).
 */
function fromPrior(coordinates: Coordinates, run: Run, key: Key): Draw {
  const { mean, sigma, c } = run.distribution;
  const n = mean.length;
  const hyperparameters = sampleSpace(coordinates.space, key);
  const { positions, items } = located(coordinates, hyperparameters);
  const steps = positions.map((position, at) =>
    position === undefined ? 0 : (position - mean[at]!) / run.amplitudes[at]! / (sigma * Math.sqrt(c[at * n + at]!)),
  );
  const length = Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0));
  const shortening = Math.min(1, (Math.sqrt(n) + (2 * n) / (n + 2)) / Math.max(length, Number.MIN_VALUE));
  const x = steps.map((step, at) => mean[at]! + shortening * step * sigma * Math.sqrt(c[at * n + at]!));
  const next = sequence(foldIn(key, 'items'));
  return {
    solution: { x, items: items.map((item, at) => item ?? pickItem(run.probabilities[at]!, next())) },
    hyperparameters,
  };
}
