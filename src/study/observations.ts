/** What samplers and stopping rules see of a study's trials. */
import type { Observation } from '../samplers/index.js';
import type { Hyperparameters } from '../space/index.js';
import { askTellGoals, lossesOf, violationsOf } from './goals.js';
import type { Goals, StudySettings } from './settings.js';
import type { StudyState, TrialState } from './state.js';
import { importedObservations } from './warm-start.js';

/**
 * A trial as samplers see it, as far as its results count. One that was paused counts as pruned with its last result, also when it
 * goes on: most paused trials are never resumed, and those that are, are the good ones, which a sampler must not take for bad ones as it
 * may take those that run.
 */
export function observationOf(goals: Goals, trial: TrialState): Observation {
  const { hyperparameters, segments, note } = trial;
  const reports = segments.flatMap(({ toStep, score }) => (score === null ? [] : [{ step: toStep, loss: 0 - score }]));
  const status = statusOf(trial);
  const last = segments.findLast(({ outcome }) => outcome === 'done');
  const hasResult = (status === 'complete' || status === 'pruned') && last !== undefined;
  const losses = hasResult ? lossesOf(goals, last.metrics) : [];
  const violations = hasResult ? violationsOf(goals, last.metrics) : [];
  return { trial: trial.trial, hyperparameters, status, losses, violations, reports, note };
}

function statusOf({ status, resumedCount }: TrialState): Observation['status'] {
  switch (status) {
    case 'complete':
      return 'complete';
    case 'stopped':
    case 'paused':
      return 'pruned';
    case 'out':
      return 'failed';
    case 'ready':
    case 'reported':
      return resumedCount > 0 ? 'pruned' : 'running';
    default:
      return status satisfies never;
  }
}

/** A trial that was proposed, of which nothing else is known. */
export function runningObservation(trial: number, hyperparameters: Hyperparameters): Observation {
  return { trial, hyperparameters, status: 'running', losses: [], violations: [], reports: [], note: null };
}

/** Trials of an earlier study, which come before a study's own. */
export function earlierObservations({ earlier, ...goals }: StudySettings): Observation[] {
  return earlier === undefined ? [] : importedObservations(askTellGoals(goals), earlier.trials);
}

/** Trials that are over, in the order in which that was decided. */
export function finishedTrials({ log, trials, settings }: StudyState): Observation[] {
  const seen = new Set<number>();
  for (const record of log) {
    if (record.kind !== 'verdict') continue;
    for (const { kind, trial } of record.verdicts) if (kind === 'stop' || kind === 'complete') seen.add(trial);
  }
  return [...seen].map((trial) => observationOf(settings, trials[trial]!));
}
