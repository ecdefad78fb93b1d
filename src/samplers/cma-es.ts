/**
 * CMA-ES (Hansen 2016, https://arxiv.org/abs/1604.00772), with restarts, with a margin for discrete parameters (Hamano et al. 2022,
 * https://arxiv.org/abs/2205.13482), and categorical distributions for unordered choices. Notation: `cma-es/distribution.ts`.
 *
 * - Numbers and ordinal choices are coordinates, at the positions that `encode` gives them: logarithms on a log scale.
 * - The first mean is the middle of the space, or the best of the trials that were there before (enqueued, from an earlier study).
 * - A generation is closed by the first λ of its trials that end. Trials asked for meanwhile are drawn from it too, so that
 *   any number can run in parallel; what they give after that is not used.
 * - Failed trials are the worst of their generation; pruned ones count with their last report. Those that violate outcome constraints come
 *   after all that do not (Deb's rule).
 * - Conditional parameters: see `cma-es/coordinates.ts`.
 *
 * The state is computed from the history's notes, and only remembered to be faster.
 */
import { foldIn, type Key } from '../random/index.js';
import { type Space, sampleSpace } from '../space/index.js';
import { type Coordinates, coordinatesOf } from './cma-es/coordinates.js';
import { defaultLambda } from './cma-es/distribution.js';
import { draw } from './cma-es/draw.js';
import { type FoldSettings, fold, type Step, toNote } from './cma-es/generations.js';
import type { Restarts } from './cma-es/restarts.js';
import { errors } from './errors.js';
import { integerFrom, oneOf, parseOptions, type Rules } from './options.js';
import type { Proposal, ProposeInput, Sampler } from './sampler.js';

export interface CmaEsOptions {
  /** Trials of the first run's generations: λ, an integer, at least 4. Default: 4 + ⌊3 ln n⌋ for n parameters. */
  readonly population: number | undefined;
  /** The first step size, as a share of each parameter's range on its scale: above 0, at most 1. Default: 1/6. */
  readonly sigma: number;
  /** What follows when a run has converged. Default: `ipop`. */
  readonly restarts: Restarts;
}

const rules: Rules<CmaEsOptions> = {
  population: { ...(integerFrom(4) as Rules<CmaEsOptions>['population']), optional: true },
  sigma: {
    must: 'a number above 0 and at most 1, a share of the range',
    holds: (given) => typeof given === 'number' && given > 0 && given <= 1,
    byDefault: 1 / 6,
  },
  restarts: oneOf(['none', 'ipop', 'bipop'], 'ipop'),
};

/**
 * A sampler for hundreds to thousands of trials: the strongest on numeric parameters that depend on each other. One
 * objective only.
 *
 * Errors: SAMPLERS_OPTION_…; SAMPLERS_OBJECTIVE_COUNT when proposing for several objectives.
 */
export function cmaEsSampler(options?: Partial<CmaEsOptions>): Sampler {
  const checked = parseOptions('cmaEs', rules, options);
  let remembered: { space: Space; studyKey: Key; settings: FoldSettings; steps: Step[] } | undefined;
  const memoryFor = ({ space, studyKey }: ProposeInput) => {
    const key = remembered?.studyKey;
    if (remembered?.space !== space || key?.[0] !== studyKey[0] || key[1] !== studyKey[1]) {
      remembered = { space, studyKey, settings: settingsOf(checked, coordinatesOf(space), studyKey), steps: [] };
    }
    return remembered;
  };
  return {
    name: 'cmaEs',
    propose: (input) => {
      const { objectiveCount } = input;
      if (objectiveCount !== 1) throw errors.SAMPLERS_OBJECTIVE_COUNT({ sampler: 'cmaEs', objectiveCount });
      const { settings, steps } = memoryFor(input);
      return propose(input, settings, steps);
    },
  };
}

function settingsOf(
  { population, sigma, restarts }: CmaEsOptions,
  coordinates: Coordinates,
  studyKey: Key,
): FoldSettings {
  const { numbers, categories } = coordinates;
  // an unordered choice counts as many coordinates as its probabilities have degrees of freedom
  const freedom = categories.reduce((sum, { items }) => sum + items.length - 1, numbers.length);
  const lambda = population ?? defaultLambda(Math.max(1, freedom));
  return { coordinates, studyKey: foldIn(studyKey, 'cmaEs'), sigma, lambda, restarts };
}

function propose({ space, key, history }: ProposeInput, settings: FoldSettings, steps: Step[]): Proposal {
  const { coordinates } = settings;
  if (coordinates.numbers.length + coordinates.categories.length === 0) {
    return { hyperparameters: sampleSpace(space, key) };
  }
  const { generation, from, run } = fold(settings, history, steps);
  const { solution, hyperparameters } = draw(coordinates, run, key);
  return { hyperparameters, note: toNote({ generation, from, ...solution }) };
}
