/** Mean and standard deviation of a column's rows. */
export interface Moments {
  readonly mean: number;
  /** Of the population (divided by the count); 0 where all values are equal, or there are none. */
  readonly deviation: number;
  /** Values that are not NaN. */
  readonly count: number;
}

/** Moments of the values in `rows`, without those that are NaN. No sum or square overflows. */
export function momentsOf(values: ArrayLike<number>, rows: Int32Array): Moments {
  let count = 0;
  let mean = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (Number.isNaN(value)) continue;
    count++;
    // A running mean never exceeds the values, as their sum may.
    mean += value / count - mean / count;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // Equal values have a mean that may differ from them in the last bit: their deviation would be noise.
  if (!(most > least)) return { mean: count > 0 ? least : 0, deviation: 0, count };
  return { mean, deviation: deviationFrom(mean, Math.max(most - mean, mean - least), values, rows, count), count };
}

/** Scaled by the largest difference, so that no square overflows or vanishes. */
function deviationFrom(
  mean: number,
  scale: number,
  values: ArrayLike<number>,
  rows: Int32Array,
  count: number,
): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (!Number.isNaN(value)) sum += ((value - mean) / scale) ** 2;
  }
  return scale * Math.sqrt(sum / count);
}
