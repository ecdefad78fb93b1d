/** What a proposal maximises: the log expected improvement over all fantasies, and the log probability of being feasible. */
import { normalHazard, normalLogCdf } from '../normal.js';
import { type LogEi, logEi } from './log-ei.js';
import type { Posterior, Prediction } from './posterior.js';

/** One outcome constraint: its process, and the standardised violation up to which it is satisfied. */
export interface ConstraintModel {
  readonly posterior: Posterior;
  readonly limit: number;
}

export class Acquisition {
  readonly #posterior: Posterior;
  readonly #bests: Float64Array | null;
  readonly #constraints: readonly ConstraintModel[];
  readonly #prediction: Prediction;
  readonly #one: Prediction = { means: new Float64Array(1), variance: 1 };
  readonly #byMeans: Float64Array;
  readonly #values: Float64Array;
  readonly #byOneMean = new Float64Array(1);
  readonly #ei: LogEi = { value: 0, byMean: 0, byVariance: 0 };

  /**
   * @param bests what to improve on under each fantasy; `null` where nothing feasible is known yet: then only feasibility counts
   * @param constraints each of their posteriors with one fantasy
   */
  constructor(posterior: Posterior, bests: Float64Array | null, constraints: readonly ConstraintModel[]) {
    this.#posterior = posterior;
    this.#bests = bests;
    this.#constraints = constraints;
    this.#prediction = { means: new Float64Array(posterior.fantasyCount), variance: 1 };
    this.#byMeans = new Float64Array(posterior.fantasyCount);
    this.#values = new Float64Array(posterior.fantasyCount);
  }

  /**
   * The value at `point`.
   *
   * @param gradient if given, is overwritten with the gradient
   */
  at(point: Float64Array, gradient?: Float64Array): number {
    gradient?.fill(0);
    const feasible = this.#logFeasible(point, gradient);
    return this.#bests === null ? feasible : feasible + this.#logImprovement(point, this.#bests, gradient);
  }

  /** log of the mean of EI over the fantasies, by the log-sum-exp of their logarithms. */
  #logImprovement(point: Float64Array, bests: Float64Array, gradient: Float64Array | undefined): number {
    const { means, variance } = this.#posterior.predict(point, this.#prediction);
    const count = means.length;
    let most = Number.NEGATIVE_INFINITY;
    for (let f = 0; f < count; f++) {
      this.#values[f] = logEi(means[f]!, variance, bests[f]!, this.#ei).value;
      most = Math.max(most, this.#values[f]!);
    }
    let sum = 0;
    for (let f = 0; f < count; f++) sum += Math.exp(this.#values[f]! - most);
    if (gradient !== undefined) {
      let byVariance = 0;
      for (let f = 0; f < count; f++) {
        const share = Math.exp(this.#values[f]! - most) / sum;
        const ei = logEi(means[f]!, variance, bests[f]!, this.#ei);
        this.#byMeans[f] = share * ei.byMean;
        byVariance += share * ei.byVariance;
      }
      this.#posterior.addGradient(this.#byMeans, byVariance, gradient);
    }
    return most + Math.log(sum / count);
  }

  /** Σ log Φ((limit - μ) / σ), Schonlau et al. 1998, as Optuna's LogCEI. */
  #logFeasible(point: Float64Array, gradient: Float64Array | undefined): number {
    let value = 0;
    for (const { posterior, limit } of this.#constraints) {
      const { means, variance } = posterior.predict(point, this.#one);
      const sigma = Math.sqrt(variance);
      const z = (limit - means[0]!) / sigma;
      value += normalLogCdf(z);
      if (gradient === undefined) continue;
      const slope = normalHazard(z);
      this.#byOneMean[0] = -slope / sigma;
      posterior.addGradient(this.#byOneMean, (-slope * z) / (2 * variance), gradient);
    }
    return value;
  }
}
