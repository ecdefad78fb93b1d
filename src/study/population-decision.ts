/** What a population decides on some of its members. */
import { foldIn, type Key, seedKey } from '../random/index.js';
import type { Sampler } from '../samplers/index.js';
import {
  type Decision,
  type ExploreFunction,
  type FidelityScheduler,
  type HistoryEntry,
  type MemberReport,
  noScheduler,
  pb2,
  pbt,
  type Scheduler,
} from '../schedulers/index.js';
import type { Space } from '../space/index.js';
import { scheduled } from './scheduled.js';
import { countsInOrder, type Strategy, type StudySettings } from './settings.js';
import type { StudyState, TrialState } from './state.js';

/** Functions of the user's own, which a journal can only name. */
export interface OwnFunctions {
  readonly explore?: ExploreFunction | undefined;
  readonly sampler?: Sampler | undefined;
  /** It has to be checked already: see `checkedScheduler`. */
  readonly scheduler?: FidelityScheduler | undefined;
}

interface Moment {
  /** The segment that just ended. */
  readonly generation: number;
  /** Steps behind the state that is furthest: what the schedule goes by. */
  readonly step: number;
  readonly members: readonly MemberReport[];
  /** Those to decide on. */
  readonly ready: readonly number[];
}

function schedulerOf(strategy: Strategy, own: OwnFunctions): Scheduler {
  switch (strategy.kind) {
    case 'pbt': {
      const { explore, ...options } = strategy;
      if (explore === undefined) return pbt(options);
      if (typeof explore === 'string') return pbt({ ...options, explore });
      if (own.explore === undefined) throw new Error('the function that explores has to be loaded first');
      return pbt({ ...options, explore: own.explore });
    }
    case 'pb2':
      return pb2(strategy);
    default:
      return noScheduler();
  }
}

export function studyKey({ seed }: Pick<StudySettings, 'seed'>): Key {
  return foldIn(seedKey(seed), 'study');
}

/** Steps that a trial has trained itself: as many as are behind its state, or more where it went back to an older one. */
export function trainedBy({ trained, step }: TrialState): number {
  return Math.max(step, trained);
}

/** One decision for each trial in `ready`, by trial number. */
export function decideMembers(
  state: StudyState,
  space: Space,
  { generation, step, members, ready }: Moment,
  own: OwnFunctions,
): readonly Decision[] {
  const { settings } = state;
  const { space: current, frozen } = scheduled(state, space, generation + 1, step);
  return schedulerOf(settings.strategy, own).decide({
    space: current,
    key: foldIn(studyKey(settings), 'decide'),
    generation,
    members,
    ready,
    frozen,
    get history() {
      return inOrder(state);
    },
  });
}

/**
 * In an order that no worker's speed changes: that in which results count, or, where a population decides together, by generation and
 * trial. Sorted only for whoever looks at it.
 */
function inOrder({ history, settings }: StudyState): readonly HistoryEntry[] {
  if (countsInOrder(settings.strategy)) return history.items;
  return [...history.items].sort((a, b) => a.generation - b.generation || a.trial - b.trial);
}
