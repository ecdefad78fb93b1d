/**
 * Backtracking: when a population has collapsed, members go back to the best older checkpoints. The idea is that of PBT with
 * backtracking (PBT-BT) in Zhang, Rajan, Pineda, Lambert, Biedenkapp, Chua, Hutter and Calandra 2021, "On the importance of
 * hyperparameter optimization for model-based reinforcement learning", https://arxiv.org/abs/2102.13651; when it happens, and to
 * whom, is our own rule:
 *
 * A generation has collapsed if its best score is more than `tolerance` below the best one of all generations before
 * it. After `patience` collapsed generations in a row, those that go back do so at each decision until one has not collapsed.
 *
 * An asynchronous population has no generations in common. There as many results as it has members count as one, wherever they begin:
 * it has collapsed while each of the last `patience` × `population` results is more than `tolerance` below the best one before them.
 */
import type { PopulationOptions } from './population-options.js';
import type { DecideInput, HistoryEntry } from './scheduler.js';

export interface Backtrack {
  /** Generations in a row that must have collapsed: an integer, at least 1. Default: 3. */
  readonly patience: number;
  /** How far the best score may fall, in the objective's unit: at least 0. Default: 0. */
  readonly tolerance: number;
  /** How many of the best checkpoints are kept, of which each that goes back draws one: an integer, at least 1. Default: 1. */
  readonly checkpoints: number;
  /** Who goes back: the worst `quantile` (and who has no score), or everybody. Default: `worst`. */
  readonly who: 'worst' | 'all';
}

/** The state that a trial had at the end of one of its generations. */
export interface Checkpoint {
  readonly trial: number;
  readonly generation: number;
}

/**
 * The checkpoints that have to be kept so that members can go back to them: those of the best scores, best first; of the same
 * score the earlier generation, then the lower trial. What is among the best of a history was among the best ever since
 * it was recorded, so that whatever is not in this list can be dropped for ever.
 *
 * @param history in any order; scores that are not finite do not count
 * @param backtrack `undefined`: none has to be kept
 */
export function checkpointsToKeep<E extends HistoryEntry>(
  history: readonly E[],
  backtrack: Backtrack | undefined,
): readonly E[] {
  if (backtrack === undefined) return [];
  const best: E[] = [];
  for (const entry of history) {
    if (!Number.isFinite(entry.score)) continue;
    let at = best.length;
    while (at > 0 && isBetter(entry, best[at - 1]!)) at--;
    if (at === backtrack.checkpoints) continue;
    best.splice(at, 0, entry);
    if (best.length > backtrack.checkpoints) best.pop();
  }
  return best;
}

function isBetter(a: HistoryEntry, b: HistoryEntry): boolean {
  return (b.score - a.score || a.generation - b.generation || a.trial - b.trial) < 0;
}

/**
 * Whether the `patience` generations up to `generation` have all collapsed. One in which nobody had a score has. The first
 * generation cannot collapse, unless it is without any score.
 */
export function hasCollapsed(
  history: readonly HistoryEntry[],
  generation: number,
  { patience, tolerance }: Backtrack,
): boolean {
  const bests = bestByGeneration(history, generation);
  const first = generation - patience + 1;
  if (first < 0) return false;
  let before = Math.max(Number.NEGATIVE_INFINITY, ...bests.slice(0, first));
  for (const best of bests.slice(first)) {
    const collapsed = best === Number.NEGATIVE_INFINITY || best < before - tolerance;
    if (!collapsed) return false;
    before = Math.max(before, best);
  }
  return true;
}

/** The best finite score of each generation from 0 to `last`; minus infinity where there is none. */
function bestByGeneration(history: readonly HistoryEntry[], last: number): number[] {
  const bests = new Array<number>(last + 1).fill(Number.NEGATIVE_INFINITY);
  for (const { generation, score } of history) {
    if (generation <= last && Number.isFinite(score)) bests[generation] = Math.max(bests[generation]!, score);
  }
  return bests;
}

/**
 * Whether the last `count` results have all collapsed. Without a finite score before them they cannot have.
 *
 * @param history in the order in which results counted
 */
export function haveLastCollapsed(
  history: readonly HistoryEntry[],
  count: number,
  { tolerance }: Pick<Backtrack, 'tolerance'>,
): boolean {
  const first = history.length - count;
  let before = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < first; at++) {
    const { score } = history[at]!;
    if (Number.isFinite(score) && score > before) before = score;
  }
  if (before === Number.NEGATIVE_INFINITY) return false;
  return history.slice(first).every(({ score }) => !Number.isFinite(score) || score < before - tolerance);
}

/** What of a population's options says when members go back, and to what. */
type BacktrackOptions = Pick<PopulationOptions, 'backtrack' | 'population' | 'asynchronous'>;

/**
 * Where members go back to now: the kept checkpoints, best first; none unless the population has collapsed, or nobody has a
 * score. A checkpoint that a lineage says is no longer kept does not count.
 */
export function backtrackTargets(
  input: Pick<DecideInput, 'history' | 'members' | 'generation'>,
  { backtrack, population, asynchronous = false }: BacktrackOptions,
): readonly HistoryEntry[] {
  if (backtrack === undefined) return [];
  // not looked at before: putting them together may take longer than all the rest of a decision
  const { history, members, generation } = input;
  const alive = members.some(({ score }) => Number.isFinite(score));
  const collapsed = () =>
    asynchronous
      ? haveLastCollapsed(history, backtrack.patience * population, backtrack)
      : hasCollapsed(history, generation, backtrack);
  if (alive && !collapsed()) return [];
  const dropped = new Set<string>();
  for (const { lineage } of members) for (const entry of lineage) if (!entry.kept) dropped.add(nameOf(entry));
  return checkpointsToKeep(history, backtrack).filter((entry) => !dropped.has(nameOf(entry)));
}

function nameOf({ trial, generation }: Checkpoint): string {
  return `${trial}:${generation}`;
}
