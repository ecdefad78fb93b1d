/**
 * The search distribution of CMA-ES and its update: Hansen 2016, "The CMA Evolution Strategy: A Tutorial"
 * (https://arxiv.org/abs/1604.00772), appendix A, with negative weights. The equations' numbers are the tutorial's.
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | n, λ, μ | coordinates; points of a generation; those with positive weights | counts |
 * | w | weights of the points, best first; the positive ones sum up to 1 | [λ] |
 * | μeff | 1 / Σ w² of the positive ones: how many points a weighted mean is worth | scalar |
 * | cσ, dσ | learning rate and damping of the step size | scalars |
 * | cc, c1, cμ | learning rates of the path, the rank-one and the rank-μ update | scalars |
 * | m, σ, C | mean, step size and covariance: points are drawn from N(m, σ² C) | [n], scalar, [n, n] |
 * | pσ, pc | evolution paths | [n] |
 * | B, D | eigenvectors of C as columns, roots of its eigenvalues | [n, n], [n] |
 */
import { symmetricEigen } from './eigen.js';

export interface Rates {
  readonly n: number;
  readonly lambda: number;
  readonly mu: number;
  readonly weights: Float64Array;
  readonly muEff: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cc: number;
  readonly c1: number;
  readonly cMu: number;
  /** E‖N(0, I)‖. */
  readonly chiN: number;
}

export interface Distribution {
  readonly mean: Float64Array;
  readonly sigma: number;
  readonly c: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
  /** Updates so far. */
  readonly generation: number;
  readonly b: Float64Array;
  readonly d: Float64Array;
}

/** Keeps a step size finite where the objective has no minimum. */
const sigmaAtMost = 1e32;

/** 4 + ⌊3 ln n⌋, equation 48. */
export function defaultLambda(n: number): number {
  return 4 + Math.floor(3 * Math.log(n));
}

/**
 * Table 1 of the tutorial.
 *
 * @param n at least 1
 * @param lambda at least 2
 */
export function ratesOf(n: number, lambda: number): Rates {
  const mu = Math.floor(lambda / 2);
  const raw = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const muEff = effective(raw.subarray(0, mu));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  // the small number is for large λ, as in the cmaes package
  const cMu = Math.min(1 - c1 - 1e-8, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff));
  const alpha = Math.min(1 + c1 / cMu, 1 + (2 * effective(raw.subarray(mu))) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
  const positive = raw.reduce((sum, w) => sum + Math.max(0, w), 0);
  const negative = raw.reduce((sum, w) => sum + Math.max(0, -w), 0);
  const cSigma = (muEff + 2) / (n + muEff + 5);
  return {
    n,
    lambda,
    mu,
    weights: raw.map((w) => (w >= 0 ? w / positive : (alpha * w) / negative)),
    muEff,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cc: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    c1,
    cMu,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** (Σ w)² / Σ w². */
function effective(weights: Float64Array): number {
  const sum = weights.reduce((total, w) => total + w, 0);
  return (sum * sum) / weights.reduce((total, w) => total + w * w, 0);
}

/** C = I around `mean`. */
export function initialDistribution(mean: Float64Array, sigma: number): Distribution {
  const n = mean.length;
  const identity = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  return {
    mean,
    sigma,
    c: identity,
    pathSigma: new Float64Array(n),
    pathC: new Float64Array(n),
    generation: 0,
    b: identity,
    d: new Float64Array(n).fill(1),
  };
}

/** m + σ B D z, for `z` standard normal. */
export function pointFrom({ mean, sigma, b, d }: Distribution, z: Float64Array): Float64Array {
  const n = mean.length;
  const scaled = z.map((value, i) => value * d[i]!);
  return mean.map((value, i) => value + sigma * product(b, n, i, scaled));
}

/** @param ranked λ points that were drawn from `before`, the best first */
export function updated(rates: Rates, before: Distribution, ranked: readonly Float64Array[]): Distribution {
  const { n, mu, weights, muEff, cSigma, dSigma, cc, chiN } = rates;
  const { mean, sigma, pathSigma, pathC } = before;
  const generation = before.generation + 1;
  const ys = ranked.map((x) => x.map((value, i) => (value - mean[i]!) / sigma));
  const yw = new Float64Array(n);
  for (let k = 0; k < mu; k++) for (let i = 0; i < n; i++) yw[i]! += weights[k]! * ys[k]![i]!;

  // 43: the step size grows where steps go on in the same direction
  const whitened = whiten(before, yw);
  const rate = Math.sqrt(cSigma * (2 - cSigma) * muEff);
  const nextPathSigma = pathSigma.map((value, i) => (1 - cSigma) * value + rate * whitened[i]!);
  const norm = Math.sqrt(squaredNorm(nextPathSigma));
  const nextSigma = sigma * Math.exp((cSigma / dSigma) * (norm / chiN - 1));

  // 45: hσ stalls the other path while the step size grows quickly
  const expected = norm / Math.sqrt(1 - (1 - cSigma) ** (2 * (generation + 1)));
  const h = expected < (1.4 + 2 / (n + 1)) * chiN ? 1 : 0;
  const rateC = h * Math.sqrt(cc * (2 - cc) * muEff);
  const nextPathC = pathC.map((value, i) => (1 - cc) * value + rateC * yw[i]!);

  const c = nextCovariance(rates, before, ys, nextPathC, (1 - h) * cc * (2 - cc));
  return {
    mean: mean.map((value, i) => value + sigma * yw[i]!),
    sigma: Math.min(nextSigma, sigmaAtMost),
    c,
    pathSigma: nextPathSigma,
    pathC: nextPathC,
    generation,
    ...decomposed(c, n),
  };
}

/** Equations 46 and 47. */
function nextCovariance(
  { n, weights, c1, cMu }: Rates,
  before: Distribution,
  ys: readonly Float64Array[],
  pathC: Float64Array,
  stalled: number,
): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const kept = 1 + c1 * stalled - c1 - cMu * total;
  // a bad point's weight is scaled by its length, so that C stays positive definite
  const scaled = ys.map((y, k) => {
    const w = weights[k]!;
    return cMu * (w >= 0 ? w : (w * n) / (squaredNorm(whiten(before, y)) + 1e-8));
  });
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = kept * before.c[i * n + j]! + c1 * pathC[i]! * pathC[j]!;
      for (const [k, y] of ys.entries()) sum += scaled[k]! * y[i]! * y[j]!;
      c[i * n + j] = sum;
      c[j * n + i] = sum;
    }
  }
  return c;
}

/** C^-½ y = B D⁻¹ Bᵀ y. */
function whiten({ b, d }: Distribution, y: Float64Array): Float64Array {
  const n = y.length;
  const rotated = d.map((root, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += b[k * n + i]! * y[k]!;
    return sum / root;
  });
  return y.map((_, i) => product(b, n, i, rotated));
}

function decomposed(c: Float64Array, n: number): { b: Float64Array; d: Float64Array } {
  const { values, vectors } = symmetricEigen(c, n);
  // what rounding made negative is as good as 0, but D⁻¹ has to exist
  return { b: vectors, d: values.map((value) => Math.sqrt(value > 0 ? value : 1e-8)) };
}

function product(matrix: Float64Array, n: number, row: number, vector: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += matrix[row * n + k]! * vector[k]!;
  return sum;
}

function squaredNorm(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}
