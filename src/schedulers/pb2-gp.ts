/**
 * A Gaussian process whose past fades: Parker-Holder, Nguyen and Roberts 2020, "Provably efficient online hyperparameter
 * optimization with population-based bandits", section 3, https://arxiv.org/abs/2002.02518; the kernel
 * is that of Bogunovic, Scarlett and Cevher 2016, "Time-varying Gaussian process bandit optimization", section 2,
 * https://arxiv.org/abs/1601.06650.
 *
 * k((x, t), (x', t')) = s² exp(-|x - x'|² / (2 l²)) (1 - ω)^(|t - t'| / 2)
 *
 * | symbol | meaning | shape or range |
 * | --- | --- | --- |
 * | x, t | a point, of coordinates of about [0, 1]; when it was, in rounds | [d], a number |
 * | y | what was seen there, standardised | [n] |
 * | l | lengthscale, the same for all coordinates | 0.05 to √½ |
 * | ω | how fast the past fades, a round: 0 never | 0 to 0.5 |
 * | η | variance of the noise, in units of s² | 1e-4 to 4 |
 * | s² | variance, by its closed form yᵀK⁻¹y / n for K of s = 1 | above 0 |
 * | L | Cholesky factor of K + ηI | [n, n], rows of i + 1 numbers |
 *
 * Where this differs from the authors' code (github.com/jparkerholder/PB2, on GPy) and Ray Tune's (`pb2_utils.py`, now on scikit-learn):
 * - Time counts in rounds, as in the paper; there as a share of the whole run, so that even its first results keep 0.7 of their weight at its end.
 * - The exponent has 2 l² in place of their l, which the authors hold at 1 and below: that is l = √½ here, a bound of the fit. A longer one says
 *   of every parameter that its best value lies at an end of its range.
 * - η is fitted, as by the authors; Ray's process takes results to be exact.
 * - s² has a closed form, and l, ω and η are found by a search without gradients, which is the same on every machine and needs no library.
 * - What is pending is added to the one process that there is; theirs fits a second one, to results of 0 there, for its deviation.
 */

/** A point in space and time. */
export interface Place {
  readonly x: readonly number[];
  readonly t: number;
}

/** What is fitted: ln l, ω and ln η. */
export interface Shape {
  readonly logLength: number;
  readonly omega: number;
  readonly logNoise: number;
}

const start: Shape = { logLength: Math.log(0.5), omega: 0.1, logNoise: Math.log(0.1) };
const bounds = {
  logLength: [Math.log(0.05), Math.log(Math.SQRT1_2)],
  omega: [0, 0.5],
  logNoise: [Math.log(1e-4), Math.log(4)],
} as const;
const firstStep: Shape = { logLength: Math.log(2), omega: 0.1, logNoise: Math.log(4) };
const names = ['logLength', 'omega', 'logNoise'] as const;
/** How often the search halves its steps before it ends. */
const halvings = 3;

/** A fitted process. Places that are pending make it surer near them, and leave its mean as it is. */
export class TimeVaryingGaussianProcess {
  /** ln of the marginal likelihood of y. */
  readonly logLikelihood: number;
  readonly #places: Place[];
  readonly #shape: Shape;
  /** Of the places that were fitted to, not the pending ones. */
  readonly #weights: Float64Array;
  readonly #variance: number;
  readonly #factor: Float64Array[];

  /**
   * Fits s² by marginal likelihood, and l, ω and η as well.
   *
   * @param places at least one
   * @param y one finite number for each, of mean 0 and about variance 1
   * @param shape l, ω and η where they are known; they are not fitted then
   */
  constructor(places: readonly Place[], y: readonly number[], shape?: Shape) {
    this.#places = [...places];
    const distances = places.map((a, i) => Float64Array.from(places.slice(0, i), (b) => squaredDistance(a.x, b.x)));
    const gaps = places.map((a, i) => Float64Array.from(places.slice(0, i), (b) => Math.abs(a.t - b.t)));
    const solve = (shape: Shape) => solveFor(shape, distances, gaps, y);
    this.#shape = shape ?? maximise((tried) => solve(tried).likelihood);
    const { likelihood, factor, weights, variance } = solve(this.#shape);
    this.logLikelihood = likelihood - (y.length / 2) * (1 + Math.log(2 * Math.PI));
    this.#factor = factor;
    this.#weights = weights;
    this.#variance = variance;
  }

  /** Adds a place whose result is awaited, as if it were to be what the process predicts there. */
  addPending(place: Place): void {
    const { row, rest } = this.#project(this.correlations(place));
    this.#factor.push(appended(row, Math.sqrt(Math.max(rest, 0) + Math.exp(this.#shape.logNoise))));
    this.#places.push(place);
  }

  /** How much each known place, also a pending one, says of `place`: 1 at itself. */
  correlations(place: Place): Float64Array {
    return this.#correlations(place.x, this.#fading(place.t));
  }

  /** Mean and standard deviation, in units of y, of what is at `x` at time `t`. */
  predictorAt(t: number): (x: readonly number[]) => { mean: number; deviation: number } {
    // the same for every x
    const fading = this.#fading(t);
    return (x) => {
      const k = this.#correlations(x, fading);
      let mean = 0;
      for (let i = 0; i < this.#weights.length; i++) mean += this.#weights[i]! * k[i]!;
      return { mean, deviation: Math.sqrt(Math.max(this.#project(k).rest, 0) * this.#variance) };
    };
  }

  #fading(t: number): Float64Array {
    const { omega } = this.#shape;
    return Float64Array.from(this.#places, (place) => (1 - omega) ** (Math.abs(t - place.t) / 2));
  }

  #correlations(x: readonly number[], fading: Float64Array): Float64Array {
    const scale = -0.5 * Math.exp(-2 * this.#shape.logLength);
    const k = new Float64Array(fading.length);
    for (let i = 0; i < k.length; i++) k[i] = Math.exp(scale * squaredDistance(x, this.#places[i]!.x)) * fading[i]!;
    return k;
  }

  /** L⁻¹k, and what of a variance of 1 is left when k is known. */
  #project(k: Float64Array): { row: Float64Array; rest: number } {
    const row = forward(this.#factor, k);
    let rest = 1;
    for (let i = 0; i < row.length; i++) rest -= row[i]! ** 2;
    return { row, rest };
  }
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

interface Solution {
  /** ln of the marginal likelihood, without its constant. */
  readonly likelihood: number;
  readonly factor: Float64Array[];
  /** (K + ηI)⁻¹ y. */
  readonly weights: Float64Array;
  readonly variance: number;
}

function solveFor(
  { logLength, omega, logNoise }: Shape,
  distances: readonly Float64Array[],
  gaps: readonly Float64Array[],
  y: readonly number[],
): Solution {
  const scale = -0.5 * Math.exp(-2 * logLength);
  const fade = 0.5 * Math.log1p(-omega);
  const rows = distances.map((row, i) => {
    const kernel = row.map((distance, j) => Math.exp(scale * distance + fade * gaps[i]![j]!));
    return appended(kernel, 1 + Math.exp(logNoise));
  });
  const factor = cholesky(rows);
  const half = forward(factor, Float64Array.from(y));
  const weights = backward(factor, half);
  const variance = Math.max(half.reduce((sum, x) => sum + x * x, 0) / y.length, 1e-12);
  const logDeterminant = factor.reduce((sum, row, i) => sum + 2 * Math.log(row[i]!), 0);
  return { likelihood: -0.5 * (y.length * Math.log(variance) + logDeterminant), factor, weights, variance };
}

/** Compass search: a step along one coordinate where it helps, steps half as long where none does. */
function maximise(likelihood: (shape: Shape) => number): Shape {
  let [best, value] = [start, likelihood(start)];
  let step = 1;
  for (let halved = 0; halved < halvings; ) {
    const before = value;
    for (const name of names) {
      for (const sign of [-1, 1]) {
        const [low, high] = bounds[name];
        const moved = Math.min(high, Math.max(low, best[name] + sign * step * firstStep[name]));
        const tried = { ...best, [name]: moved };
        const triedValue = moved === best[name] ? value : likelihood(tried);
        if (triedValue > value) [best, value] = [tried, triedValue];
      }
    }
    // written so that NaN, too, ends the search
    if (!(value > before + 1e-3)) {
      step /= 2;
      halved++;
    }
  }
  return best;
}

/** The lower triangular L with LLᵀ = A, for the rows of A's lower triangle; A + ηI is positive definite by η. */
export function cholesky(rows: readonly Float64Array[]): Float64Array[] {
  const factor: Float64Array[] = [];
  for (const row of rows) {
    const solved = forward(factor, row.subarray(0, -1));
    const left = solved.reduce((rest, x) => rest - x * x, row.at(-1)!);
    factor.push(appended(solved, Math.sqrt(Math.max(left, 1e-12))));
  }
  return factor;
}

/** Solves Lz = b. */
function forward(factor: readonly Float64Array[], b: Float64Array): Float64Array {
  const z = new Float64Array(b.length);
  for (let i = 0; i < b.length; i++) {
    const row = factor[i]!;
    let left = b[i]!;
    for (let j = 0; j < i; j++) left -= row[j]! * z[j]!;
    z[i] = left / row[i]!;
  }
  return z;
}

/** Solves Lᵀz = b. */
function backward(factor: readonly Float64Array[], b: Float64Array): Float64Array {
  const z = Float64Array.from(b);
  for (let i = b.length - 1; i >= 0; i--) {
    const row = factor[i]!;
    z[i] = z[i]! / row[i]!;
    for (let j = 0; j < i; j++) z[j] = z[j]! - row[j]! * z[i]!;
  }
  return z;
}

function appended(row: Float64Array, last: number): Float64Array {
  const longer = new Float64Array(row.length + 1);
  longer.set(row);
  longer[row.length] = last;
  return longer;
}
