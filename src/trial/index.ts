/** What a model author writes against, and what builds and traces the result. */
export { boolean, choice, float, int, ordinal } from '../space/index.js';
export * from './blocks/index.js';
export { type Building, type BuildOptions, buildModel, initialState, loadState } from './build.js';
export { EagerRunner } from './eager-runner.js';
export { errors as trialErrors } from './errors.js';
export { gelu, layerNorm } from './fused/index.js';
export { imageShape } from './image-shape.js';
export { traceModelInference } from './inference.js';
export { dropout, KeyedRandom } from './keyed-random.js';
export { type LayersModelOptions, layersModel } from './layers-model.js';
export { correct, softCrossEntropy, softmaxCrossEntropy, squaredError } from './losses.js';
export { exponentialMean, rootMean } from './metrics.js';
export {
  type Batch,
  type BuildContext,
  type BuiltModel,
  type DataDescription,
  defineModel,
  isModelDefinition,
  type ModelDefinition,
  type MutableHyperparameters,
  type StepContext,
  type StructuralHyperparameters,
} from './model.js';
export * from './optimizers/index.js';
export { type Prediction, predictionOf } from './prediction.js';
export { type TracedModel, type TraceModelOptions, traceModel } from './trace-model.js';
export { allVariables, trainableVariables } from './variables.js';
