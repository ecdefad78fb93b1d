/** Taking in the decisions of a study that decides on its trials one by one. */
import type { Verdict } from '../schedulers/index.js';
import { countArrived, replace } from './apply-segment.js';
import { errors } from './errors.js';
import { joinFront } from './front.js';
import { hasSeveralObjectives } from './goals.js';
import type { ProposedRecord, ResumedRecord, VerdictRecord } from './records.js';
import { countsInOrder } from './settings.js';
import type { StudyState, TrialState } from './state.js';

export function applyProposed(state: StudyState, record: ProposedRecord): StudyState {
  const { trial, hyperparameters, toStep = null, note = null } = record;
  if (trial !== state.trials.length) {
    throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${trial} is proposed after ${state.trials.length} trials` });
  }
  const proposed: TrialState = {
    trial,
    hyperparameters,
    generation: 0,
    step: 0,
    status: 'ready',
    state: null,
    checkpoint: null,
    segments: [],
    trained: 0,
    copies: [],
    toStep,
    arrived: null,
    clock: state.now,
    resumedCount: 0,
    reason: null,
    note,
  };
  const log = countsInOrder(state.settings.strategy) ? [...state.log, record] : state.log;
  return { ...state, trials: [...state.trials, proposed], log };
}

export function applyResumed(state: StudyState, record: ResumedRecord): StudyState {
  const { trial: number, toStep } = record;
  const trial = state.trials[number];
  if (trial?.status !== 'paused') {
    throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${number} is resumed, but is ${trial?.status ?? 'unknown'}` });
  }
  const resumedCount = trial.resumedCount + 1;
  const resumed: TrialState = { ...trial, status: 'ready', toStep, clock: state.now, resumedCount };
  return { ...state, trials: replace(state, resumed), log: [...state.log, record] };
}

export function applyVerdict(state: StudyState, record: VerdictRecord): StudyState {
  const { trial, generation, verdicts } = record;
  let after = countArrived(state, trial, generation);
  for (const verdict of verdicts) {
    const judged = after.trials[verdict.trial];
    if (judged?.status !== (verdict.trial === trial ? 'reported' : 'paused')) {
      throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${verdict.trial} is judged out of turn` });
    }
    if (verdict.kind === 'complete' && hasSeveralObjectives(state.settings)) after = joinFront(after, judged);
    after = { ...after, trials: replace(after, judge(judged, verdict)) };
  }
  return { ...after, log: [...after.log, record] };
}

/** What is over has no state any more: the best one and the front are kept by the study. */
const dropped = { state: null, checkpoint: null } as const;

function judge(trial: TrialState, verdict: Verdict): TrialState {
  const generation = trial.generation + 1;
  switch (verdict.kind) {
    case 'continue':
      return { ...trial, generation, status: 'ready', toStep: verdict.toStep };
    case 'pause':
      return { ...trial, generation, status: 'paused' };
    case 'complete':
      return { ...trial, ...dropped, status: 'complete' };
    case 'stop': {
      const isLost = trial.segments.at(-1)?.outcome !== 'done';
      return { ...trial, ...dropped, status: isLost ? 'out' : 'stopped', reason: verdict.reason };
    }
    default:
      return verdict satisfies never;
  }
}
