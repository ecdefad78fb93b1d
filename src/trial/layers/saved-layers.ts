/** Models that were saved as a topology with weights, by tfjs or by Keras's converter: what `tf.loadLayersModel` loads. */
import * as tf from '@tensorflow/tfjs';
import type { SpaceDefinition } from '../../space/index.js';
import { errors } from '../errors.js';
import { installKeyedLayers } from '../keyed-layers.js';
import { defineModel, type ModelDefinition } from '../model.js';
import { forTfjs } from './keras-config.js';
import { findLoss } from './losses-by-name.js';
import { type ChosenOptimizer, findOptimizer, readOptimizer } from './optimizers-by-name.js';
import { type TrainingChoices, trainingChoices } from './training-choices.js';
import { tunedLayers } from './tuned-layers.js';

/** A model as its files or its object have it. */
export interface SavedLayers {
  /** For messages. */
  readonly path: string;
  /** `model.json`: a topology alone, or with `weightsManifest` and `trainingConfig`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** In the manifest's order; may be empty. */
  readonly weightData: Uint8Array<ArrayBuffer>;
}

/** What a sweep says of how it is trained. */
export interface SavedTraining {
  /** Default: the one that the model was compiled with. */
  readonly optimizer?: string;
  /** Default: the one that the model was compiled with. */
  readonly loss?: string;
  /** Values of the hyperparameter `optimizer`, which is then part of the space. Default: there is none. */
  readonly optimizers?: readonly string[];
  /** Values of the hyperparameter `loss`. Default: there is none. */
  readonly losses?: readonly string[];
  /** Whether trials start from the weights that were saved, all alike, or from ones of their own. Default: `saved`, where there are any. */
  readonly initialWeights?: 'saved' | 'fresh';
}

type Json = Readonly<Record<string, unknown>>;

/**
 * A saved model that can be tuned: its layers stay as they are, the optimizer's settings are its space.
 *
 * Errors: TRIAL_SAVED_MODEL_INVALID, TRIAL_SAVED_WEIGHTS_MISSING, TRIAL_TRAINING_INCOMPLETE, TRIAL_UNKNOWN_….
 */
export async function savedLayersModel(saved: SavedLayers, given: SavedTraining = {}): Promise<ModelDefinition> {
  installKeyedLayers();
  const topology = topologyOf(saved);
  const choices = trainingChoicesOf(compiledWith(saved.json, topology), given);
  const make = await makerOf(saved, topology);
  const weights = decodeWeights(saved);
  if (given.initialWeights === 'saved' && weights === null)
    throw errors.TRIAL_SAVED_WEIGHTS_MISSING({ path: saved.path });
  const initial = given.initialWeights === 'fresh' ? null : weights;
  return defineModel<SpaceDefinition>({
    space: choices.space,
    build(context) {
      const model = make();
      if (initial !== null) setWeights(saved, model, initial);
      return tunedLayers(model, choices.trainingWith(context.hyper), context);
    },
  });
}

function invalid(path: string, problem: string, cause?: unknown): Error {
  return errors.TRIAL_SAVED_MODEL_INVALID({ path, problem }, cause);
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The part that says what the layers are, with what Keras puts around it. */
function topologyOf({ path, json }: SavedLayers): Json {
  if (json.format === 'graph-model') throw invalid(path, 'it is a graph model, which cannot be trained');
  const topology = json.modelTopology ?? json;
  if (!isJson(topology)) throw invalid(path, 'its modelTopology is no object');
  const config = isJson(topology.model_config) ? topology.model_config : topology;
  if (typeof (config.class_name ?? config.className) === 'string' && 'config' in config) return topology;
  throw invalid(path, 'it has no model topology (class_name and config)');
}

/** What it was compiled with: Keras says so within the topology, tfjs beside it. */
function compiledWith(json: Json, topology: Json): Json {
  const config = isJson(json.trainingConfig)
    ? json.trainingConfig
    : (topology.training_config ?? topology.compile_config);
  return isJson(config) ? config : {};
}

function compiledOptimizer({ optimizer_config: given, optimizer }: Json): ChosenOptimizer | undefined {
  // Keras 3 says `optimizer`
  if (given === undefined && optimizer !== undefined) return compiledOptimizer({ optimizer_config: optimizer });
  if (typeof given === 'string') return readOptimizer(given, {});
  if (!isJson(given) || typeof given.class_name !== 'string') return undefined;
  // Keras marks its newer optimizers: "Custom>Adam"
  const name = given.class_name.replace(/^.*>/, '');
  return readOptimizer(name, isJson(given.config) ? given.config : {});
}

/** A name, or Keras's object of a class and its config. */
function lossName(loss: unknown): string | undefined {
  if (typeof loss === 'string') return loss;
  if (Array.isArray(loss)) return loss.length === 1 ? lossName(loss[0]) : undefined;
  return isJson(loss) && typeof loss.class_name === 'string' ? loss.class_name : undefined;
}

/** What the model was compiled with counts where the sweep says nothing; its settings only for the same optimizer. */
function trainingChoicesOf(compiled: Json, { optimizer, loss, optimizers, losses }: SavedTraining): TrainingChoices {
  return trainingChoices({
    optimizer: optimizers?.map((name) => [name, optimizerOf(compiled, name)]) ?? optimizerOf(compiled, optimizer),
    loss: losses?.map((name) => [name, lossOf(compiled, name)]) ?? lossOf(compiled, loss),
  });
}

function optimizerOf(compiled: Json, given: string | undefined): ChosenOptimizer {
  if (given === undefined) {
    const own = compiledOptimizer(compiled);
    if (own === undefined) throw errors.TRIAL_TRAINING_INCOMPLETE({ missing: 'optimizer' });
    return own;
  }
  const name = findOptimizer(given);
  const own = isKnownOptimizer(compiled) ? compiledOptimizer(compiled) : undefined;
  return own?.name === name ? own : { name, settings: {} };
}

function lossOf(compiled: Json, given: string | undefined): string {
  const name = given ?? lossName(compiled.loss);
  if (name === undefined) throw errors.TRIAL_TRAINING_INCOMPLETE({ missing: 'loss' });
  return findLoss(name);
}

/** One that there is none of here may still be replaced. */
function isKnownOptimizer(compiled: Json): boolean {
  try {
    return compiledOptimizer(compiled) !== undefined;
  } catch {
    return false;
  }
}

/**
 * What makes the model anew, with initial weights of its own. tfjs reads a topology asynchronously, and a model is built
 * synchronously: so it is read once here, and made again from its own config.
 */
async function makerOf({ path }: SavedLayers, topology: Json): Promise<() => tf.LayersModel> {
  let read: tf.LayersModel;
  try {
    read = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology: forTfjs(topology) as object }));
  } catch (error) {
    throw invalid(path, `tfjs says: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const config = JSON.stringify(read.getConfig());
  const isSequential = read instanceof tf.Sequential;
  read.dispose();
  return () => {
    const parsed = JSON.parse(config) as tf.serialization.ConfigDict;
    const made = isSequential
      ? tf.Sequential.fromConfig(tf.Sequential, parsed)
      : tf.LayersModel.fromConfig(tf.LayersModel, parsed);
    return made as tf.LayersModel;
  };
}

interface WeightGroup {
  readonly weights?: readonly tf.io.WeightsManifestEntry[];
}

type Weights = Readonly<
  Record<string, { readonly values: tf.TypedArray; readonly shape: readonly number[]; readonly dtype: tf.DataType }>
>;

/** By name, out of tensors, which the first build would free; `null`: there are none. */
function decodeWeights({ path, json, weightData }: SavedLayers): Weights | null {
  const groups = (Array.isArray(json.weightsManifest) ? json.weightsManifest : []) as readonly WeightGroup[];
  const specs = groups.flatMap(({ weights = [] }) => weights);
  if (specs.length === 0) return null;
  let tensors: tf.NamedTensorMap;
  try {
    tensors = tf.io.decodeWeights(weightData.buffer, [...specs]);
  } catch (error) {
    throw invalid(path, `its weights are not what its manifest says: ${String(error)}`, error);
  }
  const entries = Object.entries(tensors).map(([name, tensor]) => {
    return [name, { values: tensor.dataSync().slice(), shape: tensor.shape, dtype: tensor.dtype }] as const;
  });
  tf.dispose(tensors);
  return Object.fromEntries(entries) as Weights;
}

function setWeights({ path }: SavedLayers, model: tf.LayersModel, weights: Weights): void {
  tf.tidy(() => {
    const tensors = Object.entries(weights).map(([name, { values, shape, dtype }]) => {
      return [name, tf.tensor(values, [...shape], dtype)] as const;
    });
    try {
      model.loadWeights(Object.fromEntries(tensors), true);
    } catch (error) {
      throw invalid(
        path,
        `its weights do not fit its layers: ${error instanceof Error ? error.message : String(error)}`,
        error,
      );
    }
  });
}
