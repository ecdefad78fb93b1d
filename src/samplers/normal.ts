/**
 * The standard normal distribution, accurate in both tails.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | φ(z), Φ(z) | density and distribution function |
 * | erfcx(x) | exp(x²) × erfc(x), which neither overflows nor vanishes for large x |
 *
 * erf by its series with positive terms (Abramowitz and Stegun 7.1.6), erfcx by Laplace's continued fraction (7.1.14).
 */

const logSqrtTwoPi = 0.5 * Math.log(2 * Math.PI);
const sqrtPi = Math.sqrt(Math.PI);

/** From here on 30 levels of the fraction reach full precision, and below it the series loses fewer than four digits. */
const seriesEnd = 2.5;
const fractionLevels = 30;

/** exp(x²) × erfc(x) for any x; overflows to infinity below about -26. Relative error below 1e-12 from 0 on. */
export function erfcx(x: number): number {
  if (x >= seriesEnd) return erfcxFraction(x);
  if (x <= -seriesEnd) return 2 * Math.exp(x * x) - erfcxFraction(-x);
  return Math.exp(x * x) - erfSeries(x);
}

/** exp(x²) × erf(x) = 2/√π Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)). */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / sqrtPi) * sum;
}

function erfcxFraction(x: number): number {
  let tail = x;
  for (let level = fractionLevels; level > 0; level--) tail = x + level / 2 / tail;
  return 1 / (sqrtPi * tail);
}

/** log φ(z). */
export function normalLogDensity(z: number): number {
  return -0.5 * z * z - logSqrtTwoPi;
}

/** Φ(z): the probability of a value below `z`; 0 and 1 at minus and plus infinity. */
export function normalCdf(z: number): number {
  if (z === Number.NEGATIVE_INFINITY) return 0;
  const tail = 0.5 * Math.exp(-0.5 * z * z) * erfcx(Math.abs(z) / Math.SQRT2);
  return z < 0 ? tail : 1 - tail;
}

/** log Φ(z), finite for every finite `z`. */
export function normalLogCdf(z: number): number {
  if (z > 0) return Math.log1p(-normalCdf(-z));
  return -0.5 * z * z + Math.log(0.5 * erfcx(-z / Math.SQRT2));
}

/** d log Φ(z) / dz = φ(z) / Φ(z), the inverse Mills ratio. */
export function normalHazard(z: number): number {
  return Math.exp(normalLogDensity(z) - normalLogCdf(z));
}

/**
 * Φ⁻¹(p): the value below which a share `p` lies. Minus and plus infinity at 0 and 1; NaN outside of them.
 *
 * Newton's method on log Φ, which is concave: from the left of the root it rises to it without overshooting.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  // Φ(z) < exp(-z²/2) / 2 for z < 0: left of the root
  let z = -Math.sqrt(-2 * Math.log(2 * p)) - 1e-9;
  const target = Math.log(p);
  for (let round = 0; round < 50; round++) {
    const step = (target - normalLogCdf(z)) / normalHazard(z);
    z += step;
    if (Math.abs(step) < 1e-14 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}
