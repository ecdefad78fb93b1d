/**
 * Bayesian optimisation with a Gaussian process (Jones et al. 1998, https://doi.org/10.1023/A:1008306431147): a Matérn 5/2
 * kernel with a lengthscale for each parameter, fitted anew for each proposal, and the point of the largest expected improvement.
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | X, y | points and standardised losses of the trials with a result | [trials, dimensions], [trials] |
 * | k, θ, s, σ² | kernel; its inverse squared lengthscales, variance, noise | see `gp/fit.ts` |
 * | μ(x), σ²(x) | mean and variance of the function at x given X, y | scalars, see `gp/posterior.ts` |
 * | EI(x) | expected improvement on the best mean so far | scalar, see `gp/log-ei.ts` |
 *
 * - Trials that run are fantasised: EI is averaged over draws of what they may give.
 * - Failed trials teach the kernel nothing, but stand for the worst loss seen where they were, and are not proposed again.
 * - Pruned trials count with their last report.
 * - Outcome constraints have a process each; EI is multiplied by the probability that all are satisfied.
 * - The space's constraints are respected by dropping points that break them.
 * - Conditional parameters: see `gp/embedding.ts`.
 * - The process knows at most 300 trials with a result (`gp/trials.ts`), and the kernel is fitted to at most 80 of them (`gp/model.ts`).
 */
import { foldIn, type Key, sequence } from '../random/index.js';
import { type Hyperparameters, sampleSpace } from '../space/index.js';
import { errors } from './errors.js';
import { type Embedding, embed, genomeOf, valuesAt } from './gp/embedding.js';
import { type Effort, Search } from './gp/maximise.js';
import { buildModel } from './gp/model.js';
import { spaceFilling } from './gp/space-filling.js';
import { readTrials, type Trials } from './gp/trials.js';
import { integerFrom, parseOptions, type Rules } from './options.js';
import type { ProposeInput, Sampler } from './sampler.js';

export interface GpOptions {
  /** Trials with a result before the first fit, spread over the space; at least 1. Default: 10. */
  readonly startupTrials: number;
}

const rules: Rules<GpOptions> = { startupTrials: integerFrom(1, 10) };

const effort: Effort = { candidates: 250, nearby: 150, searches: 5, evaluations: 40 };

/** Genomes closer than this in every continuous dimension are the same trial. */
const sameWithin = 1e-9;

/**
 * A sampler for tens to hundreds of trials that each cost much: on smooth objectives of up to about twenty parameters the one that
 * needs the fewest. One objective only.
 *
 * Errors: SAMPLERS_OPTION_…; SAMPLERS_OBJECTIVE_COUNT when proposing for several objectives.
 */
export function gpSampler(options?: Partial<GpOptions>): Sampler {
  const { startupTrials } = parseOptions('gp', rules, options);
  return {
    name: 'gp',
    propose: (input) => {
      const { objectiveCount } = input;
      if (objectiveCount !== 1) throw errors.SAMPLERS_OBJECTIVE_COUNT({ sampler: 'gp', objectiveCount });
      return { hyperparameters: propose(input, startupTrials) };
    },
  };
}

function propose({ space, key, history }: ProposeInput, startupTrials: number): Hyperparameters {
  const embedding = embed(space);
  if (embedding.dimensions.length === 0) return sampleSpace(space, key);
  const trials = readTrials(embedding, history);
  const genome =
    trials.told.length < startupTrials
      ? spaceFilling(embedding, [...genomes(trials)], sequence(foldIn(key, 'startup')))
      : mostPromising(embedding, trials, key);
  return genome === undefined ? sampleSpace(space, foldIn(key, 'prior')) : valuesAt(embedding, genome);
}

function* genomes({ told, running, failed }: Trials): Generator<Float64Array> {
  for (const { genome } of told) yield genome;
  yield* running;
  yield* failed;
}

/** `undefined` where nothing new was found that satisfies the space's constraints. */
function mostPromising(embedding: Embedding, trials: Trials, key: Key): Float64Array | undefined {
  const { acquisition, lengthscales, incumbents } = buildModel(embedding, trials, foldIn(key, 'fantasies'));
  const search = new Search(embedding, acquisition, lengthscales, sequence(foldIn(key, 'candidates')));
  const found = search.run(incumbents, effort);
  const seen = [...genomes(trials)].map((genome) => canonical(embedding, genome));
  return found.find(({ genome }) => {
    const own = canonical(embedding, genome);
    return !seen.some((other) => other.every((gene, at) => Math.abs(gene - own[at]!) < sameWithin));
  })?.genome;
}

/** The genome in which genes that are not active have one value. */
function canonical(embedding: Embedding, genome: Float64Array): Float64Array {
  return genomeOf(embedding, valuesAt(embedding, genome))!;
}
