import type { ExportedModel } from '../engine/index.js';
import { errors } from './errors.js';
import { convertToOnnx } from './onnx.js';

/** What a model can be exported as. ONNX only where it is asked for, since it takes Python (`onnx.ts`). */
export const exportFormats = ['layers-model', 'graph-model', 'saved-model', 'onnx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Where each format lies in an export. */
export const formatPaths: Readonly<Record<ExportFormat, string>> = {
  'layers-model': 'model.json',
  'graph-model': 'graph-model/model.json',
  'saved-model': 'saved-model/saved_model.pb',
  onnx: 'model.onnx',
};

export type Files = Map<string, Uint8Array | string>;

/** One file of weights has at most this many bytes, as tfjs itself writes them. */
const shardBytes = 4 * 2 ** 20;

/** @throws TUNER_UNKNOWN_FORMAT */
export function checkFormats(names: readonly string[]): ExportFormat[] {
  return names.map((format) => {
    const known = exportFormats.find((name) => name === format);
    if (known === undefined) throw errors.TUNER_UNKNOWN_FORMAT({ format, known: exportFormats });
    return known;
  });
}

/**
 * The files of a model, by path within the export.
 *
 * @param wanted `undefined`: every format that the model can have and that needs no other program
 * @throws TUNER_EXPORT_FORMAT for a format that it cannot have, TUNER_ONNX_…
 */
export async function modelFiles(
  model: ExportedModel,
  wanted: readonly ExportFormat[] | undefined,
): Promise<Map<ExportFormat, Files>> {
  const files = new Map<ExportFormat, Files>();
  for (const format of exportFormats) {
    if (wanted === undefined ? format === 'onnx' : !wanted.includes(format)) continue;
    const made = await makers[format](model);
    if (typeof made !== 'string') files.set(format, made);
    else if (wanted !== undefined) throw errors.TUNER_EXPORT_FORMAT({ format, reason: made });
  }
  return files;
}

/** The files of a format, or why there are none. */
const makers: Readonly<Record<ExportFormat, (model: ExportedModel) => Files | string | Promise<Files>>> = {
  'layers-model': ({ layers }) => {
    if (layers === null) return 'its build does not return `model`, a tf.LayersModel';
    const { versions, ...model } = layers;
    return tfjsFiles('', { ...versions, ...model });
  },
  'graph-model': ({ graphModel }) => {
    if (graphModel === null) return 'its graph has constants of a type that tfjs does not know';
    return tfjsFiles('graph-model/', { format: 'graph-model', generatedBy: 'tfjs-tuner', ...graphModel });
  },
  'saved-model': ({ savedModel }) => new Map([[formatPaths['saved-model'], savedModel]]),
  onnx: async ({ savedModel }) => new Map([[formatPaths.onnx, await convertToOnnx(savedModel)]]),
};

interface TfjsModel {
  readonly format: string;
  readonly generatedBy: string;
  readonly modelTopology: object;
  readonly signature?: object;
  readonly weightSpecs: readonly object[];
  readonly weightData: Uint8Array;
}

/** `model.json` and its weights, as tfjs writes them. */
function tfjsFiles(folder: string, model: TfjsModel): Files {
  const { format, generatedBy, modelTopology, signature, weightSpecs, weightData } = model;
  const count = Math.max(1, Math.ceil(weightData.byteLength / shardBytes));
  const paths = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`);
  const files: Files = new Map();
  for (const [index, path] of paths.entries()) {
    files.set(`${folder}${path}`, weightData.subarray(index * shardBytes, (index + 1) * shardBytes));
  }
  const json = {
    format,
    generatedBy,
    convertedBy: 'tfjs-tuner',
    ...(signature === undefined ? {} : { signature }),
    modelTopology,
    weightsManifest: [{ paths, weights: weightSpecs }],
  };
  return files.set(`${folder}model.json`, JSON.stringify(json));
}
