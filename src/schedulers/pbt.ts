/**
 * Population-based training, synchronous: Jaderberg et al. 2017, "Population based training of neural networks", section 3
 * and appendix A, https://arxiv.org/abs/1711.09846.
 *
 * Where this differs from the paper, and why:
 * - Members decide together, after the same number of steps, instead of each when it is ready: so the result does not depend
 *   on which of them was faster.
 * - How many members a quantile holds is rounded up, but never past half of them, as in Ray Tune
 *   (`python/ray/tune/schedulers/pbt.py`), so that results compare. The paper has populations of 10 to 80 and
 *   quantiles of 20 %, where the question does not arise.
 * - A member without a score is always replaced, also before `burnIn`: it has no state to go on from.
 */
import { foldIn, type Key, pick } from '../random/index.js';
import { explore } from './explore.js';
import type { PbtOptions } from './pbt-options.js';
import type { DecideInput, Decision, MemberReport, Scheduler } from './scheduler.js';

/**
 * Truncation selection: each of the worst `quantile` members copies one of the best, drawn uniformly, and explores (see
 * `explore`). All others go on.
 *
 * Ranks are by score; members with the same score by trial number, the lower one first. A score that is not finite counts as
 * none. The quantile is of the members that report, which may be fewer than the population. A member alone goes on.
 *
 * @param options as from `parsePbtOptions`, which checks them; `population` and `interval` are the study's to keep
 */
export function pbt(options: PbtOptions): Scheduler {
  return { name: 'pbt', synchronous: true, decide: (input) => decide(options, input) };
}

function decide(options: PbtOptions, input: DecideInput): Decision[] {
  const ranked = [...input.members].sort(byRank);
  const count = quantileCount(options.quantile, ranked.length);
  const parents = ranked.slice(0, count).filter(isHealthy);
  const key = foldIn(input.key, 'exploit', input.generation);
  return ranked
    .map((member, rank): Decision => {
      const { trial } = member;
      const last = rank >= ranked.length - count && member.steps >= options.burnIn;
      if (isHealthy(member) && !last) return { kind: 'continue', trial };
      if (parents.length === 0)
        return { kind: 'fail', trial, reason: 'no member has a score, so there is none to copy' };
      return exploit(options, input, foldIn(key, trial), member, parents);
    })
    .sort((a, b) => a.trial - b.trial);
}

function exploit(
  options: PbtOptions,
  { space }: DecideInput,
  key: Key,
  { trial, hyperparameters: own }: MemberReport,
  parents: readonly MemberReport[],
): Decision {
  const parent = pick(foldIn(key, 'parent'), parents);
  const explored = explore(space, foldIn(key, 'explore'), options, own, parent.hyperparameters);
  return { kind: 'exploit', trial, parent: parent.trial, ...explored };
}

/**
 * Members in the top, and in the bottom, quantile: `quantile` × `memberCount` rounded up, at least 1, and at most half of
 * them, so that the two never overlap: 0 for a member alone.
 */
export function quantileCount(quantile: number, memberCount: number): number {
  // 0.07 × 100 is 7.000000000000001, which is meant to be 7
  const share = Math.ceil(quantile * memberCount - 1e-9);
  return Math.min(Math.max(1, share), Math.floor(memberCount / 2));
}

function byRank(a: MemberReport, b: MemberReport): number {
  const [scoreA, scoreB] = [rankedScore(a), rankedScore(b)];
  return scoreA === scoreB ? a.trial - b.trial : scoreB > scoreA ? 1 : -1;
}

function rankedScore(member: MemberReport): number {
  return isHealthy(member) ? member.score : Number.NEGATIVE_INFINITY;
}

function isHealthy(member: MemberReport): member is MemberReport & { readonly score: number } {
  return Number.isFinite(member.score);
}
