/** Trials of an earlier study in the same folder of studies, for a new one to learn from. */
import * as z from 'zod';
import type { Space } from '../space/index.js';
import { objectiveEntries, StudyStore } from '../store/index.js';
import {
  askTellGoals,
  bestPoints,
  boundNames,
  type EarlierSettings,
  type EarlierTrial,
  foldObjective,
  foldRecords,
  fromJournal,
  type Goals,
  hasSeveralObjectives,
  importTrials,
  metricsOfGoals,
  type ObjectiveState,
  objectivesOf,
  type StudyState,
  type TrialState,
  violationsOf,
} from '../study/index.js';
import { errors } from './errors.js';
import { integer, notEmpty } from './sweep-rules.js';

/** As it is written. */
export interface EarlierSweep {
  /** Name of the earlier study: it may be of another space, strategy or kind, and still run. */
  readonly study: string;
  /** How many of its best trials to try first: an integer of at least 0. Default: 0. */
  readonly try?: number;
}

export const earlierSchema = z.strictObject({
  study: notEmpty('the name of an earlier study'),
  try: integer(0, 'an integer of at least 0').default(0),
});

export type EarlierRequest = z.output<typeof earlierSchema>;

/** An earlier study that was read, before a space says what of it means something. */
export interface EarlierStudy extends EarlierRequest {
  readonly trials: readonly EarlierTrial[];
}

/** What one trial measured. */
interface Measured extends Pick<EarlierTrial, 'hyperparameters' | 'status'> {
  /** Of its last result; empty for one that has none. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Reads the trials of an earlier study in the eyes of a new one with other goals, perhaps. Trials that have no result yet are left out; so are,
 * where there are several objectives, those that were stopped early.
 *
 * @param root the folder of studies
 * @throws TUNER_EARLIER_NOTHING if no trial measured what the new study is about; STORE_…
 */
export function readEarlier(root: string, request: EarlierRequest, goals: Goals): EarlierStudy {
  const { study } = request;
  const entries = StudyStore.read(root, study);
  const objective = objectiveEntries(entries);
  const measured =
    objective === null
      ? trialsOfModel(foldRecords(entries.map(({ record }) => record)))
      : trialsOfObjective(foldObjective(objective.map(({ record }) => record)));
  const required = metricsOfGoals(goals);
  const isKnown = ({ metrics }: Measured) => required.every((metric) => Object.hasOwn(metrics, metric));
  if (!measured.some(isKnown)) {
    const found = [...new Set(measured.flatMap(({ metrics }) => Object.keys(metrics)))];
    const why = `no trial of it measured ${required.join(', ')} (${found.join(', ') || 'none has a result'})`;
    throw errors.TUNER_EARLIER_NOTHING({ study, why });
  }
  const names = boundNames(goals);
  const trials = measured.flatMap((one): EarlierTrial[] => {
    const { hyperparameters, status, metrics } = one;
    if (status === 'failed') return [{ hyperparameters, status, values: [] }];
    if (!isKnown(one) || (status === 'pruned' && hasSeveralObjectives(goals))) return [];
    const violations = violationsOf(goals, metrics);
    const constraints = Object.fromEntries(names.map((name, at) => [name, violations[at]!]));
    return [
      { hyperparameters, status, values: objectivesOf(goals).map(({ metric }) => metrics[metric]!), constraints },
    ];
  });
  return { ...request, trials };
}

/** What of it means something in the space, and the points of it that are tried. @throws TUNER_EARLIER_NOTHING */
export function importEarlier(
  { study, try: count, trials: read }: EarlierStudy,
  goals: Goals,
  space: Space,
): { readonly earlier: EarlierSettings; readonly points: ReturnType<typeof bestPoints> } {
  const wanted = askTellGoals(goals);
  const trials = importTrials(wanted, space, read);
  if (trials.length === 0) {
    throw errors.TUNER_EARLIER_NOTHING({ study, why: 'none of its hyperparameters means anything in this space' });
  }
  return { earlier: { study, try: count, trials }, points: bestPoints(wanted, space, trials, count) };
}

function trialsOfModel({ trials, settings }: StudyState): Measured[] {
  return trials.flatMap((trial): Measured[] => {
    const last = trial.segments.findLast(({ outcome }) => outcome === 'done');
    const { hyperparameters = trial.hyperparameters, metrics = {} } = last ?? {};
    if (trial.status === 'out') return [{ hyperparameters, status: 'failed', metrics: {} }];
    if (last === undefined) return [];
    return [{ hyperparameters, status: hasItsBudget(trial, last.toStep, settings.budget.steps), metrics }];
  });
}

/** In a population, and where all trials train side by side, nobody says so of each. */
function hasItsBudget({ status }: TrialState, step: number, budget: number): 'complete' | 'pruned' {
  return status === 'complete' || step >= budget ? 'complete' : 'pruned';
}

function trialsOfObjective({ trials, metrics }: ObjectiveState): Measured[] {
  return trials.flatMap(({ trial, hyperparameters, status }): Measured[] => {
    const measured = Object.entries(metrics.get(trial) ?? {}).map(([name, value]) => [name, fromJournal(value)]);
    if (status === 'running' || (status === 'paused' && measured.length === 0)) return [];
    return [
      {
        hyperparameters,
        status: status === 'paused' ? 'pruned' : status,
        metrics: status === 'failed' ? {} : Object.fromEntries(measured),
      },
    ];
  });
}
