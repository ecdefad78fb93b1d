/**
 * Welch's t-test: whether two samples of different variances have the same mean. Welch 1947, "The generalization of Student's
 * problem when several different population variances are involved", https://doi.org/10.1093/biomet/34.1-2.28.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | t | difference of the means over its standard error |
 * | ν | degrees of freedom, by Welch and Satterthwaite |
 * | I(x; a, b) | regularised incomplete beta function |
 */

/**
 * The two-sided p-value, 0 to 1: how likely means at least as far apart are if the true ones are equal.
 *
 * @param a, b at least two finite numbers each. Where neither sample varies: 1 if they are equal, 0 if not.
 */
export function welchTest(a: readonly number[], b: readonly number[]): number {
  const [errorA, errorB] = [variance(a) / a.length, variance(b) / b.length];
  const difference = mean(a) - mean(b);
  const squaredError = errorA + errorB;
  if (squaredError === 0) return difference === 0 ? 1 : 0;
  // divided first, so that tiny variances do not underflow when they are squared
  const [shareA, shareB] = [errorA / squaredError, errorB / squaredError];
  const freedom = 1 / (shareA ** 2 / (a.length - 1) + shareB ** 2 / (b.length - 1));
  return studentTail(difference / Math.sqrt(squaredError), freedom);
}

export function mean(sample: readonly number[]): number {
  return sample.reduce((sum, x) => sum + x, 0) / sample.length;
}

function variance(sample: readonly number[]): number {
  const center = mean(sample);
  return sample.reduce((sum, x) => sum + (x - center) ** 2, 0) / (sample.length - 1);
}

/**
 * Probability that a t-distributed variable is at least as far from 0 as `t`: I(ν / (ν + t²); ν/2, 1/2), Abramowitz and Stegun
 * 1964, 26.7.1.
 *
 * @param freedom ν, above 0
 */
export function studentTail(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * I(x; a, b) by its continued fraction (Abramowitz and Stegun 1964, 26.5.8), which converges fast for x below
 * (a + 1) / (a + b + 2); above, by symmetry. To about 1e-13.
 *
 * @param x from 0 to 1, both included
 * @param a, b above 0
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return front * continuedFraction(x, a, b);
}

const tiny = 1e-300;
const awayFromZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);

/** Lentz's method as modified by Thompson and Barnett 1986, https://doi.org/10.1016/0021-9991(86)90046-X. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return fraction;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Coefficients for g = 7, n = 9. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x of at least 0.5: Lanczos 1964, https://doi.org/10.1137/0701008. */
function logGamma(x: number): number {
  const shifted = x - 1;
  const sum = lanczos.reduce(
    (total, coefficient, i) => (i === 0 ? coefficient : total + coefficient / (shifted + i)),
    0,
  );
  const base = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}
