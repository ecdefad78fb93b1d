/** The ask-and-tell study of an objective function: made, or brought back from its journal. */
import type { Hyperparameters } from '../../space/index.js';
import {
  type AskTellRecord,
  createStudy,
  makeSampler,
  makeScheduler,
  type ObjectiveStudySettings,
  restoreStudy,
  type StopRule,
  type Study,
  wallTime,
} from '../../study/index.js';

export type ObjectiveStudy = Study<Hyperparameters, true>;

/** What the settings name. The wall time counts from here. */
function deciders(settings: ObjectiveStudySettings) {
  const scheduler = makeScheduler(settings);
  const now = () => performance.now();
  const stop: StopRule[] = settings.wallSeconds === undefined ? [] : [wallTime({ seconds: settings.wallSeconds, now })];
  return { sampler: makeSampler(settings), stop, ...(scheduler === null ? {} : { scheduler }) };
}

/**
 * A new study; results count in the order of a virtual clock, so that it is the same for any number of workers.
 *
 * Errors: STUDY_OPTION_…, STUDY_SCHEDULER_PAUSES, SPACE_….
 */
export function newStudy(settings: ObjectiveStudySettings, onRecord: (record: AskTellRecord) => void): ObjectiveStudy {
  const { space, constraints, enqueue, objective, trials, parallel, steps, seed } = settings;
  return createStudy({
    ...deciders(settings),
    space,
    direction: objective.direction,
    trials,
    parallel,
    seed,
    deterministic: true,
    onRecord,
    ...(constraints === undefined ? {} : { constraints }),
    ...(enqueue === undefined ? {} : { enqueue }),
    ...(steps === undefined ? {} : { maxSteps: steps }),
    ...(objective.target === undefined ? {} : { target: objective.target }),
  }) as ObjectiveStudy;
}

/** Errors: STUDY_JOURNAL_INVALID, STUDY_REPLAY_DIFFERS. */
export function restoredStudy(
  settings: ObjectiveStudySettings,
  journal: readonly AskTellRecord[],
  onRecord: (record: AskTellRecord) => void,
): ObjectiveStudy {
  const options = { ...deciders(settings), space: settings.space, deterministic: true, onRecord } as const;
  return restoreStudy(journal, options) as ObjectiveStudy;
}
