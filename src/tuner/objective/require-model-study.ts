import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { objectiveEntries, StudyStore } from '../../store/index.js';
import { foldObjective } from '../../study/index.js';
import { errors } from '../errors.js';

/**
 * Throws TUNER_OBJECTIVE_STUDY if a study has no model, only an objective function.
 *
 * @param done to follow "to be"
 * @param trial whose checkpoint the error names. Default: the best one's
 */
export function requireModelStudy(root: string, study: string, done: string, trial?: number): void {
  const entries = objectiveEntries(StudyStore.read(root, study));
  if (entries === null) return;
  const { best, checkpoints } = foldObjective(entries.map(({ record }) => record));
  const wanted = trial ?? best?.trial;
  const file = wanted === undefined ? undefined : checkpoints.get(wanted)?.state.file;
  const path = file === undefined ? null : join(root, study, 'checkpoints', file);
  // those of most trials that are over are swept
  const checkpoint = path !== null && existsSync(path) ? path : null;
  throw errors.TUNER_OBJECTIVE_STUDY({ study, done, trial: trial ?? null, checkpoint });
}
