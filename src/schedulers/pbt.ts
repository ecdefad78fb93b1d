/**
 * Population-based training: Jaderberg et al. 2017, "Population based training of neural networks", section 3 and appendix A,
 * https://arxiv.org/abs/1711.09846.
 *
 * Where this differs from the paper, and why:
 * - Members decide together, after the same number of steps, instead of each when it is ready: so the result does not depend
 *   on which of them was faster. With `asynchronous` each decides when it is ready, as in the paper.
 * - How many members a quantile holds is rounded up, but never past half of them, as in Ray Tune
 *   (`python/ray/tune/schedulers/pbt.py`), so that results compare. The paper has populations of 10 to 80 and
 *   quantiles of 20 %, where the question does not arise.
 * - A member without a score is always replaced, also before `burnIn`: it has no state to go on from.
 */
import { explore } from './explore.js';
import type { PbtOptions } from './pbt-options.js';
import { decidePopulation, type Explorer } from './population.js';
import type { Scheduler } from './scheduler.js';

/**
 * Some members (see `Exploit`; by default the worst `quantile`) become copies of others and explore (see `explore`). All others
 * go on.
 *
 * Ranks are by score; members with the same score by trial number, the lower one first. A score that is not finite counts as
 * none. The quantile is of the members that report, which may be fewer than the population. A member alone goes on.
 *
 * @param options as from `parsePbtOptions`, which checks them; `population` and `interval` are the study's to keep
 */
export function pbt(options: PbtOptions): Scheduler {
  const explorer: Explorer = ({ space, frozen }, replaced) =>
    replaced.map(({ key, own, hyperparameters }) => explore(space, key, options, own, hyperparameters, frozen));
  return {
    name: 'pbt',
    synchronous: options.asynchronous !== true,
    decide: (input) => decidePopulation(options, input, explorer),
  };
}
