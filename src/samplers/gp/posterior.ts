/**
 * A Gaussian process given what was observed (Rasmussen and Williams 2006, equations 2.23 and 2.24), and given fantasies of what is
 * still running (Snoek et al. 2012, section 3.2, https://arxiv.org/abs/1206.2944).
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | X, y | points with a target, first those observed, then those that run | [n, d], [n] |
 * | L, U | Cholesky factor of C = s k(X, X) + σ² I, and the transpose of its inverse | [n, n] |
 * | α⁽ᶠ⁾ | C⁻¹ y under fantasy f; they differ in what the running ones give | [fantasies][n] |
 * | k | covariance of the function at x with X | [n] |
 * | β | C⁻¹ k | [n] |
 */
import { cholesky, dot, inverseTransposed, solveUpper } from './cholesky.js';
import type { KernelHyperparameters } from './fit.js';
import { matern52 } from './matern.js';

export interface Prediction {
  /** Of the function, under each fantasy. */
  readonly means: Float64Array;
  /** Of the function, without noise; above 0. The same under all fantasies. */
  variance: number;
}

export class Posterior {
  readonly #isCategorical: readonly boolean[];
  readonly #kernel: KernelHyperparameters;
  readonly #n: number;
  /** X in units of the lengthscales, but the indices of unordered choices as they are: [n, d], row-major. */
  readonly #scaled: Float64Array;
  /** √θ, but θ for unordered choices. */
  readonly #units: Float64Array;
  /** L⁻¹ by rows. */
  readonly #inverse: Float64Array;
  readonly #alphas: Float64Array[];
  readonly #targets: Float64Array[];
  readonly #covariance: Float64Array;
  /** s k′ at the point that was predicted last. */
  readonly #slopes: Float64Array;
  readonly #beta: Float64Array;
  readonly #half: Float64Array;
  /** That point, scaled as X is. */
  readonly #x: Float64Array;

  /**
   * @param points those observed, then those that run; there may be none
   * @param targets of those observed
   * @param normals one list for each fantasy, at least one list: a standard normal number for each point that runs. The running
   *   points' targets are then draws from their joint posterior
   */
  constructor(
    points: readonly Float64Array[],
    targets: Float64Array,
    normals: readonly Float64Array[],
    isCategorical: readonly boolean[],
    kernel: KernelHyperparameters,
  ) {
    const n = points.length;
    this.#isCategorical = isCategorical;
    this.#kernel = kernel;
    this.#n = n;
    this.#units = kernel.theta.map((theta, k) => (isCategorical[k] ? theta : Math.sqrt(theta)));
    this.#x = new Float64Array(kernel.theta.length);
    this.#scaled = new Float64Array(n * kernel.theta.length);
    for (const [i, point] of points.entries()) {
      this.#scale(point);
      this.#scaled.set(this.#x, i * kernel.theta.length);
    }
    const l = this.#factor();
    const u = inverseTransposed(l, n);
    this.#inverse = transposed(u, n);
    const observed = targets.length;
    // L⁻¹ y begins with the observed targets' part; what follows is standard normal a priori
    const head = new Float64Array(n);
    for (let i = 0; i < observed; i++) head[i] = dot(this.#inverse, i * n, targets, 0, i + 1);
    this.#targets = [];
    this.#alphas = normals.map((normal) => {
      const half = head.slice();
      half.set(normal, observed);
      this.#targets.push(Float64Array.from(half, (_, i) => dot(l, i * n, half, 0, i + 1)));
      solveUpper(l, n, half);
      return half;
    });
    this.#covariance = new Float64Array(n);
    this.#slopes = new Float64Array(n);
    this.#beta = new Float64Array(n);
    this.#half = new Float64Array(n);
  }

  get fantasyCount(): number {
    return this.#alphas.length;
  }

  /** The mean at point `index` of X under fantasy `fantasy`. */
  meanAt(index: number, fantasy: number): number {
    return this.#targets[fantasy]![index]! - this.#kernel.noise * this.#alphas[fantasy]![index]!;
  }

  /** @param out is returned, filled; its `means` has as many elements as there are fantasies */
  predict(x: Float64Array, out: Prediction): Prediction {
    const { scale } = this.#kernel;
    const n = this.#n;
    const k = this.#covariance;
    const inverse = this.#inverse;
    const halves = this.#half;
    this.#scale(x);
    this.#fillCovariance();
    let explained = 0;
    for (let i = 0; i < n; i++) {
      const half = dot(inverse, i * n, k, 0, i + 1);
      halves[i] = half;
      explained += half * half;
    }
    for (let f = 0; f < this.#alphas.length; f++) out.means[f] = dot(this.#alphas[f]!, 0, k, 0, n);
    out.variance = Math.max(scale - explained, 1e-10 * scale);
    return out;
  }

  /** k and s k′ at the scaled point. */
  #fillCovariance(): void {
    const { scale } = this.#kernel;
    const k = this.#covariance;
    const slopes = this.#slopes;
    for (let i = 0; i < k.length; i++) {
      const root = Math.sqrt(5 * this.#squaredDistance(this.#x, i));
      const decay = scale * Math.exp(-root);
      k[i] = (1 + root + (root * root) / 3) * decay;
      slopes[i] = (-5 / 6) * (1 + root) * decay;
    }
  }

  /**
   * Adds the gradient by x of a function of the prediction at x, for the x that was predicted last.
   *
   * @param byMeans its derivative by each mean
   * @param byVariance and by the variance
   * @param sum nothing is added for unordered choices
   */
  addGradient(byMeans: Float64Array, byVariance: number, sum: Float64Array): void {
    this.#solveBeta();
    for (let i = 0; i < this.#n; i++) {
      let weight = -2 * byVariance * this.#beta[i]!;
      for (let f = 0; f < this.#alphas.length; f++) weight += byMeans[f]! * this.#alphas[f]![i]!;
      this.#addDirection(2 * weight * this.#slopes[i]!, i, sum);
    }
  }

  /** Adds `slope` times the way from point `i` of X to the scaled point. */
  #addDirection(slope: number, i: number, sum: Float64Array): void {
    const units = this.#units;
    const scaled = this.#scaled;
    const isCategorical = this.#isCategorical;
    const x = this.#x;
    const d = units.length;
    for (let k = 0, at = i * d; k < d; k++, at++) {
      if (!isCategorical[k]) sum[k]! += slope * units[k]! * (x[k]! - scaled[at]!);
    }
  }

  #scale(point: Float64Array): void {
    for (let k = 0; k < point.length; k++)
      this.#x[k] = this.#isCategorical[k] ? point[k]! : point[k]! * this.#units[k]!;
  }

  /** r² of a scaled point and point `i` of X. */
  #squaredDistance(x: Float64Array, i: number): number {
    const units = this.#units;
    const scaled = this.#scaled;
    const isCategorical = this.#isCategorical;
    const d = units.length;
    let sum = 0;
    for (let k = 0, at = i * d; k < d; k++, at++) {
      const difference = x[k]! - scaled[at]!;
      if (!isCategorical[k]) sum += difference * difference;
      else if (difference !== 0) sum += units[k]!;
    }
    return sum;
  }

  /** β = L⁻ᵀ (L⁻¹ k), from the half that `predict` left. */
  #solveBeta(): void {
    const n = this.#n;
    const beta = this.#beta;
    const inverse = this.#inverse;
    beta.fill(0);
    for (let i = 0; i < n; i++) addScaled(this.#half[i]!, inverse, i * n, i + 1, beta);
  }

  /** L, with as much noise added as it takes: rounding can make nearly equal points singular. */
  #factor(): Float64Array {
    const { scale, noise } = this.#kernel;
    const n = this.#n;
    const d = this.#units.length;
    for (let jitter = 0; ; jitter = jitter === 0 ? 1e-8 * scale : 10 * jitter) {
      const c = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        const x = this.#scaled.subarray(i * d, (i + 1) * d);
        for (let j = 0; j < i; j++) c[i * n + j] = scale * matern52(this.#squaredDistance(x, j));
        c[i * n + i] = scale + noise + jitter;
      }
      if (cholesky(c, n)) return c;
    }
  }
}

/** Adds `factor` times `count` elements of `a` to the first ones of `sum`. */
function addScaled(factor: number, a: Float64Array, from: number, count: number, sum: Float64Array): void {
  for (let j = 0; j < count; j++) sum[j]! += factor * a[from + j]!;
}

function transposed(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) out[j * n + i] = a[i * n + j]!;
  return out;
}
