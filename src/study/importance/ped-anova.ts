/**
 * PED-ANOVA: Watanabe, Bansal and Hutter 2023, "PED-ANOVA: efficiently quantifying hyperparameter importance in arbitrary
 * subspaces", https://arxiv.org/abs/2304.10255: how far the best trials' values of a parameter are spread
 * differently from all trials'.
 *
 * Conditional parameters: Baba, Ozaki and Watanabe 2026, "Conditional PED-ANOVA: hyperparameter importance in hierarchical & dynamic search
 * spaces", theorem 4.2, https://arxiv.org/abs/2601.20800: among the trials in which the parameter is active, weighted by how many of the best and
 * of all those are. Numbers as in Optuna 5.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | γ' | share of trials that count as the best: `quantile` |
 * | p_γ', p_γ | density of a parameter among the best, and among all |
 * | D | Pearson divergence of the two: Σ p_γ (p_γ' / p_γ - 1)² over a grid |
 * | α, β | share of the best trials, and of all, in which the parameter is active |
 */
import type { Hyperparameters, Parameter } from '../../space/index.js';
import { varies } from './columns.js';
import { densityOnGrid, gridOf } from './parzen-grid.js';

/** A trial and its place among the others: lower is better; equal ones are. */
export interface RankedTrial {
  readonly hyperparameters: Hyperparameters;
  readonly rank: number;
}

/** A parameter that fewer trials have says nothing. */
const leastTrials = 2;
/** So that no density is 0. */
const tiny = 1e-12;

/**
 * The importances of parameters, in their order, at least 0; they sum to nothing in particular.
 *
 * @param trials at least 2
 * @param quantile γ': above 0, below 1. Trials as good as the last of the best belong to them
 */
export function pedAnova(parameters: readonly Parameter[], trials: readonly RankedTrial[], quantile: number): number[] {
  const ranks = trials.map(({ rank }) => rank).sort((a, b) => a - b);
  const cutoff = ranks[Math.ceil(quantile * ranks.length) - 1]!;
  return parameters.map((parameter) => importance(parameter, trials, cutoff));
}

function importance(parameter: Parameter, trials: readonly RankedTrial[], cutoff: number): number {
  if (!varies(parameter)) return 0;
  const isBest = ({ rank }: RankedTrial) => rank <= cutoff;
  const active = trials.filter(({ hyperparameters }) => Object.hasOwn(hyperparameters, parameter.name));
  const best = active.filter(isBest);
  if (active.length < leastTrials || best.length === 0) return 0;
  const alpha = best.length / trials.filter(isBest).length;
  const beta = active.length / trials.length;
  return (alpha ** 2 / beta) * divergence(parameter, best, active);
}

/** D: 0 where the best are spread as all are. */
function divergence(parameter: Parameter, best: readonly RankedTrial[], active: readonly RankedTrial[]): number {
  const grid = gridOf(parameter);
  const count = (trials: readonly RankedTrial[]) => {
    const counts = new Float64Array(grid.size);
    for (const { hyperparameters } of trials) counts[grid.indexOf(hyperparameters[parameter.name]!)]!++;
    return densityOnGrid(counts, grid.isCategorical);
  };
  const [top, local] = [count(best), count(active)];
  return local.reduce(
    (sum, density, at) => sum + (density + tiny) * ((top[at]! + tiny) / (density + tiny) - 1) ** 2,
    0,
  );
}
