/** From trials to an acquisition function: targets, fits, fantasies, stand-ins for failed trials. */
import { foldIn, type Key, normal } from '../../random/index.js';
import { Acquisition, type ConstraintModel } from './acquisition.js';
import { type Embedding, pointOf } from './embedding.js';
import { fitKernel, type KernelHyperparameters } from './fit.js';
import { Posterior } from './posterior.js';
import { halfRankWarped, standardised } from './targets.js';
import { type Told, type Trials, thinned } from './trials.js';

export interface Model {
  readonly acquisition: Acquisition;
  readonly lengthscales: Float64Array;
  /** Genomes of the best feasible trials (or the best of all where none is), best first. */
  readonly incumbents: readonly Float64Array[];
}

/** Draws of what running trials will give: more change little (Snoek et al. 2012 use 10). */
const fantasyCount = 10;

/** Trials that hyperparameters are fitted to, at most: a fit is cubic in them, and has learnt them by then. */
const fittedAtMost = 80;
const fitEvaluations = 30;
const incumbentCount = 3;

/**
 * @param told of `trials` at least one
 * @param key of the fantasies
 */
export function buildModel(embedding: Embedding, { told, running, failed }: Trials, key: Key): Model {
  const { targets } = standardised(halfRankWarped(told.map(({ loss }) => loss)));
  const points = told.map(({ genome }) => pointOf(embedding, genome));
  const kernel = fittedKernel(embedding, told, targets);
  const constraints = constraintModels(embedding, told, points);
  // a failed trial stands for one as bad as the worst: nobody knows why, but it is not worth going there again
  const worst = targets.reduce((a, b) => Math.max(a, b));
  const posterior = new Posterior(
    [
      ...points,
      ...failed.map((genome) => pointOf(embedding, genome)),
      ...running.map((genome) => pointOf(embedding, genome)),
    ],
    Float64Array.from([...targets, ...failed.map(() => worst)]),
    fantasies(running.length, key),
    embedding.isCategorical,
    kernel,
  );
  const feasible = [...told.keys()].filter((at) => isFeasible(told[at]!, constraints.length));
  const ranked = (feasible.length > 0 ? feasible : [...told.keys()]).sort((a, b) => targets[a]! - targets[b]! || a - b);
  const firstRunning = told.length + failed.length;
  const candidates = [...feasible, ...running.map((_, at) => firstRunning + at)];
  return {
    acquisition: new Acquisition(posterior, feasible.length > 0 ? bestMeans(posterior, candidates) : null, constraints),
    lengthscales: kernel.theta.map((theta) => 1 / Math.sqrt(theta)),
    incumbents: ranked.slice(0, incumbentCount).map((at) => told[at]!.genome),
  };
}

function fittedKernel(embedding: Embedding, told: readonly Told[], targets: Float64Array): KernelHyperparameters {
  const kept = new Set(thinned(told, fittedAtMost));
  const at = [...told.keys()].filter((index) => kept.has(told[index]!));
  return fitKernel(
    at.map((index) => pointOf(embedding, told[index]!.genome)),
    Float64Array.from(at, (index) => targets[index]!),
    embedding.isCategorical,
    fitEvaluations,
  );
}

/** One fantasy where nothing runs: all of them would be the same. */
function fantasies(runningCount: number, key: Key): Float64Array[] {
  if (runningCount === 0) return [new Float64Array(0)];
  return Array.from({ length: fantasyCount }, (_, fantasy) =>
    Float64Array.from({ length: runningCount }, (_, at) => normal(foldIn(key, fantasy, at))),
  );
}

/** The lowest mean at one of the points, under each fantasy. The mean and not the target, which noise may have made low. */
function bestMeans(posterior: Posterior, candidates: readonly number[]): Float64Array {
  return Float64Array.from({ length: posterior.fantasyCount }, (_, fantasy) =>
    candidates.reduce((best, at) => Math.min(best, posterior.meanAt(at, fantasy)), Number.POSITIVE_INFINITY),
  );
}

/** One process for each outcome constraint, of the trials whose violations are known. */
function constraintModels(
  embedding: Embedding,
  told: readonly Told[],
  points: readonly Float64Array[],
): ConstraintModel[] {
  const count = told.reduce((most, { violations }) => Math.max(most, violations.length), 0);
  return Array.from({ length: count }, (_, constraint) => {
    const known = [...told.keys()].filter((at) => Number.isFinite(told[at]!.violations[constraint] ?? Number.NaN));
    const some = known.map((at) => told[at]!);
    const { targets, zero } = standardised(some.map(({ violations }) => violations[constraint]!));
    const posterior = new Posterior(
      known.map((at) => points[at]!),
      targets,
      [new Float64Array(0)],
      embedding.isCategorical,
      fittedKernel(embedding, some, targets),
    );
    return { posterior, limit: zero };
  });
}

function isFeasible({ violations }: Told, constraintCount: number): boolean {
  return violations.length === constraintCount && violations.every((violation) => violation <= 0);
}
