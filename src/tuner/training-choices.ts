import type { SpaceDefinition } from '../space/index.js';

/** Optimizers and losses by name, where a space has them: those that trials of a model without a step of its own differ in. */
export interface TrainingChoices {
  readonly optimizers?: readonly string[];
  readonly losses?: readonly string[];
}

/**
 * What a space says of the hyperparameters `optimizer` and `loss`. A model that declares them itself reads them as it likes.
 *
 * @param space a sweep's, or that of a study that was made
 */
export function trainingChoices(space: SpaceDefinition = {}): TrainingChoices {
  const [optimizers, losses] = [namesOf(space.optimizer), namesOf(space.loss)];
  return { ...(optimizers && { optimizers }), ...(losses && { losses }) };
}

/** The texts among a parameter's values; `undefined` if there are none. */
function namesOf(definition: SpaceDefinition[string] | undefined): readonly string[] | undefined {
  if (typeof definition === 'string') return [definition];
  if (typeof definition !== 'object') return undefined;
  const values = 'choice' in definition ? definition.choice : 'fixed' in definition ? [definition.fixed] : [];
  const names = values.filter((value) => typeof value === 'string');
  return names.length > 0 ? names : undefined;
}
