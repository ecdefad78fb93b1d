import * as tf from '@tensorflow/tfjs';
import { TunerError } from '../errors/index.js';
import { alignedShared, layoutState, type StateLayout, tensorView, userLine, writeHeader } from '../graph/index.js';
import { type Key, sequence } from '../random/index.js';
import type { Hyperparameters } from '../space/index.js';
import { errors } from './errors.js';
import { installKeyedLayers } from './keyed-layers.js';
import type { BuildContext, BuiltModel, DataDescription, ModelDefinition } from './model.js';
import { collectVariables } from './variables.js';

export interface BuildOptions {
  /** Structural hyperparameters by name. */
  readonly structural: Hyperparameters;
  /** Names of the mutable ones: reading one in `build` is an error that says so. */
  readonly mutable: readonly string[];
  readonly data: DataDescription;
  readonly batchSize: number;
  /** Where initial weights come from. */
  readonly key: Key;
}

/** A model that was built, with the variables that are its state. Their memory is freed by `dispose`. */
export interface Building {
  readonly model: BuiltModel;
  readonly variables: readonly tf.Variable[];
  readonly layout: StateLayout;
  dispose(): void;
}

/** Runs `act` while `Math.random` is keyed. tfjs seeds its initializers with it, as does whatever else a model's code uses. */
export function withKeyedMathRandom<T>(key: Key, act: () => T): T {
  const original = Math.random;
  Math.random = sequence(key);
  try {
    return act();
  } finally {
    Math.random = original;
  }
}

function structuralView({ structural, mutable }: BuildOptions): Hyperparameters {
  const view = { ...structural };
  for (const name of mutable) {
    Object.defineProperty(view, name, {
      get() {
        throw errors.TRIAL_MUTABLE_IN_BUILD({ name });
      },
    });
  }
  return Object.freeze(view);
}

/** Builds a model. Equal options give equal initial weights. Errors: TRIAL_…, and GRAPH_TYPE_NOT_SUPPORTED. */
export function buildModel(definition: ModelDefinition, options: BuildOptions): Building {
  installKeyedLayers();
  const context: BuildContext = {
    hyper: structuralView(options) as BuildContext['hyper'],
    data: options.data,
    batchSize: options.batchSize,
  };
  const { result, variables, dispose } = withKeyedMathRandom(options.key, () => {
    return collectVariables(() => attempt('build', () => definition.build(context)));
  });
  if (variables.length === 0) throw errors.TRIAL_NOTHING_TO_TRAIN({});
  return {
    model: result,
    variables,
    layout: layoutState(variables),
    dispose,
  };
}

/** Runs the model author's code; what it throws becomes an error that names the author's line. */
export function attempt<T>(what: 'build' | 'step' | 'evaluate' | 'predict', act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof TunerError) throw error;
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const line = userLine(stack ?? '');
    if (what === 'build') throw errors.TRIAL_BUILD_FAILED({ message, line }, error);
    throw errors.TRIAL_STEP_FAILED({ what, message, line }, error);
  }
}

/** The state of a freshly built model, in shared memory: step 0. */
export function initialState(building: Building, addon: Parameters<typeof alignedShared>[0]): Uint8Array {
  const { layout, variables } = building;
  const state = alignedShared(addon, layout.byteLength);
  for (const [index, tensor] of layout.tensors.entries()) {
    tensorView(state, tensor).set(variables[index]!.dataSync() as Float32Array);
  }
  writeHeader(state, layout, 0);
  return state;
}

/** Puts a state's values into the variables of a built model, to export or inspect it. */
export function loadState(building: Building, state: Uint8Array): void {
  tf.tidy(() => {
    for (const [index, tensor] of building.layout.tensors.entries()) {
      // copied: tfjs may keep the array, and a view would hold on to the shared buffer
      const values = tensorView(state, tensor).slice();
      building.variables[index]!.assign(tf.tensor(values, [...tensor.shape], tensor.type));
    }
  });
}
