import { join } from 'node:path';
import { objectiveEntries, StudyStore } from '../../store/index.js';
import { foldObjective } from '../../study/index.js';
import { errors } from '../errors.js';

/** Throws TUNER_OBJECTIVE_STUDY if a study has no model, only an objective function. @param done to follow "to be" */
export function requireModelStudy(root: string, study: string, done: string): void {
  const entries = objectiveEntries(StudyStore.read(root, study));
  if (entries === null) return;
  const { best, checkpoints } = foldObjective(entries.map(({ record }) => record));
  const file = best === null ? undefined : checkpoints.get(best.trial)?.state.file;
  const checkpoint = file === undefined ? null : join(root, study, 'checkpoints', file);
  throw errors.TUNER_OBJECTIVE_STUDY({ study, done, checkpoint });
}
