/**
 * The kernel's hyperparameters, as those of the largest posterior density (MAP): the marginal likelihood of Rasmussen and Williams 2006,
 * equations 2.30 and 5.9, times priors.
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | X, y | what was observed: points, standardised targets | [n, d], [n] |
 * | θ | inverse squared lengthscales | [d] |
 * | s | variance of the function | scalar |
 * | σ² | variance of the noise, at least `leastNoise` | scalar |
 * | C | s k(X, X) + σ² I | [n, n] |
 * | α | C⁻¹ y | [n] |
 * | w | what is optimised: log θ, log s, log(σ² - leastNoise) | [d + 2] |
 *
 * The priors are those of Optuna 5 (`_gp/prior.py`): exp(-0.1/θ - 0.1 θ) for each θ, Gamma(2, 1) for s, Gamma(1.1, 30) for σ²; shape, rate.
 */
import {
  cholesky,
  dot,
  inverseElement,
  inverseTransposed,
  logDeterminant,
  solveLower,
  solveUpper,
} from './cholesky.js';
import { type Differentiable, minimise } from './lbfgs.js';
import { pairDifferences } from './matern.js';

export interface KernelHyperparameters {
  readonly theta: Float64Array;
  readonly scale: number;
  readonly noise: number;
}

/** Keeps C positive definite where two points are the same. */
export const leastNoise = 1e-8;

/** Bounds of w that no data reach, so that a step of the line search does not overflow. */
const widest = 20;

/** log θ, the same for all, of which the likeliest is where the search starts: lengthscales from about 3 to about a tenth. */
const startLogThetas = [-2, 0, 2, 4.5] as const;
const startNoise = 1e-3;

/**
 * The hyperparameters of the largest posterior density.
 *
 * @param points at least one
 * @param targets about standardised: mean 0, variance 1
 * @param maxEvaluations of the likelihood, beside four to find a start
 */
export function fitKernel(
  points: readonly Float64Array[],
  targets: Float64Array,
  isCategorical: readonly boolean[],
  maxEvaluations: number,
): KernelHyperparameters {
  const loss = negativeLogPosterior(points, targets, isCategorical);
  const d = isCategorical.length;
  const options = {
    lower: new Float64Array(d + 2).fill(-widest),
    upper: new Float64Array(d + 2).fill(widest),
    maxEvaluations,
    gradientTolerance: 1e-2,
    valueTolerance: 1e-6,
  };
  const unused = new Float64Array(d + 2);
  const starts = startLogThetas.map((logTheta) => {
    const w = new Float64Array(d + 2).fill(logTheta, 0, d);
    w[d + 1] = Math.log(startNoise);
    return { w, value: loss(w, unused) };
  });
  const likeliest = starts.reduce((a, b) => (b.value < a.value ? b : a));
  return unpack(minimise(loss, likeliest.w, options).x);
}

function unpack(w: Float64Array): KernelHyperparameters {
  const d = w.length - 2;
  return {
    theta: w.slice(0, d).map(Math.exp),
    scale: Math.exp(w[d]!),
    noise: Math.exp(w[d + 1]!) + leastNoise,
  };
}

/** -log p(y | X, w) - log p(w) and its gradient by w, up to a constant; infinite where C is not positive definite. */
export function negativeLogPosterior(
  points: readonly Float64Array[],
  targets: Float64Array,
  isCategorical: readonly boolean[],
): Differentiable {
  const n = points.length;
  const pairs = (n * (n - 1)) / 2;
  const work: Work = {
    n,
    d: isCategorical.length,
    differences: pairDifferences(points, isCategorical),
    kernel: new Float64Array(pairs),
    slopes: new Float64Array(pairs),
    c: new Float64Array(n * n),
    u: new Float64Array(n * n),
    alpha: new Float64Array(n),
  };
  return (w, gradient) => {
    const hyperparameters = unpack(w);
    fillCovariance(work, hyperparameters);
    const { c, u, alpha } = work;
    if (!cholesky(c, n)) return Number.POSITIVE_INFINITY;
    alpha.set(targets);
    solveLower(c, n, alpha);
    const quadratic = dot(alpha, 0, alpha, 0, n);
    solveUpper(c, n, alpha);
    inverseTransposed(c, n, u);
    likelihoodGradient(work, hyperparameters, gradient);
    return 0.5 * (quadratic + logDeterminant(c, n)) + negativeLogPrior(hyperparameters, gradient);
  };
}

/** Of all pairs, in the order of `pairDifferences`: δ², k(r²), k′(r²); and what follows from them. */
interface Work {
  readonly n: number;
  readonly d: number;
  readonly differences: Float64Array;
  readonly kernel: Float64Array;
  readonly slopes: Float64Array;
  /** C, then L. */
  readonly c: Float64Array;
  readonly u: Float64Array;
  readonly alpha: Float64Array;
}

function fillCovariance(work: Work, { theta, scale, noise }: KernelHyperparameters): void {
  const { n, d, differences, kernel, slopes, c } = work;
  for (let i = 0, pair = 0, at = 0; i < n; i++) {
    for (let j = 0; j < i; j++, pair++) {
      let squared = 0;
      for (let k = 0; k < d; k++) squared += theta[k]! * differences[at++]!;
      const root = Math.sqrt(5 * squared);
      const decay = Math.exp(-root);
      kernel[pair] = (1 + root + (5 / 3) * squared) * decay;
      slopes[pair] = (-5 / 6) * (1 + root) * decay;
      c[i * n + j] = scale * kernel[pair]!;
    }
    c[i * n + i] = scale + noise;
  }
}

/** Equation 5.9: the derivative by any of them is ½ tr((C⁻¹ - α αᵀ) ∂C). Off the diagonal, each pair counts twice. */
function likelihoodGradient(work: Work, { theta, scale, noise }: KernelHyperparameters, gradient: Float64Array): void {
  const { n, d, u, alpha } = work;
  gradient.fill(0);
  let byScale = 0;
  let byNoise = 0;
  for (let i = 0; i < n; i++) {
    byScale += addRow(work, i, scale, gradient);
    byNoise += 0.5 * (inverseElement(u, n, i, i) - alpha[i]! * alpha[i]!);
  }
  for (let k = 0; k < d; k++) gradient[k]! *= theta[k]!;
  gradient[d] = (byScale + byNoise) * scale;
  gradient[d + 1] = byNoise * (noise - leastNoise);
}

/**
 * The part of the pairs (i, j < i): added to the gradient by θ; that by s is returned.
 *
 * A function of its own, because V8 compiled the loops in one anew at every call, for what follows them (2 to 3 times slower).
 */
function addRow(
  { n, d, differences, kernel, slopes, u, alpha }: Work,
  i: number,
  scale: number,
  gradient: Float64Array,
): number {
  let byScale = 0;
  let pair = (i * (i - 1)) / 2;
  let at = pair * d;
  for (let j = 0; j < i; j++, pair++) {
    const weight = inverseElement(u, n, i, j) - alpha[i]! * alpha[j]!;
    byScale += weight * kernel[pair]!;
    const slope = weight * scale * slopes[pair]!;
    for (let k = 0; k < d; k++) gradient[k]! += slope * differences[at++]!;
  }
  return byScale;
}

/** -log p(w) up to a constant; its gradient is added to `gradient`. */
function negativeLogPrior({ theta, scale, noise }: KernelHyperparameters, gradient: Float64Array): number {
  const d = theta.length;
  let value = 0;
  for (let k = 0; k < d; k++) {
    value += 0.1 / theta[k]! + 0.1 * theta[k]!;
    gradient[k]! += -0.1 / theta[k]! + 0.1 * theta[k]!;
  }
  value += scale - Math.log(scale);
  gradient[d]! += scale - 1;
  value += 30 * noise - 0.1 * Math.log(noise);
  gradient[d + 1]! += (30 - 0.1 / noise) * (noise - leastNoise);
  return value;
}
