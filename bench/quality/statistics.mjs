/** Medians with intervals, and whether one sample lies above another. */
import { foldIn, randomBits, seedKey } from '../../dist/src/random/index.js';

const resamples = 10_000;

export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The 95 % percentile bootstrap interval of the median (Efron 1979), by 10,000 resamples under a fixed key.
 *
 * @returns [low, high]
 */
export function medianInterval(values) {
  const bits = randomBits(foldIn(seedKey(0), 'bootstrap'), resamples * values.length);
  const medians = Float64Array.from({ length: resamples }, (_, resample) => {
    const from = resample * values.length;
    return median(values.map((_, at) => values[Math.floor((bits[from + at] / 2 ** 32) * values.length)]));
  }).sort();
  return [medians[resamples * 0.025], medians[resamples * 0.975]];
}

/**
 * The one-sided Mann–Whitney U test (1947) by the normal approximation, with the correction for ties and for continuity, as
 * SciPy has it for samples of this size.
 *
 * @returns the probability, if both come from one distribution, that `a` lies as far above `b` as it does; 0.5 and more where it does not
 */
export function mannWhitneyAbove(a, b) {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))];
  all.sort((x, y) => x.value - y.value);
  let [rankSum, ties] = [0, 0];
  for (let from = 0, to; from < all.length; from = to) {
    to = from + 1;
    while (to < all.length && all[to].value === all[from].value) to++;
    const firsts = all.slice(from, to).filter(({ first }) => first).length;
    rankSum += firsts * ((from + 1 + to) / 2);
    ties += (to - from) ** 3 - (to - from);
  }
  const [m, n, total] = [a.length, b.length, all.length];
  const u = rankSum - (m * (m + 1)) / 2;
  const deviation = Math.sqrt(((m * n) / 12) * (total + 1 - ties / (total * (total - 1))));
  return deviation === 0 ? 1 : normalAbove((u - (m * n) / 2 - 0.5) / deviation);
}

/**
 * The one-sided Wilcoxon signed-rank test (1945) of pairs, exact: every sign of every difference is as likely. Pairs without a difference are
 * left out, equal differences share their ranks.
 *
 * @param a, b the same number of values, each beside the one that it is compared with
 * @returns the probability, if neither tends to be above the other, that `a` lies as far above `b` as it does
 */
export function signedRankAbove(a, b) {
  const differences = a.map((value, at) => value - b[at]).filter((difference) => difference !== 0);
  const sizes = differences.map(Math.abs);
  // 0.04 - 0.0355 and 0.0415 - 0.037 differ in their last bit
  const isEqual = (x, y) => Math.abs(x - y) <= 1e-9 * Math.max(x, y);
  // twice the ranks: shared ones are whole, too
  const ranks = sizes.map((size) => {
    const equal = sizes.filter((other) => isEqual(other, size)).length;
    return 2 * sizes.filter((other) => other < size && !isEqual(other, size)).length + equal + 1;
  });
  const found = ranks.reduce((sum, rank, at) => sum + (differences[at] > 0 ? rank : 0), 0);
  return sumShares(ranks).reduce((total, share, sum) => (sum >= found ? total + share : total), 0);
}

/** By sum, the share of all choices among some whole numbers that have it. */
function sumShares(numbers) {
  const shares = new Float64Array(numbers.reduce((sum, one) => sum + one, 0) + 1);
  shares[0] = 1;
  for (const number of numbers) {
    for (let sum = shares.length - 1; sum >= 0; sum--) {
      shares[sum] = (shares[sum] + (sum >= number ? shares[sum - number] : 0)) / 2;
    }
  }
  return shares;
}

/** The normal distribution's tail, by the series of erf, and by its continued fraction where that has too many terms. */
function normalAbove(z) {
  if (z < 0) return 1 - normalAbove(-z);
  if (z > 4) {
    let fraction = z;
    for (let term = 60; term > 0; term--) fraction = z + term / fraction;
    return Math.exp((-z * z) / 2) / (fraction * Math.sqrt(2 * Math.PI));
  }
  let [term, total] = [z, z];
  for (let at = 1; at < 120; at++) {
    term *= (-z * z * (2 * at - 1)) / (2 * at * (2 * at + 1));
    total += term;
  }
  return 0.5 - total / Math.sqrt(2 * Math.PI);
}
