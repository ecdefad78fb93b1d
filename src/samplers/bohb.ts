/**
 * BOHB's sampler: TPE on the results of the highest budget of which there are enough.
 *
 * Falkner, Klein and Hutter 2018, "BOHB: robust and efficient hyperparameter optimization at scale", section 4 and
 * algorithm 2, https://proceedings.mlr.press/v80/falkner18a.html.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | b, D_b | a budget: a step that trials report at; the trials that reported at it |
 * | ρ | share of proposals that are drawn from the prior, 1/3 |
 * | q | share of the trials that count as good, 0.15 |
 * | N_min | least number of trials in each density, one more than there are parameters |
 * | N_s | candidates of a proposal, 64 |
 *
 * It goes with Hyperband or successive halving. The densities are those of `parzen.ts`, where the paper takes one
 * bandwidth a parameter (by Scott's rule) and widens it threefold for drawing; and good and bad trials never overlap.
 */
import { foldIn, uniform } from '../random/index.js';
import { type Hyperparameters, sampleSpace } from '../space/index.js';
import { errors } from './errors.js';
import { integerFrom, oneOf, parseOptions, probability, type Rules } from './options.js';
import type { Observation, ProposeInput, Sampler } from './sampler.js';
import type { Together } from './tpe-blocks.js';
import { proposeFrom } from './tpe-model.js';
import { Rows } from './tpe-rows.js';
import { splitTrials } from './tpe-split.js';

export interface BohbOptions {
  /** Share of the proposals that are drawn from the prior whatever is known, from 0 to 1. Default: 1/3. The paper's ρ. */
  readonly randomFraction: number;
  /** Share of a budget's trials that count as good, from 0 to 1. Default: 0.15. The paper's q. */
  readonly goodFraction: number;
  /** Least number of good and of bad trials: an integer, at least 1. Default: parameters + 1. The paper's N_min. */
  readonly minPoints: number | undefined;
  /** Candidates of a proposal. An integer, at least 1; default: 64. The paper's N_s. */
  readonly candidates: number;
  /** Which parameters are modelled together, as in TPE. Default: `joint`. */
  readonly together: Together;
}

const rules: Rules<BohbOptions> = {
  randomFraction: probability(1 / 3),
  goodFraction: probability(0.15),
  minPoints: { ...integerFrom(1), optional: true },
  candidates: integerFrom(1, 64),
  together: oneOf(['joint', 'group', 'independent'], 'joint'),
};

/**
 * Proposes from the reports of trials: those at the highest step that at least N_min + 2 trials have reached. A complete
 * trial's result is taken as of a step above all others where it has no reports. Trials that have not come so far, still
 * running ones too, count as bad ones only if they failed or run.
 *
 * Errors: SAMPLERS_OPTION…; when asked for a proposal, SAMPLERS_OBJECTIVE_COUNT, SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function bohbSampler(options?: Partial<BohbOptions>): Sampler {
  const given = parseOptions<BohbOptions>('bohb', rules, options);
  let rows: Rows | undefined;
  return {
    name: 'bohb',
    propose: (input: ProposeInput) => {
      const { space, key, history, objectiveCount } = input;
      if (objectiveCount !== 1) throw errors.SAMPLERS_OBJECTIVE_COUNT({ sampler: 'bohb', objectiveCount });
      if (rows?.space !== space) rows = new Rows(space);
      const minPoints = given.minPoints ?? rows.dimensions.length + 1;
      const trials = atHighestBudget(history, minPoints + 2);
      const isRandom = uniform(foldIn(key, 'random')) < given.randomFraction;
      if (trials === undefined || isRandom) return { hyperparameters: sampleSpace(space, foldIn(key, 'prior')) };
      const belowCount = (finished: number) => Math.max(minPoints, Math.floor(given.goodFraction * finished));
      const { below, weights, above } = splitTrials(trials, { objectiveCount, belowCount });
      const model = { below: below.map(valuesOf), weights, above: above.map(valuesOf) };
      return { hyperparameters: proposeFrom({ rows, key, ...model, ...given }) };
    },
  };
}

/**
 * The trials that reported at the highest step that at least `least` trials have reached, complete with what they
 * reported there, and those that failed or run without having come there. `undefined` if there is no such step.
 */
function atHighestBudget(history: readonly Observation[], least: number): readonly Observation[] | undefined {
  const reached = new Map<number, number>();
  for (const trial of history) {
    for (const step of lossByStep(trial).keys()) reached.set(step, (reached.get(step) ?? 0) + 1);
  }
  const budget = [...reached].reduce((most, [step, count]) => (count >= least ? Math.max(most, step) : most), 0);
  if (budget === 0) return undefined;
  return history.flatMap((trial) => {
    const loss = lossByStep(trial).get(budget);
    if (loss !== undefined) return [{ ...trial, status: 'complete', losses: [loss] }];
    return trial.status === 'running' || trial.status === 'failed' ? [trial] : [];
  });
}

/** What a trial is known to have reached, by step. */
function lossByStep({ status, losses, reports }: Observation): ReadonlyMap<number, number> {
  const isBare = reports.length === 0 && status === 'complete' && losses[0] !== undefined;
  return new Map(isBare ? [[Number.POSITIVE_INFINITY, losses[0]!]] : reports.map(({ step, loss }) => [step, loss]));
}

function valuesOf({ hyperparameters }: Observation): Hyperparameters {
  return hyperparameters;
}
