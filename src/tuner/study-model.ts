import { resolve } from 'node:path';
import type { SharedDataset } from '../data/index.js';
import type { ExportedModel } from '../engine/index.js';
import { parseSpace } from '../space/index.js';
import { StudyStore } from '../store/index.js';
import { type BestSegment, foldRecords, type StudyState } from '../study/index.js';
import { errors } from './errors.js';
import { keptSegment } from './kept-segment.js';
import { requireModelStudy } from './objective/require-model-study.js';
import { mutableValues, shapeOf } from './resolve-space.js';
import { type RunOptions, Session } from './tune.js';

export interface StudyOptions
  extends Pick<RunOptions, 'directory' | 'dataDirectory' | 'onEvent' | 'onInstallProgress'> {
  /** Number of the trial whose model is wanted. Default: the best one's. */
  readonly trial?: number;
}

/** A model of a study, rebuilt. */
export interface StudyModel {
  readonly root: string;
  readonly state: StudyState;
  readonly best: BestSegment;
  readonly dataset: SharedDataset;
  readonly model: ExportedModel;
}

/**
 * Rebuilds a study's best model, or that of a trial, with its weights.
 *
 * @param needsTest whether the test split is to be evaluated, told by the study so far
 * @throws TUNER_NOTHING_TO_EXPORT when no segment was completed, TUNER_TRIAL_NOT_KEPT, TUNER_DATA_CHANGED, TRIAL_NOT_EXPORTABLE
 */
export async function studyModel(
  study: string,
  options: StudyOptions,
  needsTest: (root: string, best: BestSegment) => boolean,
): Promise<StudyModel> {
  const root = resolve(options.directory ?? 'studies');
  requireModelStudy(root, study, 'exported', options.trial);
  const state = foldRecords(StudyStore.read(root, study).map(({ record }) => record));
  const { settings, created } = state;
  const best = keptSegment(state, options.trial);
  const session = await Session.open(settings, { ...options, workers: 1 });
  try {
    const { dataset, datasetDigest, engine } = session;
    if (datasetDigest !== created.datasetDigest) throw errors.TUNER_DATA_CHANGED({ dataset: dataset.name });
    const shape = shapeOf(settings, parseSpace(settings.space), best.hyperparameters);
    const weights = new Uint8Array(await StudyStore.readStateOf(root, study, best.state));
    const test = needsTest(root, best) ? mutableValues(shape, best.hyperparameters) : null;
    return { root, state, best, dataset, model: await engine.export(shape, weights, test) };
  } finally {
    await session.close();
  }
}
