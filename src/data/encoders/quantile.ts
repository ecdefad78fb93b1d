import { z } from 'zod';
import type { Encoder } from './encoder.js';
import { normalQuantile } from './normal-quantile.js';
import { knownValues, numberColumn, numberNames, writeNumbers } from './numbers.js';

const schema = z.object({
  kind: z.literal('quantile'),
  column: z.string(),
  output: z.enum(['normal', 'uniform']),
  /** Values at evenly spaced ranks of the training rows, ascending: the least, …, the largest. None if all are missing. */
  quantiles: z.array(z.number()),
  hasMissing: z.boolean(),
});

/** As many as scikit-learn keeps by default. */
const mostQuantiles = 1000;

/** Beyond these, ranks of 0 and 1 would be infinitely far out: ±5.2 deviations. */
const leastRank = 1e-7;

/**
 * The value's rank among the training rows, 0 to 1 (`uniform`), or the number that has this rank in a normal distribution
 * (`normal`, within ±5.2): outliers and skew no longer matter. Between two quantiles in proportion; where several are equal, the
 * middle of their ranks; beyond the training rows as at their ends. The middle where it is missing. As scikit-learn's
 * `QuantileTransformer`.
 */
export const quantile: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows, { output = 'normal' }) {
    const { name, values } = numberColumn(column, 'quantile');
    const known = knownValues(values, trainRows).sort();
    const hasMissing = known.length < trainRows.length;
    return { kind: 'quantile', column: name, output, quantiles: quantilesOf(known), hasMissing };
  },
  names: numberNames,
  write({ output, quantiles, hasMissing }, column, place) {
    const { values } = numberColumn(column, 'quantile');
    const [missing, scale] = output === 'uniform' ? [0.5, (rank: number) => rank] : [0, toNormal];
    writeNumbers(values, place, { hasMissing, missing }, (value) => scale(rankOf(value, quantiles)));
  },
};

function toNormal(rank: number): number {
  return normalQuantile(Math.min(1 - leastRank, Math.max(leastRank, rank)));
}

/** @param sorted ascending, without NaN */
function quantilesOf(sorted: Float64Array): number[] {
  const count = Math.min(mostQuantiles, sorted.length);
  return Array.from({ length: count }, (_, index) => {
    const position = count === 1 ? 0 : (index / (count - 1)) * (sorted.length - 1);
    const below = Math.floor(position);
    const [low, high] = [sorted[below]!, sorted[Math.min(sorted.length - 1, below + 1)]!];
    const share = position - below;
    // a mean of the two, which cannot overflow; equal values stay what they are
    return low === high ? low : low * (1 - share) + high * share;
  });
}

/** 0 to 1; 0.5 where the column is constant or empty. */
function rankOf(value: number, quantiles: readonly number[]): number {
  const last = quantiles.length - 1;
  if (last < 0 || quantiles[0] === quantiles[last]) return 0.5;
  if (value < quantiles[0]!) return 0;
  if (value > quantiles[last]!) return 1;
  const first = firstAtLeast(quantiles, value);
  if (quantiles[first] === value) {
    let end = first;
    while (end < last && quantiles[end + 1] === value) end++;
    return (first + end) / 2 / last;
  }
  const [low, high] = [quantiles[first - 1]!, quantiles[first]!];
  return (first - 1 + (value / 2 - low / 2) / (high / 2 - low / 2)) / last;
}

/** Index of the first quantile that is not below `value`; there is one. */
function firstAtLeast(quantiles: readonly number[], value: number): number {
  let [low, high] = [0, quantiles.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (quantiles[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
