import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  isJsonLines,
  openRows,
  type Preprocessing,
  preprocessingOf,
  type RowChunk,
  type RowEncoder,
  readPreprocessing,
  rowEncoder,
} from '../data/index.js';
import { StudyStore } from '../store/index.js';
import { type Continuation, continued, joined, rowsOf, textOf } from './continue-text.js';
import { errors } from './errors.js';
import { formatPaths } from './export-files.js';
import { formatterFor, type PredictionFormat } from './prediction-format.js';
import { nextTokens, predictedRows } from './prediction-rows.js';
import type { GraphArtifacts, Predictor } from './predictor.js';
import { type StudyOptions, studyModel } from './study-model.js';

export interface PredictOptions extends StudyOptions {
  /**
   * A file of rows: CSV, JSON lines, Parquet, Arrow, IDX images; a PNG or JPEG image, or a folder of them; for a model of texts, a text; `-`
   * is `stdin`.
   */
  readonly input: string;
  /** Between cells of delimited text. */
  readonly delimiter?: string;
  /** Between whole and fraction of numbers in delimited text. By default both are told from its first lines. */
  readonly decimal?: '.' | ',';
  /** What `-` stands for. Default: the process's standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Default: JSON lines for JSON lines, else delimited text; of a text that is continued, what follows as it is. */
  readonly format?: PredictionFormat;
  /** Has a model of texts write what follows, instead of predicting the next token. */
  readonly continuation?: Partial<Continuation> & Pick<Continuation, 'count'>;
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
 * counted in a notice. A series is forecast once, from its last rows. Of a text, the next token is predicted, or it is continued.
 *
 * @param from the folder of an export, or the name of a study
 * @throws TUNER_NOT_PREDICTABLE, TUNER_PREDICTION_FAILED, TUNER_TEXT_SHORT, TUNER_NOT_CONTINUABLE, DATA_ROW_…, and the errors of readers
 */
export async function predict(from: string, options: PredictOptions): Promise<PredictResult> {
  const source = await openSource(from, options);
  const { preprocessing, artifacts, batchSize } = source;
  // only here: it loads tfjs, which a process that tunes has in another thread
  const { Predictor } = await import('./predictor.js');
  const predictor = await Predictor.load(artifacts, preprocessing.features.shape, batchSize);
  try {
    const encoder = await rowEncoder(preprocessing);
    const { input, delimiter, decimal, stdin } = options;
    const chunks = await openRows(input, preprocessing, {
      chunkRows,
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(decimal === undefined ? {} : { decimal }),
      ...(stdin === undefined ? {} : { stdin }),
      missing: preprocessing.encoder?.missing ?? [],
      header: preprocessing.encoder?.header ?? true,
      texts: textColumnNames(preprocessing),
    });
    const run = { source, options, predictor, encoder, chunks };
    const rows =
      options.continuation === undefined ? await predictAll(run) : await continueAll(run, options.continuation);
    for (const { column, rows: count, example } of encoder.unseen) {
      const what = `${count} row${count === 1 ? ' has' : 's have'} a value of ${column} that was not seen in training`;
      options.onNotice?.(`${what}, such as "${example}"`);
    }
    return { rows };
  } finally {
    predictor.dispose();
  }
}

/** Columns whose cells are texts to the model, also where a file has numbers. */
function textColumnNames({ encoder }: Preprocessing): string[] {
  return encoder?.columns.flatMap(({ cells, column }) => (cells === 'text' ? [column] : [])) ?? [];
}

interface Run {
  readonly source: Source;
  readonly options: PredictOptions;
  readonly predictor: Predictor;
  readonly encoder: RowEncoder;
  readonly chunks: AsyncIterable<RowChunk>;
}

/** How many rows there were. */
async function predictAll({ source, options, predictor, encoder, chunks }: Run): Promise<number> {
  const { target, features } = source.preprocessing;
  const formatter = formatterFor(options.format ?? defaultFormat(options.input), target);
  const context = features.shape.reduce((a, b) => a * b, 1);
  let rows = 0;
  for await (const chunk of chunks) {
    const encoded = encoder.encode(chunk);
    const given = await predictor.predict(encoded);
    const predictions = encoded.lengths === undefined ? given : nextTokens(given, encoded.lengths, context);
    rows += encoded.rowCount;
    await write(options, await formatter.rows(predictedRows(predictions, target, chunk.files)));
  }
  await write(options, await formatter.end());
  return rows;
}

async function continueAll(run: Run, given: NonNullable<PredictOptions['continuation']>): Promise<number> {
  const { source, options, predictor, encoder, chunks } = run;
  const { features, target } = source.preprocessing;
  const { vocabulary } = features;
  if (vocabulary === undefined) throw errors.TUNER_NOT_CONTINUABLE({ why: 'the rows of this model are none' });
  const continuation = { temperature: 1, seed: 0, ...given };
  const format = options.format ?? (isJsonLines(options.input) ? 'jsonl' : undefined);
  const formatter = format && formatterFor(format, target);
  let rows = 0;
  for await (const chunk of chunks) {
    const texts = rowsOf(encoder.encode(chunk));
    for (const text of texts) {
      const tokens = continued(predictor, text, vocabulary.length, continuation, rows++);
      const pieces = textOf(tokens, vocabulary);
      if (formatter === undefined) for await (const piece of pieces) await write(options, piece);
      else await write(options, await formatter.rows([{ prediction: await joined(pieces) }]));
    }
  }
  if (formatter !== undefined) await write(options, await formatter.end());
  return rows;
}

async function write({ write: take }: PredictOptions, piece: string | Uint8Array): Promise<void> {
  if (piece.length > 0) await take(piece);
}

function defaultFormat(input: string): PredictionFormat {
  return isJsonLines(input) ? 'jsonl' : 'csv';
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
