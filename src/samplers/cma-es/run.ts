/** One run of CMA-ES, from its start to where it is given up. */
import type { Coordinates, Solution } from './coordinates.js';
import { type Distribution, initialDistribution, type Rates, ratesOf, updated } from './distribution.js';
import { atLeast, withMargin } from './margin.js';

export interface Run {
  readonly rates: Rates;
  readonly initialSigma: number;
  readonly distribution: Distribution;
  /** Of each coordinate; 1 where it is continuous. */
  readonly amplitudes: Float64Array;
  /** Of each category's items. */
  readonly probabilities: readonly Float64Array[];
  /** Best and worst loss of the latest generations, as many as the stopping rule looks at. */
  readonly recent: readonly (readonly [best: number, worst: number])[];
}

/** A solution and what became of it; λ of them make a generation. */
export interface Ranked extends Solution {
  readonly loss: number;
}

export function startRun({ numbers, categories }: Coordinates, mean: Float64Array, sigma: number, lambda: number): Run {
  return {
    // with nothing but categories the rates are not used, but have to exist
    rates: ratesOf(Math.max(1, numbers.length), lambda),
    initialSigma: sigma,
    distribution: initialDistribution(mean, sigma),
    amplitudes: new Float64Array(numbers.length).fill(1),
    probabilities: categories.map(({ items }) => new Float64Array(items.length).fill(1 / items.length)),
    recent: [],
  };
}

/** @param ranked λ solutions, the best first */
export function nextRun(coordinates: Coordinates, run: Run, ranked: readonly Ranked[]): Run {
  const { rates } = run;
  const alpha = 1 / (rates.n * rates.lambda);
  const moved = updated(
    rates,
    run.distribution,
    ranked.map(({ x }) => Float64Array.from(x)),
  );
  const mean = moved.mean.slice();
  const amplitudes = run.amplitudes.slice();
  for (const [at, coordinate] of coordinates.numbers.entries()) {
    if (coordinate.values === null) continue;
    const spread = moved.sigma * Math.sqrt(moved.c[at * mean.length + at]!);
    const corrected = withMargin(coordinate, { mean: mean[at]!, amplitude: amplitudes[at]! }, spread, alpha);
    mean[at] = corrected.mean;
    amplitudes[at] = corrected.amplitude;
  }
  const losses: readonly [number, number] = [ranked[0]!.loss, ranked.at(-1)!.loss];
  return {
    ...run,
    distribution: { ...moved, mean },
    amplitudes,
    probabilities: nextProbabilities(run, ranked, alpha),
    recent: [...run.recent, losses].slice(-recentCount(rates)),
  };
}

/**
 * The natural gradient of categorical distributions under CMA-ES's positive weights: towards the items of the better half
 * (Ollivier et al. 2017, section 5.1, https://jmlr.org/papers/v18/14-467.html), with a margin. The rate is that of the step size, with the
 * degrees of freedom in place of the coordinates.
 */
function nextProbabilities({ rates, probabilities }: Run, ranked: readonly Ranked[], alpha: number): Float64Array[] {
  const freedom = probabilities.reduce((sum, { length }) => sum + length - 1, 0);
  const rate = (rates.muEff + 2) / (freedom + rates.muEff + 5);
  return probabilities.map((before, category) => {
    const next = before.map((p) => (1 - rate) * p);
    for (let k = 0; k < rates.mu; k++) next[ranked[k]!.items[category]!]! += rate * rates.weights[k]!;
    return atLeast(next, Math.min(alpha, 0.5) / before.length);
  });
}

/** Generations without progress after which a run is given up (Hansen 2016, appendix B.3). */
function recentCount({ n, lambda }: Rates): number {
  return 10 + Math.ceil((30 * n) / lambda);
}

/** Relative to the size of the losses. */
const lossTolerance = 1e-12;
const conditionAtMost = 1e14;

/**
 * Whether a run has found what it can (Hansen 2016, appendix B.3): losses all the same for long, steps too small to change
 * anything, or a covariance that is numerically singular.
 */
export function isOver({ rates, initialSigma, distribution, recent }: Run): boolean {
  const { mean, sigma, c, d, generation } = distribution;
  const n = mean.length;
  if (recent.length === recentCount(rates)) {
    const [best, worst] = [Math.min(...recent.map(([b]) => b)), Math.max(...recent.map(([, w]) => w))];
    if (worst - best <= lossTolerance * Math.max(1, Math.abs(best))) return true;
  }
  if (n === 0 || generation === 0) return false;
  const deviations = mean.map((_, i) => sigma * Math.sqrt(c[i * n + i]!));
  if (deviations.every((deviation) => deviation < 1e-12 * initialSigma)) return true;
  if (deviations.some((deviation, i) => mean[i]! === mean[i]! + 0.2 * deviation)) return true;
  if (!Number.isFinite(sigma) || sigma * Math.max(...d) > 1e4) return true;
  return (Math.max(...d) / Math.min(...d)) ** 2 > conditionAtMost;
}
