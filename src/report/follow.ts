import { parseSpace, type Space } from '../space/index.js';
import {
  apply,
  countsInOrder,
  foldRecords,
  generationCount,
  keepsBounds,
  type StudyRecord,
  type StudySettings,
  type StudyState,
  type TrialState,
  type TrialStatus,
  trialCount,
} from '../study/index.js';
import { formatCount } from './format.js';

/** The study after one more record; `undefined` before the first. */
export function follow(state: StudyState | undefined, record: StudyRecord): StudyState {
  return state === undefined ? foldRecords([record]) : apply(state, record);
}

/** The generation that is being worked on, or the last one, counted from 1; 0 before the first. */
function currentGeneration({ trials }: StudyState): number {
  return trials.reduce((most, { generation, status }) => (status === 'out' ? most : Math.max(most, generation + 1)), 0);
}

/** How far the study is: `generation 3 of 20`, or `12 of 64 trials, 4 under way, 5 paused, 3 stopped`. */
export function describeStage(state: StudyState): string {
  const { settings, trials } = state;
  if (!countsInOrder(settings.strategy)) {
    return `generation ${currentGeneration(state)} of ${generationCount(state, spaceOf(settings))}`;
  }
  const counts = stages.flatMap(([statuses, name]) => {
    const count = trials.filter(({ status }) => statuses.includes(status)).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return [`${trials.length} of ${formatCount(trialCount(settings.strategy), 'trial')}`, ...counts].join(', ');
}

const stages: readonly (readonly [readonly TrialStatus[], string])[] = [
  [['ready', 'reported'], 'under way'],
  [['paused'], 'paused'],
  [['stopped'], 'stopped'],
  [['complete'], 'complete'],
  [['out'], 'failed'],
];

const spaces = new WeakMap<StudySettings, Space>();

function spaceOf(settings: StudySettings): Space {
  const known = spaces.get(settings) ?? parseSpace(settings.space, settings);
  spaces.set(settings, known);
  return known;
}

/** How a trial stands, in a word; empty where it goes on like all others. */
export function describeStatus({ status, resumedCount }: TrialState): string {
  switch (status) {
    case 'ready':
    case 'reported':
      return resumedCount > 0 ? 'resumed' : '';
    case 'out':
      return 'failed';
    default:
      return status;
  }
}

/** Trials with the best first: feasible ones, by their last score; those without one at the end, by number. */
export function ranked(state: StudyState): StudyState['trials'] {
  const score = ({ segments }: StudyState['trials'][number]) => segments.at(-1)?.score ?? Number.NEGATIVE_INFINITY;
  const breaks = ({ segments }: StudyState['trials'][number]) => {
    const last = segments.at(-1);
    return last?.outcome === 'done' && !keepsBounds(state.settings, last.metrics) ? 1 : 0;
  };
  return [...state.trials].sort((a, b) => {
    // not a difference: two infinite ones have none
    return breaks(a) - breaks(b) || (score(a) === score(b) ? a.trial - b.trial : score(a) < score(b) ? 1 : -1);
  });
}
