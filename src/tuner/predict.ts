import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openRows, type Preprocessing, preprocessingOf, readPreprocessing, rowEncoder } from '../data/index.js';
import { StudyStore } from '../store/index.js';
import { errors } from './errors.js';
import { formatPaths } from './export-files.js';
import { formatterFor, type PredictionFormat } from './prediction-format.js';
import { predictedRows } from './prediction-rows.js';
import { type GraphArtifacts, Predictor } from './predictor.js';
import { type StudyOptions, studyModel } from './study-model.js';

export interface PredictOptions extends StudyOptions {
  /** A file of rows: CSV, JSON lines, Parquet, Arrow, IDX images; `-` is `stdin`. */
  readonly input: string;
  /** Between cells of delimited text. */
  readonly delimiter?: string;
  /** What `-` stands for. Default: the process's standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Default: JSON lines for JSON lines, else delimited text. */
  readonly format?: PredictionFormat;
  /** Takes what is written, piece by piece, and is waited for. */
  readonly write: (piece: string | Uint8Array) => Promise<void>;
  /** Told of what a reader of the predictions should know. */
  readonly onNotice?: (message: string) => void;
}

export interface PredictResult {
  readonly rows: number;
}

/** Rows at a time: enough for a graph to be busy, and little memory. */
const chunkRows = 512;

/**
 * Predicts new rows with a study's best model, or with a folder that `exportStudy` wrote, which is all that it needs. Rows are
 * read, encoded as the training rows were, predicted and written chunk by chunk, in order. Columns are found by name; those that
 * the model does not know are left aside. A category that was not seen in training is encoded as its column's encoder says, and
 * counted in a notice.
 *
 * @param from the folder of an export, or the name of a study
 * @throws TUNER_NOT_PREDICTABLE, TUNER_PREDICTION_FAILED, DATA_ROW_…, and the errors of readers
 */
export async function predict(from: string, options: PredictOptions): Promise<PredictResult> {
  const source = await openSource(from, options);
  const { preprocessing, artifacts, batchSize } = source;
  const predictor = await Predictor.load(artifacts, preprocessing.features.shape, batchSize);
  try {
    const encoder = await rowEncoder(preprocessing);
    const { input, delimiter, stdin } = options;
    const chunks = await openRows(input, {
      chunkRows,
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(stdin === undefined ? {} : { stdin }),
      missing: preprocessing.encoder?.missing ?? [],
    });
    const formatter = formatterFor(options.format ?? defaultFormat(input), preprocessing.target);
    let rows = 0;
    for await (const chunk of chunks) {
      const predictions = await predictor.predict(encoder.encode(chunk));
      rows += chunk.rowCount;
      await write(options, await formatter.rows(predictedRows(predictions, preprocessing.target)));
    }
    await write(options, await formatter.end());
    for (const { column, rows: count, example } of encoder.unseen) {
      const what = `${count} row${count === 1 ? ' has' : 's have'} a value of ${column} that was not seen in training`;
      options.onNotice?.(`${what}, such as "${example}"`);
    }
    return { rows };
  } finally {
    predictor.dispose();
  }
}

async function write({ write: take }: PredictOptions, piece: string | Uint8Array): Promise<void> {
  if (piece.length > 0) await take(piece);
}

function defaultFormat(input: string): PredictionFormat {
  return /\.(jsonl|ndjson)(\.gz)?$/i.test(input) ? 'jsonl' : 'csv';
}

interface Source {
  readonly preprocessing: Preprocessing;
  readonly artifacts: GraphArtifacts;
  readonly batchSize: number | null;
}

async function openSource(from: string, options: PredictOptions): Promise<Source> {
  return existsSync(join(from, 'encoder.json')) ? openFolder(resolve(from)) : openStudy(from, options);
}

async function openFolder(folder: string): Promise<Source> {
  const path = join(folder, 'encoder.json');
  const preprocessing = readPreprocessing(await readFile(path, 'utf8'), path);
  const model = join(folder, formatPaths['graph-model']);
  if (!existsSync(model))
    throw errors.TUNER_NOT_PREDICTABLE({ from: folder, why: 'it was exported without its graph-model' });
  try {
    return { preprocessing, ...(await readGraphModel(model)) };
  } catch (cause) {
    throw errors.TUNER_NOT_PREDICTABLE({ from: folder, why: (cause as Error).message }, cause);
  }
}

interface ModelJson {
  readonly modelTopology: object;
  readonly signature: {
    readonly inputs: { readonly x: { readonly tensorShape: { readonly dim: { size: string }[] } } };
  };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly object[] }[];
}

async function readGraphModel(path: string): Promise<Omit<Source, 'preprocessing'>> {
  const json = JSON.parse(await readFile(path, 'utf8')) as ModelJson;
  const { modelTopology, signature, weightsManifest } = json;
  const parts = weightsManifest.flatMap(({ paths }) => paths.map((name) => readFile(join(path, '..', name))));
  const weightData = Buffer.concat(await Promise.all(parts));
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const rows = Number(signature.inputs.x.tensorShape.dim[0]!.size);
  return { artifacts: { modelTopology, signature, weightSpecs, weightData }, batchSize: rows === -1 ? null : rows };
}

async function openStudy(study: string, options: PredictOptions): Promise<Source> {
  requireStudy(study, options);
  const { dataset, model } = await studyModel(study, options, () => false);
  const { graphModel, batchSize } = model;
  if (graphModel === null)
    throw errors.TUNER_PREDICTION_FAILED({ message: 'its graph has types that tfjs does not know' });
  return { preprocessing: preprocessingOf(dataset), artifacts: graphModel, batchSize };
}

/** Tells of both, since either could have been meant. */
function requireStudy(study: string, { directory }: PredictOptions): void {
  const root = resolve(directory ?? 'studies');
  try {
    StudyStore.read(root, study);
  } catch (cause) {
    const folder = existsSync(study) ? 'the folder has no encoder.json' : 'there is no such folder';
    const why = `${folder}, and ${(cause as Error).message}`;
    throw errors.TUNER_NOT_PREDICTABLE({ from: study, why }, cause);
  }
}
