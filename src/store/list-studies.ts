import { existsSync } from 'node:fs';
import { TunerError } from '../errors/index.js';
import { type BestSegment, type ObjectiveState, stepsTrained } from '../study/index.js';
import { layoutOf } from './layout.js';
import { objectiveEntries, objectiveStudyStatus } from './objective-study.js';
import { readJournal } from './read-journal.js';
import { studyNames } from './study-names.js';
import { type StudyStatus, studyStatus } from './study-status.js';

/** A study that can be read. */
export interface HealthyListing {
  readonly study: string;
  /** Absolute path of its folder. */
  readonly path: string;
  readonly status: StudyStatus;
  /** The objective's metric. */
  readonly metric: string;
  /** `null` before the first segment that was done. */
  readonly best: Pick<BestSegment, 'trial' | 'value'> | null;
  readonly trials: number;
  /** Steps trained by all trials together. */
  readonly steps: number;
  /** When its first and its last record were appended; ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A study that cannot, and why. */
export interface BrokenListing {
  readonly study: string;
  readonly path: string;
  readonly status: 'broken';
  readonly error: Pick<TunerError, 'code' | 'message' | 'todo'>;
}

export type StudyListing = HealthyListing | BrokenListing;

/**
 * The studies in `root`, by name. Those that cannot be read are listed with their error; folders with neither a journal nor
 * checkpoints are no studies. Empty where there is no `root`.
 * @throws FILES_… when `root` itself cannot be read
 */
export function listStudies(root: string): StudyListing[] {
  return studyNames(root).flatMap((study) => list(root, study) ?? []);
}

function list(root: string, study: string): StudyListing | undefined {
  const { folder: path, journal, checkpoints } = layoutOf(root, study);
  if (!existsSync(journal) && !existsSync(checkpoints)) return undefined;
  try {
    const entries = readJournal(journal);
    const [first, last] = [entries[0], entries.at(-1)];
    // its process is about to record that it made the study, or was killed before it could
    if (!first || !last) return undefined;
    const objective = objectiveEntries(entries);
    if (objective !== null) {
      const { status, state } = objectiveStudyStatus(root, study, objective);
      return { study, path, status, ...objectiveListing(state), createdAt: first.at, updatedAt: last.at };
    }
    const { status, state } = studyStatus(root, study, entries);
    return {
      study,
      path,
      status,
      metric: state.settings.objective.metric,
      best: state.best && { trial: state.best.trial, value: state.best.value },
      trials: state.trials.length,
      steps: stepsTrained(state),
      createdAt: first.at,
      updatedAt: last.at,
    };
  } catch (error) {
    if (!(error instanceof TunerError)) throw error;
    const { code, message, todo } = error;
    return { study, path, status: 'broken', error: { code, message, todo } };
  }
}

function objectiveListing({ settings, best, trials, steps }: ObjectiveState) {
  return {
    metric: settings.objective.metric,
    best: best && { trial: best.trial, value: best.value },
    trials: trials.length,
    steps,
  };
}
