import { apply, foldRecords, type StudyRecord, type StudyState } from '../study/index.js';

/** The study after one more record; `undefined` before the first. */
export function follow(state: StudyState | undefined, record: StudyRecord): StudyState {
  return state === undefined ? foldRecords([record]) : apply(state, record);
}

/** Segments that a trial goes through until its budget is used up. */
export function generationCount({ settings: { budget, strategy } }: StudyState): number {
  return Math.ceil(budget.steps / strategy.interval);
}

/** The generation that is being worked on, or the last one, counted from 1; 0 before the first. */
export function currentGeneration({ trials }: StudyState): number {
  return trials.reduce((most, { generation, status }) => (status === 'out' ? most : Math.max(most, generation + 1)), 0);
}

/** Trials with the best first: by their last score; those without one at the end, by number. */
export function ranked(state: StudyState): StudyState['trials'] {
  const score = ({ segments }: StudyState['trials'][number]) => segments.at(-1)?.score ?? Number.NEGATIVE_INFINITY;
  // not a difference: two infinite ones have none
  return [...state.trials].sort((a, b) => (score(a) === score(b) ? a.trial - b.trial : score(a) < score(b) ? 1 : -1));
}
