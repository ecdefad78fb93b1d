/**
 * Statistical tests of a fixed sample. Keys in the tests are fixed, so a test that passes once passes always; `failure` is
 * the probability with which a right generator would have failed when the key was chosen.
 */
const failure = 1e-6;

/** One minus `failure` of the standard normal distribution lies below this. */
const normalQuantile = 4.753424;

/** Upper `failure` point of chi-square (Wilson and Hilferty 1931: within 1 % for 5 degrees of freedom and more). */
export function chiSquareLimit(degrees: number): number {
  const variance = 2 / (9 * degrees);
  return degrees * (1 - variance + normalQuantile * Math.sqrt(variance)) ** 3;
}

/** Pearson's statistic of `counts` against equal expectations; `counts.length - 1` degrees of freedom. */
export function chiSquare(counts: ArrayLike<number>): number {
  const values = Array.from(counts);
  const expected = values.reduce((sum, count) => sum + count, 0) / values.length;
  return values.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Kolmogorov-Smirnov distance of a sample from the distribution function `cdf`. */
export function kolmogorovSmirnov(sample: readonly number[], cdf: (x: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const n = sorted.length;
  return sorted.reduce((most, x, i) => Math.max(most, cdf(x) - i / n, (i + 1) / n - cdf(x)), 0);
}

/** Upper `failure` point of the distance, for samples of some hundreds and more (Massart 1990: a bound for any size). */
export function kolmogorovSmirnovLimit(size: number): number {
  return Math.sqrt(-Math.log(failure / 2) / (2 * size));
}

/** Normal distribution function (Abramowitz and Stegun 7.1.26: within 1.5e-7). */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-z * z);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** How often each of 0 … `size` - 1 occurs. */
export function tally(values: Iterable<number>, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (const value of values) counts[value]!++;
  return counts;
}
