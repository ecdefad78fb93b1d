/** Generations of NSGA-II: which trials are parents now, and how good each is. */
import { type Measured, totalViolations } from './feasibility.js';
import { crowdingDistances, nonDominatedSort } from './pareto.js';

/** A parent, with what it is compared by: lower rank first, then larger crowding distance. */
export interface Member {
  readonly trial: Measured;
  /** The front it lies in, from 0. */
  readonly rank: number;
  /** Within its front. */
  readonly crowding: number;
}

/** Whether `a` goes before `b` in the crowded comparison. Deb et al. 2002, section III-B. */
export function isBetter(a: Member, b: Member): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.crowding > b.crowding);
}

/**
 * Fronts under constraints: feasible trials by dominance; behind them the others, by what they violate in all, those that violate
 * the same in one front. Deb et al. 2002, section VI, definition 1.
 */
function constrainedFronts(trials: readonly Measured[]): number[][] {
  const violations = totalViolations(trials);
  const feasible = [...trials.keys()].filter((index) => violations[index] === 0);
  const fronts = nonDominatedSort(feasible.map((index) => trials[index]!.losses)).map((front) =>
    front.map((at) => feasible[at]!),
  );
  const infeasible = [...trials.keys()].filter((index) => violations[index]! > 0);
  const levels = [...new Set(infeasible.map((index) => violations[index]!))].sort((a, b) => (a < b ? -1 : 1));
  return [...fronts, ...levels.map((level) => infeasible.filter((index) => violations[index] === level))];
}

/** The best `count` of `trials`, or all; equal ones by their order. */
function selectBest(trials: readonly Measured[], count: number): readonly Member[] {
  const best: Member[] = [];
  for (const [rank, front] of constrainedFronts(trials).entries()) {
    if (best.length >= count) break;
    const crowding = crowdingDistances(front.map((index) => trials[index]!.losses));
    const members = front.map((index, at): Member => ({ trial: trials[index]!, rank, crowding: crowding[at]! }));
    const room = count - best.length;
    if (members.length > room)
      members.sort((a, b) => (a.crowding === b.crowding ? 0 : a.crowding > b.crowding ? -1 : 1));
    best.push(...members.slice(0, room));
  }
  return best;
}

interface Stage {
  readonly members: readonly Measured[];
  readonly parents: readonly Member[];
}

/** Follows the generations, remembering those that have not changed since it was asked last. */
export class Generations {
  #stages: readonly Stage[] = [];

  /**
   * The generation that a new trial belongs to, and its parents: none for generation 0. A generation is over as soon as
   * `population` of its trials are complete. Trials that complete later count when the next parents are chosen.
   *
   * @param trials complete ones, by trial number
   * @param generationOf of those that have one; others count as of generation 0
   */
  next(
    trials: readonly Measured[],
    generationOf: (trial: Measured) => number,
    population: number,
  ): { readonly generation: number; readonly parents: readonly Member[] } {
    const byGeneration = grouped(trials, generationOf);
    const stages: Stage[] = [];
    let isKnown = true;
    for (let members = byGeneration.get(0); members !== undefined && members.length >= population; ) {
      const [known, before] = [this.#stages[stages.length], stages.at(-1)?.parents ?? []];
      isKnown &&= known !== undefined && isSame(known.members, members);
      const pool = [...before.map(({ trial }) => trial), ...members];
      stages.push(isKnown ? known! : { members, parents: selectBest(pool, population) });
      members = byGeneration.get(stages.length);
    }
    this.#stages = stages;
    return { generation: stages.length, parents: stages.at(-1)?.parents ?? [] };
  }
}

function grouped(trials: readonly Measured[], generationOf: (trial: Measured) => number): Map<number, Measured[]> {
  const groups = new Map<number, Measured[]>();
  for (const trial of trials) {
    const generation = generationOf(trial);
    const group = groups.get(generation);
    if (group === undefined) groups.set(generation, [trial]);
    else group.push(trial);
  }
  return groups;
}

/** Whether choosing from them gives the same, also when they are other objects. */
function isSame(a: readonly Measured[], b: readonly Measured[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at] || isSameTrial(one, b[at]!));
}

function isSameTrial(a: Measured, b: Measured): boolean {
  return (
    a.trial === b.trial &&
    isSameList(a.losses, b.losses) &&
    isSameList(a.violations, b.violations) &&
    isSameList(Object.entries(a.hyperparameters).flat(), Object.entries(b.hyperparameters).flat())
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, at) => Object.is(one, b[at]));
}
