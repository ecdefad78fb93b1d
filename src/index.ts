/** The public API. What a model author writes against is `tfjs-tuner/model`. */
export { TunerError } from './errors/index.js';
export { foldIn, uniform } from './random/index.js';
export { boolean, choice, float, int, ordinal } from './space/index.js';
export type { ExploreFunction, StudySummary, TunerEvent } from './study/index.js';
export {
  changeStudy,
  defineSweep,
  type EncodedDataset,
  type ExportOptions,
  type ExportResult,
  encodeDataset,
  exportStudy,
  type ObjectiveSweep,
  type PredictOptions,
  type PredictResult,
  predict,
  type RunOptions,
  resume,
  type StudyChange,
  type Sweep,
  type TuneOptions,
  tune,
} from './tuner/index.js';
