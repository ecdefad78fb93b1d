/**
 * What a Gaussian process of a study's trials holds possible: the lowest loss that may be anywhere in the space, and the lowest that
 * some trial surely has.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | μ(x), σ(x) | mean and standard deviation of the function at x, see `posterior.ts` |
 * | lcb, ucb | μ - √β σ, μ + √β σ |
 */
import { type Key, sequence } from '../../random/index.js';
import type { Space } from '../../space/index.js';
import type { Observation } from '../sampler.js';
import { embed, pointOf } from './embedding.js';
import { fitKernel } from './fit.js';
import { isAllowed, randomGenome } from './maximise.js';
import { Posterior, type Prediction } from './posterior.js';
import { standardised } from './targets.js';
import { readTrials } from './trials.js';

/** In the unit of the losses' standard deviation. */
export interface ConfidenceBounds {
  /** The least lcb in the space: at a trial, or at one of the points drawn. */
  readonly lowest: number;
  /** The least ucb of a trial. */
  readonly surest: number;
  /** Of the losses that the process was fitted to; 0 where they are all the same. */
  readonly deviation: number;
}

const pointCount = 2048;
const fitEvaluations = 40;

/**
 * Bounds by a process that is fitted to these trials alone.
 *
 * @param observations complete trials with one loss
 * @param beta of the trials and dimensions there are
 * @returns `undefined` where nothing can be fitted: fewer than two trials, or nothing to tune
 */
export function confidenceBounds(
  space: Space,
  observations: readonly Observation[],
  key: Key,
  beta: (dimensionCount: number, trialCount: number) => number,
): ConfidenceBounds | undefined {
  const embedding = embed(space);
  const { told } = readTrials(embedding, observations);
  if (told.length < 2 || embedding.dimensions.length === 0) return undefined;
  const losses = told.map(({ loss }) => loss);
  const { targets } = standardised(losses);
  const points = told.map(({ genome }) => pointOf(embedding, genome));
  const kernel = fitKernel(points, targets, embedding.isCategorical, fitEvaluations);
  const posterior = new Posterior(points, targets, [new Float64Array(0)], embedding.isCategorical, kernel);
  const width = Math.sqrt(beta(embedding.dimensions.length, told.length));
  const out: Prediction = { means: new Float64Array(1), variance: 0 };
  const bound = (point: Float64Array, sign: -1 | 1) => {
    const { means, variance } = posterior.predict(point, out);
    return means[0]! + sign * width * Math.sqrt(variance);
  };
  const next = sequence(key);
  const drawn = Array.from({ length: pointCount }, () => randomGenome(embedding, next))
    .filter((genome) => isAllowed(embedding, genome))
    .map((genome) => pointOf(embedding, genome));
  return {
    lowest: Math.min(...[...points, ...drawn].map((point) => bound(point, -1))),
    surest: Math.min(...points.map((point) => bound(point, 1))),
    deviation: deviationOf(losses),
  };
}

function deviationOf(losses: readonly number[]): number {
  const finite = losses.filter(Number.isFinite);
  const mean = finite.reduce((sum, loss) => sum + loss, 0) / finite.length;
  return Math.sqrt(finite.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / finite.length);
}
