/**
 * Exploit, the first half of a decision in population-based training: who is replaced, and by a copy of whom. Jaderberg et al.
 * 2017, "Population based training of neural networks", section 3 and 4.1 to 4.3, https://arxiv.org/abs/1711.09846.
 */
import { foldIn, integer, type Key, pick } from '../random/index.js';
import { type Healthy, isHealthy, type Ranking } from './ranking.js';
import type { LineageEntry, MemberReport } from './scheduler.js';
import { mean, welchTest } from './welch.js';

/**
 * - `truncation`: each of the worst `quantile` copies one of the best, drawn uniformly.
 * - `tournament`: each draws one other, uniformly, and copies it if its score is higher (binary tournament).
 * - `ttest`: each draws one other, uniformly, and copies it if the mean of its last `window` scores is higher, and Welch's
 *   t-test on the two's last scores is significant. For noisy scores. The scores are those along a member's lineage.
 */
export type Exploit = 'truncation' | 'tournament' | 'ttest';

export interface SelectionOptions {
  readonly exploit: Exploit;
  readonly quantile: number;
  readonly burnIn: number;
  readonly window: number;
  readonly significance: number;
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

/**
 * Whom a member is replaced by; `null`: it goes on; `undefined`: it cannot go on, and there is nobody to copy.
 *
 * A member without a score is always replaced, by one that has one: it has no state to go on from. One with a score is not
 * before it has trained `burnIn` steps.
 *
 * @param key of all members of this decision, into which the trial is folded where something is drawn
 */
export type Select = (member: MemberReport, rank: number, key: Key) => Healthy | null | undefined;

/** The rule of `options` among these members. */
export function selection(options: SelectionOptions, { ranked, healthyCount }: Ranking): Select {
  const healthy = ranked.slice(0, healthyCount) as readonly Healthy[];
  const count = quantileCount(options.quantile, ranked.length);
  const best = options.exploit === 'truncation' ? healthy.slice(0, count) : healthy;
  return (member, at, key) => {
    if (!isHealthy(member)) return healthyCount === 0 ? undefined : pick(foldIn(key, member.trial, 'parent'), best);
    if (member.steps < options.burnIn) return null;
    if (options.exploit === 'truncation')
      return at >= ranked.length - count ? pick(foldIn(key, member.trial, 'parent'), best) : null;
    const other = drawOther(healthy, at, foldIn(key, member.trial, 'parent'));
    return other !== undefined && isBetter[options.exploit](other, member, options) ? other : null;
  };
}

const isBetter = {
  tournament: (other: Healthy, member: Healthy) => other.score > member.score,
  ttest: isSignificantlyBetter,
};

function isSignificantlyBetter(
  other: MemberReport,
  member: MemberReport,
  { window, significance }: SelectionOptions,
): boolean {
  const [others, own] = [lastScores(other.lineage, window), lastScores(member.lineage, window)];
  // one score says nothing of its variance
  if (own.length < 2 || others.length < 2 || mean(others) <= mean(own)) return false;
  return welchTest(others, own) < significance;
}

/** One of all but the member of this rank, each as likely; `undefined` if it is alone. */
function drawOther(healthy: readonly Healthy[], at: number, key: Key): Healthy | undefined {
  if (healthy.length < 2) return undefined;
  const drawn = integer(key, 0, healthy.length - 1);
  return healthy[drawn < at ? drawn : drawn + 1];
}

function lastScores(lineage: readonly LineageEntry[], window: number): number[] {
  return lineage.slice(-window).map(({ score }) => score);
}
