import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { SharedDataset } from '../data/index.js';
import type { ExportedModel } from '../engine/index.js';
import { ensureDirectory, writeFileAtomic } from '../files/index.js';
import { parseSpace } from '../space/index.js';
import { StudyStore } from '../store/index.js';
import { digest, foldRecords, type StudyState } from '../study/index.js';
import { errors } from './errors.js';
import { modelCard } from './model-card.js';
import { requireModelStudy } from './objective/require-model-study.js';
import { shapeOf } from './resolve-space.js';
import { type RunOptions, Session } from './tune.js';

export interface ExportOptions
  extends Pick<RunOptions, 'directory' | 'dataDirectory' | 'onEvent' | 'onInstallProgress'> {
  /** The folder to make; it must not exist, or be empty. */
  readonly to: string;
}

export interface ExportResult {
  readonly directory: string;
  /** Names within the directory. */
  readonly files: readonly string[];
}

/** One file of weights has at most this many bytes, as tfjs itself writes them. */
const shardBytes = 4 * 2 ** 20;

/**
 * Writes a study's best model as a tfjs LayersModel folder (`tf.loadLayersModel` of plain `@tensorflow/tfjs` loads its
 * `model.json`) with a model card. The folder appears whole or not at all.
 *
 * @throws TUNER_NOTHING_TO_EXPORT when no segment was completed, TUNER_EXPORT_EXISTS, TRIAL_NOT_EXPORTABLE
 */
export async function exportStudy(study: string, options: ExportOptions): Promise<ExportResult> {
  const root = resolve(options.directory ?? 'studies');
  const directory = resolve(options.to);
  if (existsSync(directory)) throw errors.TUNER_EXPORT_EXISTS({ directory });
  requireModelStudy(root, study, 'exported');
  const state = foldRecords(StudyStore.read(root, study).map(({ record }) => record));
  const { best, settings } = state;
  if (best === null) throw errors.TUNER_NOTHING_TO_EXPORT({ study });
  const session = await Session.open(settings, { ...options, workers: 1 });
  try {
    const shape = shapeOf(settings, parseSpace(settings.space), best.hyperparameters);
    const weights = new Uint8Array(await StudyStore.readStateOf(root, study, best.state));
    const model = await session.engine.export(shape, weights);
    return await writeFolder(directory, filesOf(model, state, session.dataset));
  } finally {
    await session.close();
  }
}

function filesOf(model: ExportedModel, state: StudyState, dataset: SharedDataset): Map<string, Uint8Array | string> {
  const files = new Map<string, Uint8Array | string>();
  const { weightData, weightSpecs, modelTopology, versions } = model;
  const count = Math.max(1, Math.ceil(weightData.byteLength / shardBytes));
  const paths = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`);
  for (const [index, path] of paths.entries()) {
    files.set(path, weightData.subarray(index * shardBytes, (index + 1) * shardBytes));
  }
  const { format, generatedBy } = versions;
  const json = {
    format,
    generatedBy,
    convertedBy: 'tfjs-tuner',
    modelTopology,
    weightsManifest: [{ paths, weights: weightSpecs }],
  };
  files.set('model.json', JSON.stringify(json));
  files.set('README.md', modelCard(state, dataset, digest(state)));
  return files;
}

/** Written beside its final name, and renamed when it is whole. */
async function writeFolder(directory: string, files: Map<string, Uint8Array | string>): Promise<ExportResult> {
  const staging = join(dirname(directory), `.${basename(directory)}.${process.pid}.tmp`);
  try {
    await ensureDirectory(staging);
    for (const [name, contents] of files) await writeFileAtomic(join(staging, name), contents);
    await rename(staging, directory);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { directory, files: [...files.keys()] };
}
