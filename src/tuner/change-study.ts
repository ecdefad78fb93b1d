import { resolve } from 'node:path';
import { parseSpace } from '../space/index.js';
import { StudyStore } from '../store/index.js';
import {
  type Action,
  checkActions,
  foldRecords,
  isPopulation,
  parseActions,
  type StudySettings,
} from '../study/index.js';
import { checkIntervals } from './check-intervals.js';
import { errors } from './errors.js';
import { requireModelStudy } from './objective/require-model-study.js';
import type { SweepChange } from './sweep-schema.js';

/** What can be changed of a study that runs or stands: an entry of a sweep's schedule, without its moment. */
export type StudyChange = Omit<SweepChange, 'at' | 'step'>;

/**
 * Changes what a population's study tunes, how often it decides, or until when, from its next generation on. A study that runs takes it up
 * at its next decision; one that stands, when it is resumed. It becomes part of its journal then.
 *
 * @throws SCHEDULERS_SCHEDULE_… for a change that is not one, TUNER_STUDY_ENDED, TUNER_SCHEDULE_WITHOUT_POPULATION, STORE_…
 */
export async function changeStudy(
  study: string,
  change: StudyChange,
  { directory = 'studies' }: { readonly directory?: string } = {},
): Promise<void> {
  const root = resolve(directory);
  requireModelStudy(root, study, 'changed');
  const { settings, ended } = foldRecords(StudyStore.read(root, study).map(({ record }) => record));
  if (ended !== null) throw errors.TUNER_STUDY_ENDED({ study });
  readChange(settings, change);
  await StudyStore.request(root, study, change);
}

/** The actions of a change, checked against a study. */
export function readChange(settings: StudySettings, change: unknown): readonly Action[] {
  if (!isPopulation(settings.strategy)) throw errors.TUNER_SCHEDULE_WITHOUT_POPULATION({});
  const actions = parseActions(change);
  checkActions(actions, parseSpace(settings.space, settings));
  checkIntervals(actions, settings);
  return actions;
}
