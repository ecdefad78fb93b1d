/** How much each parameter mattered in a study of a sweep. What is judged depends on how it searched. */
import type { Observation } from '../../samplers/index.js';
import { parseSpace } from '../../space/index.js';
import { lossesOf, objectivesOf } from '../goals.js';
import type { ObjectiveState } from '../objective/state.js';
import { observationOf } from '../observations.js';
import { isPopulation, type StudySettings } from '../settings.js';
import type { Checkpoint, StudyState, TrialState } from '../state.js';
import { type Importance, type ImportanceOptions, importanceOf } from './importance.js';

export interface StudyImportance {
  /** `trials`: complete ones, by their result. `segments`: those of a population, by their gain. */
  readonly judged: 'trials' | 'segments';
  /** How many were judged, at least 2. */
  readonly count: number;
  readonly shares: Importance;
}

type Options = Pick<ImportanceOptions, 'method'>;

/**
 * Of a study that trains a model. Members of a population change their hyperparameters while they train, and each has its best results at its
 * end, so it is their segments that are judged: each with the hyperparameters that it trained with, by how its gain in score ranks among those
 * of the same generation.
 *
 * Errors: STUDY_IMPORTANCE_NOTHING for fewer than 2 trials or segments with a result.
 */
export function studyImportance({ settings, trials, history }: StudyState, options: Options): StudyImportance {
  const space = parseSpace(settings.space, settings);
  const inSegments = isPopulation(settings.strategy);
  const observations = inSegments
    ? segmentsByGain(history.items)
    : trials.map((trial) => trainedObservation(settings, trial));
  return {
    judged: inSegments ? 'segments' : 'trials',
    count: observations.filter(({ status }) => status === 'complete').length,
    shares: importanceOf(space, observations, settings.seed, options),
  };
}

/** Of a study of an objective function: its complete trials, by their result. Errors: as {@link studyImportance}. */
export function objectiveImportance({ settings, trials }: ObjectiveState, options: Options): StudyImportance {
  const signs = objectivesOf(settings).map(({ direction }) => (direction === 'maximize' ? -1 : 1));
  const observations = trials.map(({ trial, hyperparameters, status, values }): Observation => {
    const losses = status === 'complete' ? values.map((value, index) => signs[index]! * Number(value)) : [];
    // a paused trial has no result either
    const known = status === 'paused' ? 'running' : status;
    return { trial, hyperparameters, status: known, losses, violations: [], reports: [], note: null };
  });
  return {
    judged: 'trials',
    count: observations.filter(({ status, losses }) => status === 'complete' && losses.every(Number.isFinite)).length,
    shares: importanceOf(parseSpace(settings.space, settings), observations, settings.seed, options),
  };
}

/** Trials that all train to the end are never told that they are complete. */
function trainedObservation(settings: StudySettings, trial: TrialState): Observation {
  const observation = observationOf(settings, trial);
  const last = trial.segments.findLast(({ outcome }) => outcome === 'done');
  if (observation.status !== 'running' || last === undefined || last.toStep < settings.budget.steps) return observation;
  return { ...observation, status: 'complete', losses: lossesOf(settings, last.metrics) };
}

/**
 * Each segment as an observation whose loss is its rank among those of its generation, from 0 (it gained most) to 1: gains shrink as training
 * goes on, whatever the hyperparameters are. Equal gains have the mean of their ranks; a generation with one segment compares nothing. Of a
 * first segment the score itself is the gain.
 */
function segmentsByGain(history: readonly Checkpoint[]): Observation[] {
  const generations = new Map<number, Checkpoint[]>();
  for (const segment of history) {
    const others = generations.get(segment.generation);
    if (others === undefined) generations.set(segment.generation, [segment]);
    else others.push(segment);
  }
  const observations: Observation[] = [];
  for (const segments of generations.values()) {
    if (segments.length < 2) continue;
    const gains = segments.map(({ score, before }) => score - (before ?? 0));
    for (const [index, { hyperparameters }] of segments.entries()) {
      const better = gains.filter((gain) => gain > gains[index]!).length;
      const equal = gains.filter((gain) => gain === gains[index]).length;
      const loss = (better + (equal - 1) / 2) / (segments.length - 1);
      const trial = observations.length;
      observations.push({
        trial,
        hyperparameters,
        status: 'complete',
        losses: [loss],
        violations: [],
        reports: [],
        note: null,
      });
    }
  }
  return observations;
}
