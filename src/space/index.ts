/** Search spaces: how parameters are written, checked, moved within, and mapped to the unit interval and back. */
export { boolean, choice, float, int, ordinal } from './builders.js';
export { completePoint } from './complete-point.js';
export { activeOnly, isActive } from './conditions.js';
export { firstBroken } from './constraints.js';
export { defaultsOf } from './defaults.js';
export type {
  BooleanDefinition,
  ChoiceDefinition,
  ChoiceOptions,
  FixedDefinition,
  FloatDefinition,
  FloatOptions,
  Hyperparameters,
  IntDefinition,
  IntOptions,
  OrdinalDefinition,
  ParameterDefinition,
  Scale,
  SpaceDefinition,
  Value,
  When,
} from './definition.js';
export { describeAllowed, describeValue } from './describe.js';
export type { InferHyperparameters } from './infer.js';
export type {
  ChoiceParameter,
  Condition,
  Constraint,
  FixedParameter,
  FloatParameter,
  Grid,
  IntParameter,
  NumberParameter,
  Parameter,
  Space,
} from './parameter.js';
export { type ParseSpaceOptions, parseSpace } from './parse.js';
export { sample } from './sample.js';
export { sampleSpace } from './sample-space.js';
export { decode, encode } from './transform.js';
export { validateHyperparameters } from './validate.js';
export { clip, contains, neighbour } from './values.js';
