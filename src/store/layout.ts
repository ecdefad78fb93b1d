import { join, resolve } from 'node:path';
import { errors } from './errors.js';

const studyName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const stateName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** What lies within a study's folder. */
export interface StudyParts {
  readonly journal: string;
  readonly checkpoints: string;
  readonly requests: string;
}

/** Where the parts of one study lie; absolute paths. */
export interface StudyLayout extends StudyParts {
  readonly study: string;
  readonly root: string;
  /** The study's folder. */
  readonly folder: string;
  /** Where a new study is put together before it appears under its name. Belongs to whoever holds the lock. */
  readonly staging: string;
  /**
   * Lies beside the study, not in it: it is taken before the study exists, and whoever removes a study's folder while it is
   * being worked on cannot have a second process start in its place.
   */
  readonly lock: string;
}

/**
 * @param root the folder of studies
 * @throws STORE_BAD_NAME: a name is also a folder's name, so it must not lead elsewhere nor hide itself
 */
export function layoutOf(root: string, study: string): StudyLayout {
  if (typeof study !== 'string' || !studyName.test(study)) throw errors.STORE_BAD_NAME({ study });
  const absolute = resolve(root);
  const folder = join(absolute, study);
  return {
    study,
    root: absolute,
    folder,
    ...partsOf(folder),
    staging: join(absolute, `.${study}.new`),
    lock: join(absolute, '.locks', `${study}.lock`),
  };
}

export function partsOf(folder: string): StudyParts {
  return {
    journal: join(folder, 'study.sqlite'),
    checkpoints: join(folder, 'checkpoints'),
    requests: join(folder, 'requests'),
  };
}

export function isStudyName(name: string): boolean {
  return studyName.test(name);
}

export function isStateName(name: string): boolean {
  return stateName.test(name);
}
