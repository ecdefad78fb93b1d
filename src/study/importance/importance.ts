/** How much each parameter mattered in a study. */
import { foldIn, type Key, seedKey } from '../../random/index.js';
import { nonDominatedSort, type Observation } from '../../samplers/index.js';
import type { Parameter, Space } from '../../space/index.js';
import { errors } from '../errors.js';
import { type Measure, varies } from './columns.js';
import { forestImportance } from './forest-importance.js';
import { pedAnova, type RankedTrial } from './ped-anova.js';

/** Shares by parameter, highest first; they sum to 1, or are none where the space tunes nothing. */
export type Importance = Readonly<Record<string, number>>;

export interface ImportanceOptions {
  /**
   * - `ped-anova` (default): what it takes to be among the best. Fast (milliseconds), and right for conditional parameters.
   * - `fanova`: what moves the objective anywhere in the space, each parameter alone. Wants trials that are spread, as by random
   *   search.
   * - `shapley`: what moves the objective at the trials that there were, interactions shared out: the mean of |φ| over at most 100 of
   *   them.
   *
   * The last two grow a forest of 64 trees.
   */
  readonly method?: 'ped-anova' | 'fanova' | 'shapley';
  /**
   * Which objective, from 0. Of several, `ped-anova` takes the Pareto front unless told, where the best are those of the first fronts; the
   * others have to be told. Default for one: 0.
   */
  readonly objective?: number;
  /** Of `ped-anova`: the share of trials that are the best. Above 0, below 1. Default: 0.1. */
  readonly quantile?: number;
  /** Of `fanova`: how long a stretch of a logarithmic range is. Default: `values`, which is Optuna's; the paper has `prior`. */
  readonly measure?: Measure;
}

/**
 * The importance of all parameters that are not fixed; one that has one value only has 0. If nothing was found to matter, all
 * matter alike.
 *
 * Complete trials with finite losses count, feasible or not. A parameter that is not active in all of them is judged among those in
 * which it is, and counts for their share of all trials.
 *
 * @param seed of the forest
 *
 * Errors: STUDY_IMPORTANCE_NOTHING for fewer than 2 such trials, STUDY_OPTION_INVALID, STUDY_OPTION_UNKNOWN.
 */
export function importanceOf(
  space: Space,
  observations: readonly Observation[],
  seed: number,
  options: ImportanceOptions,
): Importance {
  const parameters = space.parameters.filter(({ kind }) => kind !== 'fixed');
  const trials = usable(observations);
  const { method = 'ped-anova', objective, quantile = 0.1, measure = 'values' } = checked(options, observations);
  if (trials.length < 2) throw errors.STUDY_IMPORTANCE_NOTHING({ trials: trials.length });
  if (method === 'ped-anova') return shares(parameters, pedAnova(parameters, ranked(trials, objective), quantile));
  const key: Key = foldIn(seedKey(seed), 'importance');
  const targets = trials.map(({ losses }) => losses[objective ?? 0]!);
  const varying = parameters.filter(varies);
  const found = forestImportance(
    key,
    varying,
    trials.map(({ hyperparameters }) => hyperparameters),
    targets,
    method,
    measure,
  );
  return shares(
    parameters,
    parameters.map((parameter) => found[varying.indexOf(parameter)] ?? 0),
  );
}

function usable(observations: readonly Observation[]): Observation[] {
  return observations
    .filter(({ status, losses }) => status === 'complete' && losses.every(Number.isFinite))
    .sort((a, b) => a.trial - b.trial);
}

function ranked(trials: readonly Observation[], objective: number | undefined): RankedTrial[] {
  if (trials[0]!.losses.length > 1 && objective === undefined) {
    const rank = new Map<number, number>();
    for (const [front, members] of nonDominatedSort(trials.map(({ losses }) => losses)).entries()) {
      for (const member of members) rank.set(member, front);
    }
    return trials.map(({ hyperparameters }, at) => ({ hyperparameters, rank: rank.get(at)! }));
  }
  return trials.map(({ hyperparameters, losses }) => ({ hyperparameters, rank: losses[objective ?? 0]! }));
}

function shares(parameters: readonly Parameter[], importances: readonly number[]): Importance {
  const total = importances.reduce((sum, one) => sum + one, 0);
  const named = parameters.map(
    ({ name }, at) => [name, total > 0 ? importances[at]! / total : 1 / parameters.length] as const,
  );
  return Object.fromEntries(named.sort((a, b) => b[1] - a[1]));
}

const known = ['method', 'objective', 'quantile', 'measure'];
const methods: readonly unknown[] = ['ped-anova', 'fanova', 'shapley'];

function checked(options: ImportanceOptions, observations: readonly Observation[]): ImportanceOptions {
  const of = 'importance';
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw errors.STUDY_OPTION_UNKNOWN({ of, name: unknown, known });
  const { method = 'ped-anova', objective = 0, quantile = 0.1, measure = 'values' } = options;
  const objectiveCount = observations.find(({ status }) => status === 'complete')?.losses.length ?? 1;
  const invalid = (name: string, must: string, given: unknown) =>
    errors.STUDY_OPTION_INVALID({ of, name, must, given });
  if (!methods.includes(method)) throw invalid('method', `one of ${methods.join(', ')}`, method);
  if (!Number.isSafeInteger(objective) || objective < 0 || objective >= objectiveCount) {
    throw invalid('objective', `the number of an objective, from 0 and below ${objectiveCount}`, objective);
  }
  if (objectiveCount > 1 && method !== 'ped-anova' && options.objective === undefined) {
    throw invalid(
      'objective',
      `the number of an objective, from 0 and below ${objectiveCount}, for ${method}`,
      undefined,
    );
  }
  if (!(quantile > 0 && quantile < 1)) throw invalid('quantile', 'a number above 0 and below 1', quantile);
  if (measure !== 'values' && measure !== 'prior') throw invalid('measure', 'values or prior', measure);
  return options;
}
