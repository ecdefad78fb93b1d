/** Losses as targets of a Gaussian process. */
import { normalQuantile } from '../normal.js';

export interface Targets {
  /** Mean 0 and variance 1, lower is better; all 0 where all values are the same. */
  readonly targets: Float64Array;
  /** What 0 became. */
  readonly zero: number;
}

/**
 * Standardised values, after infinite ones took the place of the largest and the smallest finite one.
 *
 * @param values at least one; may be infinite, not NaN
 */
export function standardised(values: readonly number[]): Targets {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.length === 0 ? [0, 0] : [Math.min(...finite), Math.max(...finite)];
  // relative to the largest, so that sums of squares neither overflow nor vanish
  const size = Math.max(Math.abs(low), Math.abs(high), Number.MIN_VALUE);
  const scaled = values.map((value) => Math.min(high, Math.max(low, value)) / size);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length;
  const deviation = variance > 1e-28 ? Math.sqrt(variance) : Number.POSITIVE_INFINITY;
  // a sign is all that is left to learn where all are the same
  const zero = Number.isFinite(deviation) ? -mean / deviation : -Math.sign(mean);
  return { targets: Float64Array.from(scaled, (value) => (value - mean) / deviation), zero };
}

/**
 * Losses of which the worse half keeps its order only: half-rank warping (Song et al. 2024, section 3.2, "The Vizier Gaussian Process
 * Bandit Algorithm", https://arxiv.org/abs/2408.11527).
 *
 * What lies above the median moves to where a normal distribution with the spread of the better half has its quantiles. So a few
 * trials that are worse by orders of magnitude (or infinite) do not flatten the region that matters.
 *
 * @param losses at least one; may be infinite, not NaN
 * @returns finite, but where a loss is minus infinity
 */
export function halfRankWarped(losses: readonly number[]): readonly number[] {
  const sorted = [...losses].sort((a, b) => a - b);
  const median = sorted[(sorted.length - 1) >> 1]!;
  const better = losses.filter((loss) => loss <= median && Number.isFinite(loss));
  const spread = Math.sqrt(better.reduce((sum, loss) => sum + (loss - median) ** 2, 0) / better.length);
  // where the better half is all the same (or nothing is finite), there is no scale but the ranks' own
  const unit = spread > 0 ? spread : 1;
  const base = Number.isFinite(median) ? median : 0;
  return losses.map((loss) => {
    if (loss <= median && Number.isFinite(median)) return loss;
    const [first, last] = [sorted.indexOf(loss), sorted.lastIndexOf(loss)];
    return base + unit * normalQuantile(((first + last) / 2 + 0.5) / sorted.length);
  });
}
