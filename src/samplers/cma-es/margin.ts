/**
 * The margin: a lower bound on the probability that a discrete coordinate leaves its present value, without which it would be stuck there
 * as soon as the distribution is narrower than a value is wide. Hamano et al. 2022, "CMA-ES with Margin", section 4
 * (https://arxiv.org/abs/2205.13482), as in the `cmaes` package 0.13 (`_cmawm.py`).
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | α | the margin, 1 / (n λ) | scalar |
 * | A | amplitudes: a discrete coordinate stands for m + A (x - m), and its limits decide which value that is | [n] |
 * | l, u | the limits next below and above the mean; both the outermost one, where it lies beyond | scalars |
 */
import { normalCdf, normalQuantile } from '../normal.js';
import { type Coordinate, indexAt } from './coordinates.js';

/** Keep quantiles finite, and the two sides apart. */
const probabilityAtLeast = 1e-10;

export interface Marginal {
  readonly mean: number;
  readonly amplitude: number;
}

/**
 * Mean and amplitude of a coordinate that leave its value with a probability of α at least.
 *
 * @param spread its standard deviation without the amplitude, σ √Cᵢᵢ; above 0
 */
export function withMargin(
  coordinate: Coordinate,
  { mean, amplitude }: Marginal,
  spread: number,
  alpha: number,
): Marginal {
  const { limits } = coordinate;
  const index = indexAt(coordinate, mean);
  const l = limits[Math.max(0, index - 1)]!;
  const u = limits[Math.min(limits.length - 1, index)]!;
  const below = normalCdf((l - mean) / (spread * amplitude));
  const above = normalCdf((mean - u) / (spread * amplitude));
  if (Math.max(below, above) > 0.5) {
    // the lowest or highest value: the mean moves as near to the limit as it takes
    if (Math.min(below, above) >= alpha) return { mean, amplitude };
    const distance = spread * amplitude * normalQuantile(1 - alpha);
    return { mean: u + Math.sign(mean - u) * distance, amplitude };
  }
  const [low, high] = twoSides(below, above, alpha);
  const [toLow, toHigh] = [normalQuantile(1 - low), normalQuantile(1 - high)];
  return {
    mean: (l * toHigh + u * toLow) / (toLow + toHigh),
    amplitude: (u - l) / ((toLow + toHigh) * spread),
  };
}

/** The probabilities of both sides, each at least α / 2; what that adds up to beyond 1 is taken in proportion (equations 15 to 18). */
function twoSides(below: number, above: number, alpha: number): [low: number, high: number] {
  const between = 1 - below - above;
  const [low, high] = [Math.max(below, alpha / 2), Math.max(above, alpha / 2)];
  const excess = (1 - low - high - between) / (low + between + high - (3 * alpha) / 2);
  const clip = (p: number) => Math.min(0.5 - probabilityAtLeast, Math.max(probabilityAtLeast, p));
  return [clip(low + excess * (low - alpha / 2)), clip(high + excess * (high - alpha / 2))];
}

/**
 * Probabilities of at least `least` each, the rest in proportion to what they have above it (Hamano et al. 2024, "CatCMA", equation 20,
 * https://arxiv.org/abs/2405.09962).
 *
 * @param least at most 1 / `probabilities.length`
 */
export function atLeast(probabilities: Float64Array, least: number): Float64Array {
  const held = probabilities.map((p) => Math.max(p, least));
  const total = held.reduce((sum, p) => sum + p, 0);
  const free = total - least * held.length;
  return free > 0 ? held.map((p) => p + ((1 - total) / free) * (p - least)) : held;
}
