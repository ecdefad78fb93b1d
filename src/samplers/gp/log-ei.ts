/**
 * The logarithm of the expected improvement, which has a gradient also where the improvement itself is 0 in floating point: LogEI
 * (Ament et al. 2023, equations 8 and 9, https://arxiv.org/abs/2310.20708).
 *
 * | symbol | meaning |
 * | --- | --- |
 * | h(z) | φ(z) + z Φ(z): the expected improvement of a standard normal over -z |
 * | μ, σ² | mean and variance of the loss at x |
 * | m | the loss to improve on; EI = σ h((m - μ) / σ) |
 */
import { erfcx, normalCdf, normalLogDensity } from '../normal.js';

const sqrtHalfPi = Math.sqrt(Math.PI / 2);

/** Where h(z) begins to lose digits by cancellation, and where its asymptotic series has all of them. */
const tailStart = -1;
const seriesStart = -100;

/** log h(z), for any finite z. */
export function logH(z: number): number {
  if (z > tailStart) return Math.log(Math.exp(normalLogDensity(z)) + z * normalCdf(z));
  return normalLogDensity(z) + Math.log(tail(z));
}

/** d log h(z) / dz = Φ(z) / h(z): about -z far below 0, 1 / z far above. */
export function logHSlope(z: number): number {
  if (z > tailStart) {
    const cdf = normalCdf(z);
    return cdf / (Math.exp(normalLogDensity(z)) + z * cdf);
  }
  const millsRatio = z < seriesStart ? (1 - tail(z)) / -z : sqrtHalfPi * erfcx(-z / Math.SQRT2);
  return millsRatio / tail(z);
}

/** h(z) / φ(z) = 1 + z Φ(z) / φ(z), for z below 0. */
function tail(z: number): number {
  if (z < seriesStart) {
    const q = 1 / (z * z);
    return q * (1 - q * (3 - 15 * q));
  }
  return 1 + z * sqrtHalfPi * erfcx(-z / Math.SQRT2);
}

/** log EI and its derivatives by mean and variance. */
export interface LogEi {
  value: number;
  byMean: number;
  byVariance: number;
}

/** @param out is returned, filled. `variance` is above 0. */
export function logEi(mean: number, variance: number, best: number, out: LogEi): LogEi {
  const sigma = Math.sqrt(variance);
  const z = (best - mean) / sigma;
  const slope = logHSlope(z);
  out.value = Math.log(sigma) + logH(z);
  out.byMean = -slope / sigma;
  out.byVariance = (1 - z * slope) / (2 * variance);
  return out;
}
