/**
 * The tree-structured Parzen estimator.
 *
 * Bergstra, Bardenet, Bengio and Kégl 2011, "Algorithms for hyper-parameter optimization", section 4,
 * https://papers.nips.cc/paper/4443; the parts and their settings: Watanabe 2023, "Tree-structured Parzen estimator:
 * understanding its algorithm components and their roles for better empirical performance",
 * https://arxiv.org/abs/2304.11127.
 *
 * | symbol | meaning | where |
 * | --- | --- | --- |
 * | γ | share of the trials that count as good | `tpe-split.ts` |
 * | l(x) | density of the good ones' hyperparameters | `parzen.ts` |
 * | g(x) | density of the others' | `parzen.ts` |
 *
 * The proposal is the candidate, of some that are drawn from l, with the largest l(x) / g(x) (`tpe-model.ts`).
 */
import { flag, integerFrom, oneOf, parseOptions, type Rules } from './options.js';
import type { Observation, ProposeInput, Sampler } from './sampler.js';
import type { Together } from './tpe-blocks.js';
import { proposeFrom } from './tpe-model.js';
import { Rows } from './tpe-rows.js';
import { isFinished, splitTrials, tenth } from './tpe-split.js';
import { startupPoint } from './tpe-startup.js';

export interface TpeOptions {
  /** Trials that must have finished (complete or pruned) before there is a model. An integer, at least 1; default: 10. */
  readonly startupTrials: number;
  /** Candidates of a proposal. An integer, at least 1; default: 24. */
  readonly candidates: number;
  /** Which parameters are modelled together: `joint`, `group` or `independent`. Default: `joint`. */
  readonly together: Together;
  /** Whether running trials count as bad ones, so that parallel trials keep apart. Default: `true`. */
  readonly constantLiar: boolean;
}

const rules: Rules<TpeOptions> = {
  startupTrials: integerFrom(1, 10),
  candidates: integerFrom(1, 24),
  together: oneOf(['joint', 'group', 'independent'], 'joint'),
  constantLiar: flag(true),
};

/**
 * TPE for one objective or several, conditional spaces, constraints, outcome constraints and trials in parallel.
 *
 * The first trials are a Latin hypercube. It uses complete and pruned trials, and those of another space as far as
 * their values are allowed in this one.
 *
 * Errors: SAMPLERS_OPTION…; when asked for a proposal, SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function tpeSampler(options?: Partial<TpeOptions>): Sampler {
  const { startupTrials, candidates, together, constantLiar } = parseOptions<TpeOptions>('tpe', rules, options);
  let rows: Rows | undefined;
  return {
    name: 'tpe',
    propose: (input: ProposeInput) => {
      const { space, key, history, objectiveCount } = input;
      if (history.filter(isFinished).length < startupTrials) {
        return { hyperparameters: startupPoint(input, startupTrials) };
      }
      const trials = constantLiar ? history : history.filter(({ status }) => status !== 'running');
      const { below, weights, above } = splitTrials(trials, { objectiveCount, belowCount: tenth(objectiveCount) });
      if (rows?.space !== space) rows = new Rows(space);
      const model = { below: below.map(valuesOf), weights, above: above.map(valuesOf) };
      return { hyperparameters: proposeFrom({ rows, key, ...model, together, candidates }) };
    },
  };
}

function valuesOf({ hyperparameters }: Observation) {
  return hyperparameters;
}
