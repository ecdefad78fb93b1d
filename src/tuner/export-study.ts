import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { preprocessingOf } from '../data/index.js';
import { ensureDirectory, writeFileAtomic } from '../files/index.js';
import { findTestEvaluation, recordTestEvaluations, type TestEvaluation, testEvaluations } from '../store/index.js';
import { errors } from './errors.js';
import { checkFormats, type Files, formatPaths, modelFiles } from './export-files.js';
import { modelCard } from './model-card.js';
import { cardAsMarkdown } from './model-card-text.js';
import { type StudyModel, type StudyOptions, studyModel } from './study-model.js';
import { sweepOf } from './sweep-of-study.js';

export interface ExportOptions extends StudyOptions {
  /** The folder to make; it must not exist, or be empty. */
  readonly to: string;
  /** `layers-model`, `graph-model`, `saved-model`, by default all of them that the model can be; and `onnx`, which takes Python's tf2onnx. */
  readonly formats?: readonly string[];
}

export interface ExportResult {
  readonly directory: string;
  /** Paths within the directory. */
  readonly files: readonly string[];
}

/**
 * Writes a study's best model, or that of one of its trials: as a tfjs LayersModel (`model.json`), a tfjs GraphModel and a TensorFlow SavedModel, with its encoders
 * (`encoder.json`), a model card, and the sweep that made it. The held-out test split, if there is one, is evaluated now, once for this
 * model, and its metrics are recorded with the study. The folder appears whole or not at all; one study gives the same bytes each time (but for
 * those of `model.onnx`).
 *
 * @throws TUNER_NOTHING_TO_EXPORT when no segment was completed, TUNER_TRIAL_NOT_KEPT, TUNER_EXPORT_EXISTS, TUNER_EXPORT_FORMAT,
 * TUNER_UNKNOWN_FORMAT, TUNER_ONNX_…, TRIAL_NOT_EXPORTABLE
 */
export async function exportStudy(study: string, options: ExportOptions): Promise<ExportResult> {
  const formats = options.formats && checkFormats(options.formats);
  const directory = resolve(options.to);
  if (existsSync(directory)) throw errors.TUNER_EXPORT_EXISTS({ directory });
  const built = await studyModel(study, options, (root, best) => {
    return findTestEvaluation(testEvaluations(root, study), best.state) === undefined;
  });
  const models = await modelFiles(built.model, formats);
  const evaluations = await recordedTest(study, built);
  const { dataset, state, best, model } = built;
  const sweep = sweepOf(state);
  const card = modelCard({
    state,
    best,
    dataset,
    model,
    formats: Object.fromEntries([...models.keys()].map((format) => [format, formatPaths[format]])),
    test: findTestEvaluation(evaluations, best.state),
    testEvaluations: evaluations,
    reproduce:
      'why' in sweep ? sweep.why : '`tfjs-tuner run sweep.json --dir again` gives the same study, digest and model',
    isBest: best.state.sha256 === state.best?.state.sha256,
  });
  const files: Files = new Map([...models.values()].flatMap((part) => [...part]));
  files.set('encoder.json', json(preprocessingOf(dataset)));
  if ('sweep' in sweep) files.set('sweep.json', json(sweep.sweep));
  files.set('model-card.json', json(card));
  files.set('model-card.md', cardAsMarkdown(card));
  return writeFolder(directory, files);
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** What is known of the test split, this model included. */
async function recordedTest(study: string, { root, best, model: { test } }: StudyModel): Promise<TestEvaluation[]> {
  const before = testEvaluations(root, study);
  if (test === null) return before;
  const { trial, generation, state } = best;
  // as JSON will have them, so that a second export says the same
  const metrics = Object.fromEntries(
    Object.entries(test).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
  const evaluations = [...before, { state: state.sha256, trial, generation, metrics }];
  await recordTestEvaluations(root, study, evaluations);
  return evaluations;
}

/** Written beside its final name, and renamed when it is whole. */
async function writeFolder(directory: string, files: Files): Promise<ExportResult> {
  const staging = join(dirname(directory), `.${basename(directory)}.${process.pid}.tmp`);
  try {
    await ensureDirectory(staging);
    for (const [name, contents] of files) {
      const path = join(staging, name);
      if (dirname(path) !== staging) await ensureDirectory(dirname(path));
      await writeFileAtomic(path, contents);
    }
    await rename(staging, directory);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { directory, files: [...files.keys()] };
}
