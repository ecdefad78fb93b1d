/** Taking in how a segment ended. */
import type { Hyperparameters } from '../space/index.js';
import { errors } from './errors.js';
import { checkMetrics, hasSeveralObjectives, keepsBounds } from './goals.js';
import type { FailedRecord, SegmentRecord } from './records.js';
import { countsInOrder, type StudySettings } from './settings.js';
import type { BestSegment, Checkpoint, SegmentEntry, StudyState, TrialState } from './state.js';

export function replace(state: StudyState, trial: TrialState): readonly TrialState[] {
  return state.trials.with(trial.trial, trial);
}

export function applySegment(state: StudyState, record: SegmentRecord): StudyState {
  const trial = readyTrial(state, record);
  return countsInOrder(state.settings.strategy) ? arrive(state, trial, record) : countSegment(state, trial, record);
}

export function applyFailed(state: StudyState, record: FailedRecord): StudyState {
  const trial = readyTrial(state, record);
  return countsInOrder(state.settings.strategy) ? arrive(state, trial, record) : countFailed(state, trial, record);
}

/** It waits until it counts. */
function arrive(state: StudyState, trial: TrialState, record: SegmentRecord | FailedRecord): StudyState {
  return { ...state, trials: replace(state, { ...trial, status: 'reported', arrived: record }) };
}

/** Lets what arrived of a trial count. The virtual clock goes on to its time. */
export function countArrived(state: StudyState, number: number, generation: number): StudyState {
  const trial = state.trials[number];
  const arrived = trial?.arrived;
  if (!trial || !arrived || trial.generation !== generation) {
    throw errors.STUDY_JOURNAL_INVALID({
      why: `trial ${number}, generation ${generation}, is decided before it ended`,
    });
  }
  // a member without a score may have waited for somebody whom it can copy
  const clock = Math.max(state.now, dueAt(trial));
  const waited = { ...trial, arrived: null, toStep: null, clock };
  const counted =
    arrived.kind === 'segment' ? countSegment(state, waited, arrived) : countFailed(state, waited, arrived);
  return { ...counted, now: clock };
}

/** When, by the virtual clock, the segment ends that is `ready` or `reported`. */
export function dueAt({ clock, toStep, step }: TrialState): number {
  return clock + toStep! - step;
}

function readyTrial(state: StudyState, { trial, generation, kind }: SegmentRecord | FailedRecord): TrialState {
  const found = state.trials[trial];
  if (found?.status !== 'ready' || found.generation !== generation) {
    throw errors.STUDY_JOURNAL_INVALID({
      why: `"${kind}" of trial ${trial}, generation ${generation}, is out of turn`,
    });
  }
  return found;
}

/** The (first) objective's value of a segment's metrics, as a score that is higher the better it is. Errors: STUDY_METRIC_MISSING. */
export function scoreOf(settings: StudySettings, metrics: Readonly<Record<string, number>>): number {
  checkMetrics(settings, Object.keys(metrics));
  const { metric, direction } = settings.objective;
  const value = metrics[metric]!;
  return direction === 'maximize' ? value : -value;
}

function countSegment(state: StudyState, trial: TrialState, record: SegmentRecord): StudyState {
  const { generation, fromStep, toStep, seconds, outcome } = record;
  const common = { generation, fromStep, toStep, seconds, hyperparameters: trial.hyperparameters };
  if (outcome === 'diverged') {
    const entry: SegmentEntry = { ...common, outcome, score: null, loss: null, metrics: {}, message: record.message };
    return { ...state, trials: replace(state, reported(trial, entry, null)) };
  }
  const score = scoreOf(state.settings, record.metrics);
  const entry: SegmentEntry = { ...common, outcome, score, loss: record.loss, metrics: record.metrics };
  const checkpoint: Checkpoint = {
    trial: trial.trial,
    generation,
    fromStep,
    toStep,
    hyperparameters: trial.hyperparameters,
    before: trial.checkpoint?.score ?? null,
    score,
    state: record.state,
    previous: trial.checkpoint,
  };
  const trials = replace(state, { ...reported(trial, entry, checkpoint), step: toStep });
  const history = state.history.with(checkpoint);
  return { ...state, trials, history, best: better(state, record, score, trial.hyperparameters) };
}

function reported(trial: TrialState, entry: SegmentEntry, checkpoint: Checkpoint | null): TrialState {
  const state = checkpoint?.state ?? null;
  const trained = trial.trained + entry.toStep - entry.fromStep;
  return { ...trial, status: 'reported', state, checkpoint, segments: [...trial.segments, entry], trained };
}

/**
 * The better of the best so far and a segment that was done, if its outcomes keep within bounds. With several objectives only complete trials
 * count, which the front sees to. Ties go to the earlier generation, then to the lower trial,
 * so that the order in which workers finish does not matter.
 */
function better(
  { best, settings }: StudyState,
  record: SegmentRecord & { readonly outcome: 'done' },
  score: number,
  hyperparameters: Hyperparameters,
): BestSegment | null {
  if (hasSeveralObjectives(settings) || !keepsBounds(settings, record.metrics)) return best;
  const { trial, generation } = record;
  const value = record.metrics[settings.objective.metric]!;
  const candidate = { trial, generation, score, value, hyperparameters, state: record.state };
  if (best === null || score > best.score) return candidate;
  if (score < best.score) return best;
  const earlier = generation < best.generation || (generation === best.generation && trial < best.trial);
  return earlier ? candidate : best;
}

function countFailed(state: StudyState, trial: TrialState, record: FailedRecord): StudyState {
  const { generation, code, message } = record;
  const entry: SegmentEntry = {
    generation,
    hyperparameters: trial.hyperparameters,
    fromStep: trial.step,
    toStep: trial.step,
    outcome: 'failed',
    score: null,
    loss: null,
    metrics: {},
    seconds: 0,
    message: `${code}: ${message}`,
  };
  return { ...state, trials: replace(state, reported(trial, entry, null)) };
}
