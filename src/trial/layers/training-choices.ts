/** Optimizers and losses that a layers model may be trained with: one, or hyperparameters of a study. */
import type { Hyperparameters, SpaceDefinition } from '../../space/index.js';
import { type ChosenOptimizer, optimizerSpace, optimizersSpace } from './optimizers-by-name.js';
import type { Training } from './tuned-layers.js';

/** One, or each by the name that the sweep has for it. */
type OneOf<T> = T | readonly (readonly [name: string, T])[];

export interface TrainingChoices {
  /** Settings of the optimizers, and `optimizer` and `loss` themselves where they are chosen. */
  readonly space: SpaceDefinition;
  /** How a trial with these structural hyperparameters is trained. */
  trainingWith(hyper: Hyperparameters): Training;
}

export function trainingChoices(given: {
  readonly optimizer: OneOf<ChosenOptimizer>;
  readonly loss: OneOf<string>;
}): TrainingChoices {
  const { optimizer, loss } = given;
  const choice = (options: readonly (readonly [string, unknown])[]) => ({ choice: options.map(([name]) => name) });
  return {
    space: {
      ...(isOne(optimizer)
        ? optimizerSpace(optimizer)
        : { optimizer: choice(optimizer), ...optimizersSpace(optimizer) }),
      ...(isOne(loss) ? {} : { loss: choice(loss) }),
    },
    trainingWith: (hyper) => ({ optimizer: chosen(optimizer, hyper.optimizer), loss: chosen(loss, hyper.loss) }),
  };
}

function isOne<T>(options: OneOf<T>): options is T {
  return !Array.isArray(options);
}

function chosen<T>(options: OneOf<T>, name: unknown): T {
  if (isOne(options)) return options;
  const found = options.find(([one]) => one === name);
  if (found === undefined) throw new Error(`${String(name)} is none of the space's values`);
  return found[1];
}
