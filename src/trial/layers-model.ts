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
  /** `adam`, `momentum`, … or as Keras spells it. A hyperparameter `optimizer` with such names takes precedence. */
  readonly optimizer: OptimizerName | (string & {});
  /**
   * `categoricalCrossentropy`, `meanSquaredError`, … or as Keras spells it. Cross-entropies are computed from probabilities where the last
   * layer is a softmax or a sigmoid, and from logits where it has no activation. A hyperparameter `loss` takes precedence.
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
  // said now, not at the first build
  const byDefault = { optimizer: findOptimizer(options.optimizer), loss: findLoss(options.loss) };
  return defineModel<S>({
    space: options.space,
    build: (context) => {
      const { optimizer, loss } = context.hyper as { readonly optimizer?: unknown; readonly loss?: unknown };
      const name = typeof optimizer === 'string' ? findOptimizer(optimizer) : byDefault.optimizer;
      const training = {
        optimizer: { name, settings: {} },
        loss: typeof loss === 'string' ? findLoss(loss) : byDefault.loss,
      };
      return tunedLayers(options.model(context), training, context as never) as BuiltModel<S>;
    },
  });
}
