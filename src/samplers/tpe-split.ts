/**
 * Which trials TPE learns to be like (below the paper's y*), and which it learns to avoid (above).
 *
 * Bergstra et al. 2011, section 4 (https://papers.nips.cc/paper/4443); several objectives: Ozaki et al. 2022, section 3
 * (https://doi.org/10.1613/jair.1.13188); pruned trials and outcome constraints in Optuna's order.
 */
import { measured, totalViolations } from './feasibility.js';
import type { Observation } from './sampler.js';
import { bestSubset } from './tpe-subset.js';

interface Split {
  /** The best ones, best first. */
  readonly below: readonly Observation[];
  /** One for each of them, with mean 1. */
  readonly weights: Float64Array;
  /** By trial. */
  readonly above: readonly Observation[];
}

interface SplitOptions {
  readonly objectiveCount: number;
  /** How many are below, of so many that are finished: at least 1. */
  readonly belowCount: (finished: number) => number;
}

/** Whether something was learnt of the trial: it is complete or pruned. */
export function isFinished({ status }: Observation): boolean {
  return status === 'complete' || status === 'pruned';
}

/**
 * A tenth, rounded up; with one objective at most 25, as Optuna and hyperopt have it.
 *
 * Watanabe 2023 finds 0.1 to 0.15 best, which agrees with our measurements.
 */
export function tenth(objectiveCount: number): (finished: number) => number {
  return (finished) => Math.min(Math.ceil(0.1 * finished), objectiveCount === 1 ? 25 : Number.POSITIVE_INFINITY);
}

/**
 * Splits the trials. From the best: complete ones that satisfy the outcome constraints, by loss; pruned ones, those that
 * came farther first, then by their last loss; those that violate constraints, by how much. Failed trials are above,
 * where Optuna ignores them and so may go on failing in the same place. Running ones are above too, if they are given:
 * the liar of Optuna's `constant_liar`.
 */
export function splitTrials(trials: readonly Observation[], { objectiveCount, belowCount }: SplitOptions): Split {
  const complete = measured(trials, objectiveCount);
  const violations = totalViolations(complete);
  const pruned = trials.filter(({ status }) => status === 'pruned');
  const infeasible: (readonly [violation: number, trial: Observation])[] = [];
  const feasible = complete.filter((trial, at) => violations[at] === 0 || !infeasible.push([violations[at]!, trial]));
  // those of a trial that was stopped early are seldom known
  const feasiblePruned = pruned.filter((trial) => {
    const [violation = 0] = totalViolations([trial]);
    return violation === 0 || !infeasible.push([violation, trial]);
  });

  const count = belowCount(complete.length + pruned.length);
  const groups = [
    (wanted: number) => bestOf(feasible, objectiveCount, wanted),
    () => feasiblePruned.toSorted(byProgress),
    () => infeasible.sort(([a], [b]) => ascending(a, b)).map(([, trial]) => trial),
  ];
  const below: Observation[] = [];
  for (const best of groups)
    if (below.length < count) below.push(...best(count - below.length).slice(0, count - below.length));
  const chosen = new Set(below);
  const above = trials.filter((trial) => !chosen.has(trial));
  return {
    below,
    weights: objectiveCount === 1 ? rankWeights(below.length) : new Float64Array(below.length).fill(1),
    above,
  };
}

function bestOf(trials: readonly Observation[], objectiveCount: number, count: number): readonly Observation[] {
  if (objectiveCount === 1) return lowest(trials, count);
  const losses = trials.map((trial) => trial.losses);
  return bestSubset(losses, count).map((index) => trials[index]!);
}

/** The trials with the lowest loss, of equal ones the first; without sorting them all, since `count` is at most 25 of thousands. */
function lowest(trials: readonly Observation[], count: number): readonly Observation[] {
  const best: Observation[] = [];
  for (const trial of trials) {
    const loss = trial.losses[0]!;
    let at = best.length;
    while (at > 0 && best[at - 1]!.losses[0]! > loss) at--;
    if (at === count) continue;
    best.splice(at, 0, trial);
    if (best.length > count) best.pop();
  }
  return best;
}

/** As in Optuna: the one with more steps behind it, then the one with the lower loss; without reports last. */
function byProgress(a: Observation, b: Observation): number {
  const [last, other] = [a.reports.at(-1), b.reports.at(-1)];
  if (last === undefined || other === undefined) return (last === undefined ? 1 : 0) - (other === undefined ? 1 : 0);
  return other.step - last.step || ascending(last.loss, other.loss);
}

/** `a - b` would be NaN for two equal infinities. */
function ascending(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * Weights that fall with the rank: log(n + ½) - log(k) for k = 1 … n, scaled to mean 1.
 *
 * Watanabe 2023, section 3.2.3, weighs by expected improvement, y* - y. Weights by rank (those of Hansen's CMA-ES,
 * https://arxiv.org/abs/1604.00772, equation 49) do as well in our measurements, and any monotone transform of the
 * losses, an infinite one included, leaves them as they are.
 */
function rankWeights(count: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, at) => Math.log(count + 0.5) - Math.log(at + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight * count) / sum);
}
