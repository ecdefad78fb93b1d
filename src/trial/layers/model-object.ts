/** A `tf.LayersModel` that a module exports, brought into the form of a saved one: whichever copy of tfjs made it, ours trains it. */
import type * as tf from '@tensorflow/tfjs';
import type { SavedLayers } from './saved-layers.js';

/** tfjs keeps it from TypeScript, not from JavaScript. */
interface Compiled {
  getTrainingConfig(): object;
}

/** By its parts, not its class: the module may have a tfjs of its own. */
export function isLayersModel(value: unknown): value is tf.LayersModel {
  if (typeof value !== 'object' || value === null) return false;
  const { layers, toJSON, getWeights } = value as Partial<tf.LayersModel>;
  return Array.isArray(layers) && typeof toJSON === 'function' && typeof getWeights === 'function';
}

/** Its topology, and what it was compiled with; its weights are not taken, as each trial has its own. */
export function savedFromModel(path: string, model: tf.LayersModel): SavedLayers {
  const json: Record<string, unknown> = { modelTopology: model.toJSON(null, false) };
  if (model.optimizer !== undefined && typeof model.loss === 'string') {
    json.trainingConfig = JSON.parse(JSON.stringify((model as unknown as Compiled).getTrainingConfig()));
  }
  return { path, json, weightData: new Uint8Array(0) };
}
