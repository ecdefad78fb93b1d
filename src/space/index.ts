/** Search spaces: how parameters are written, checked, moved within, and mapped to the unit interval and back. */
export { boolean, choice, float, int } from './builders.js';
export type {
  BooleanDefinition,
  ChoiceDefinition,
  ChoiceOptions,
  FloatDefinition,
  FloatOptions,
  Hyperparameters,
  IntDefinition,
  IntOptions,
  ParameterDefinition,
  Scale,
  SpaceDefinition,
  Value,
} from './definition.js';
export { describeAllowed, describeValue } from './describe.js';
export type { InferHyperparameters } from './infer.js';
export type {
  ChoiceParameter,
  FixedParameter,
  FloatParameter,
  Grid,
  IntParameter,
  NumberParameter,
  Parameter,
  Space,
} from './parameter.js';
export { parseSpace } from './parse.js';
export { sample } from './sample.js';
export { decode, encode } from './transform.js';
export { clip, contains, neighbour, validateHyperparameters } from './values.js';
