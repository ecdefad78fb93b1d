/** The ask-and-tell study of an objective function: made, or brought back from its journal. */
import type { Hyperparameters } from '../../space/index.js';
import {
  type AskTellRecord,
  boundNames,
  createStudy,
  type EarlierTrial,
  fromJournal,
  hasSeveralObjectives,
  type ImportedTrial,
  makeSampler,
  makeScheduler,
  type ObjectiveStudySettings,
  type OwnFunctions,
  objectivesOf,
  restoreStudy,
  type StopRule,
  type Study,
  stepsBudget,
  stopRulesOf,
  targets,
  wallTime,
} from '../../study/index.js';

export type ObjectiveStudy = Study<Hyperparameters, true>;

/** What the settings name. The wall time counts from here. */
function deciders(settings: ObjectiveStudySettings, own: OwnFunctions) {
  const scheduler = makeScheduler(settings, own.scheduler);
  return {
    sampler: makeSampler(settings, own.sampler),
    stop: rulesOf(settings),
    ...(scheduler === null ? {} : { scheduler }),
  };
}

function rulesOf(settings: ObjectiveStudySettings): StopRule[] {
  const { wallSeconds, totalSteps, stop } = settings;
  const now = () => performance.now();
  const hasTargets = objectivesOf(settings).some(({ target }) => target !== undefined);
  return [
    ...(wallSeconds === undefined ? [] : [wallTime({ seconds: wallSeconds, now })]),
    // that of one objective is the study's own
    ...(hasSeveralObjectives(settings) && hasTargets ? [targets(settings)] : []),
    ...(totalSteps === undefined ? [] : [stepsBudget({ steps: totalSteps })]),
    ...(stop === undefined ? [] : stopRulesOf(stop)),
  ];
}

/**
 * A new study; results count in the order of a virtual clock, so that it is the same for any number of workers.
 *
 * Errors: STUDY_OPTION_…, STUDY_SCHEDULER_PAUSES, SPACE_….
 */
export function newStudy(
  settings: ObjectiveStudySettings,
  own: OwnFunctions,
  onRecord: (record: AskTellRecord) => void,
): ObjectiveStudy {
  const { space, constraints, enqueue, earlier, objective, trials, parallel, steps, seed } = settings;
  const directions = objectivesOf(settings).map(({ direction }) => direction);
  return createStudy({
    ...deciders(settings, own),
    space,
    directions,
    outcomeConstraints: boundNames(settings),
    trials,
    parallel,
    seed,
    deterministic: true,
    pausable: true,
    onRecord,
    ...(constraints === undefined ? {} : { constraints }),
    ...(enqueue === undefined ? {} : { enqueue }),
    ...(earlier === undefined ? {} : { earlier: earlier.trials.map(readTrial), tryEarlier: earlier.try }),
    ...(steps === undefined ? {} : { maxSteps: steps }),
    ...(objective.target === undefined || directions.length > 1 ? {} : { target: objective.target }),
  }) as ObjectiveStudy;
}

/** As `createStudy` takes it. */
function readTrial({ hyperparameters, status, values, constraints }: ImportedTrial): EarlierTrial {
  const numbers = Object.entries(constraints).map(([name, value]) => [name, fromJournal(value)]);
  return { hyperparameters, status, values: values.map(fromJournal), constraints: Object.fromEntries(numbers) };
}

/** Errors: STUDY_JOURNAL_INVALID, STUDY_REPLAY_DIFFERS. */
export function restoredStudy(
  settings: ObjectiveStudySettings,
  own: OwnFunctions,
  journal: readonly AskTellRecord[],
  onRecord: (record: AskTellRecord) => void,
): ObjectiveStudy {
  const options = { ...deciders(settings, own), space: settings.space, deterministic: true, onRecord } as const;
  return restoreStudy(journal, options) as ObjectiveStudy;
}
