import type * as tf from '@tensorflow/tfjs';
import type { SpaceDefinition } from '../space/index.js';
import { findLoss } from './layers/losses-by-name.js';
import { findOptimizer, type OptimizerName } from './layers/optimizers-by-name.js';
import { tunedLayers } from './layers/tuned-layers.js';
import { type BuildContext, type BuiltModel, defineModel, type ModelDefinition } from './model.js';

export interface LayersModelOptions<S extends SpaceDefinition> {
  /** Must have `learningRate`; what else is named like one of the optimizer's settings is tuned too: `momentum`, `beta1`, … */
  readonly space: S & { readonly learningRate: S['learningRate'] };
  /** An existing tfjs model, or a function that builds one. It is trained from its own initial weights. */
  readonly model: (context: BuildContext<S>) => tf.LayersModel;
  /** `adam`, `momentum`, … or as Keras spells it. */
  readonly optimizer: OptimizerName | (string & {});
  /**
   * `categoricalCrossentropy`, `meanSquaredError`, … or as Keras spells it. Cross-entropies are computed from probabilities where the last
   * layer is a softmax or a sigmoid, and from logits where it has no activation.
   */
  readonly loss: string;
}

/**
 * An existing `tf.LayersModel` with an optimizer and a loss by name: the shortest way to tune one. Regularisers count into the
 * training loss, and frozen layers stay frozen. Metrics: `valLoss`, and `valAccuracy` where the target is a class.
 *
 * Errors: TRIAL_UNKNOWN_OPTIMIZER, TRIAL_UNKNOWN_LOSS; at the first build TRIAL_INPUT_SHAPE and others.
 */
export function layersModel<const S extends SpaceDefinition>(options: LayersModelOptions<S>): ModelDefinition<S> {
  const training = {
    optimizer: { name: findOptimizer(options.optimizer), settings: {} },
    loss: findLoss(options.loss),
  };
  return defineModel<S>({
    space: options.space,
    build: (context) => tunedLayers(options.model(context), training, context as never) as BuiltModel<S>,
  });
}
