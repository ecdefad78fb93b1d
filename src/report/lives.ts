/** Who came from whom: a study's trials as lives that begin fresh or as a copy, and end when they are copied over. */
import type { Hyperparameters } from '../space/index.js';
import type { SegmentEntry, StudyState, TrialState } from '../study/index.js';

/** What a trial is from its beginning, or from a copy, until it is replaced. Its hyperparameters do not change meanwhile. */
export interface Life {
  readonly trial: number;
  /** First and last generation, counted from 0, both included. `to` is below `from` while its first segment is still to come. */
  readonly from: number;
  readonly to: number;
  readonly hyperparameters: Hyperparameters;
  /** Its segments that ended. */
  readonly segments: readonly SegmentEntry[];
  /** Whom it was copied from; `undefined` at the study's beginning. */
  readonly parent: Life | undefined;
  readonly children: readonly Life[];
  /** Whether it was not replaced. */
  readonly survives: boolean;
}

interface Growing extends Omit<Life, 'parent' | 'children'> {
  parent: Life | undefined;
  readonly children: Growing[];
}

/** The lives that began fresh, by trial; the others are their descendants, each parent's by generation and trial. */
export function familyTrees({ trials }: StudyState): Life[] {
  const lives = new Map<number, Growing[]>(trials.map((trial) => [trial.trial, livesOf(trial)]));
  const roots: Life[] = [];
  for (const trial of trials) {
    for (const [index, life] of lives.get(trial.trial)!.entries()) {
      const copy = index === 0 ? undefined : trial.copies[index - 1]!;
      if (copy === undefined) {
        roots.push(life);
        continue;
      }
      const { generation, parentGeneration = generation } = copy;
      const parent = lives.get(copy.parent)!.find(({ from, to }) => from <= parentGeneration && parentGeneration <= to);
      if (parent === undefined) continue;
      life.parent = parent;
      parent.children.push(life);
    }
  }
  for (const { children } of [...lives.values()].flat()) {
    children.sort((a, b) => a.from - b.from || a.trial - b.trial);
  }
  return roots;
}

function livesOf({ trial, copies, segments, hyperparameters, generation, status }: TrialState): Growing[] {
  const starts = [0, ...copies.map((copy) => copy.generation + 1)];
  return starts.map((from, index) => {
    const isLast = index === copies.length;
    const to = isLast ? (status === 'reported' ? generation : generation - 1) : copies[index]!.generation;
    const own = segments.filter((segment) => from <= segment.generation && segment.generation <= to);
    return {
      trial,
      from,
      to,
      hyperparameters: own[0]?.hyperparameters ?? hyperparameters,
      segments: own,
      parent: undefined,
      children: [],
      survives: isLast && status !== 'out',
    };
  });
}
