/**
 * The normal distribution cut to [0, 1] and to cells of it: what a Parzen kernel on the unit interval is.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | μ, σ | of the normal distribution before it is cut: μ in [0, 1], σ above 0 |
 * | z | (x - μ) / σ |
 * | Q(z) | probability above z, of the standard normal distribution |
 *
 * Q comes from a table with cubic Hermite interpolation (absolute error below 1e-11), since a proposal needs some ten
 * thousand of them; where it is small, from its asymptotic series (Abramowitz and Stegun 26.2.12).
 */
import { normalCdf, normalLogDensity } from './normal.js';

const nodesPerUnit = 128;
/** Q is below 1e-15 from here on. */
const tableEnd = 8;
/** From here on the relative error of the table is larger than that of the series, 3e-4. */
const tailStart = 5;
/** Cells narrower than this, in units of σ, are integrated by their midpoint and curvature. */
export const narrow = 1 / 8;

export const logSqrtTwoPi = 0.5 * Math.log(2 * Math.PI);

let table: Float64Array | undefined;

/** Q at the nodes, each followed by its slope per node. Made on first use: it takes half a millisecond. */
function makeTable(): Float64Array {
  const nodes = tableEnd * nodesPerUnit + 2;
  const made = new Float64Array(2 * nodes);
  for (let node = 0; node < nodes; node++) {
    const z = node / nodesPerUnit;
    made[2 * node] = normalCdf(-z);
    made[2 * node + 1] = -Math.exp(normalLogDensity(z)) / nodesPerUnit;
  }
  return made;
}

/** Q(z) for z of at least 0. */
function upperTail(z: number): number {
  if (z >= tableEnd) return 0;
  table ??= makeTable();
  const scaled = z * nodesPerUnit;
  const node = Math.floor(scaled);
  const t = scaled - node;
  const at = 2 * node;
  const [q0, slope0, q1, slope1] = [table[at]!, table[at + 1]!, table[at + 2]!, table[at + 3]!];
  const rise = q1 - q0;
  return q0 + t * (slope0 + t * (3 * rise - 2 * slope0 - slope1 + t * (slope0 + slope1 - 2 * rise)));
}

/** The probability of [low, high] under the standard normal distribution; `low` is at most `high`. Absolute error below 1e-11. */
export function normalMass(low: number, high: number): number {
  if (low >= 0) return upperTail(low) - upperTail(high);
  if (high <= 0) return upperTail(-high) - upperTail(-low);
  return 1 - upperTail(-low) - upperTail(high);
}

/** Its logarithm: to 1e-3 where it is above -120, and to 3e-2 however small it is; `low` is below `high`. */
export function normalLogMass(low: number, high: number): number {
  const width = high - low;
  if (width < narrow) return Math.log(width) - logSqrtTwoPi + narrowLogDensity((low + high) / 2, width);
  const near = Math.max(low, -high);
  if (near < tailStart) return Math.log(normalMass(low, high));
  const logNear = logUpperTail(near);
  const logFar = logUpperTail(near + width);
  return logNear + Math.log1p(-Math.exp(logFar - logNear));
}

/**
 * The logarithm of the mean of exp(-z²/2) over an interval narrower than `narrow`, by its middle and its width: without a logarithm,
 * since there are a hundred thousand of them in a proposal for integers.
 */
export function narrowLogDensity(middle: number, width: number): number {
  // log(sinh(y) / y) for y² = 6 × slope, which is how an exponential slope adds to the midpoint's density
  const slope = (middle * middle * width * width) / 24;
  return -0.5 * middle * middle + slope * (1 - 0.2 * slope) - (width * width) / 24;
}

/** log Q(z) for z of at least `tailStart`. */
function logUpperTail(z: number): number {
  const r = 1 / (z * z);
  return normalLogDensity(z) + Math.log((1 - r * (1 - r * (3 - r * (15 - r * 105)))) / z);
}

/** The share of the normal distribution that lies in [0, 1]: above 0.3 for μ in [0, 1] and σ of at most 1. */
export function massInUnit(mean: number, deviation: number): number {
  return normalMass(-mean / deviation, (1 - mean) / deviation);
}

/** The log density at 0 <= `x` <= 1. */
export function truncatedLogDensity(x: number, mean: number, deviation: number): number {
  return normalLogDensity((x - mean) / deviation) - Math.log(deviation * massInUnit(mean, deviation));
}

/**
 * A draw, by rejection: the polar method (as `normal` of `random/`) until a value lies in [0, 1]. At most three tries on
 * average for a mean in [0, 1] and a deviation of at most 1.
 *
 * @param next a stream of uniform floats in [0, 1)
 */
export function drawTruncated(mean: number, deviation: number, next: () => number): number {
  for (;;) {
    const x = 2 * next() - 1;
    const y = 2 * next() - 1;
    const s = x * x + y * y;
    if (s === 0 || s >= 1) continue;
    const drawn = mean + deviation * x * Math.sqrt((-2 * Math.log(s)) / s);
    if (drawn >= 0 && drawn <= 1) return drawn;
  }
}
