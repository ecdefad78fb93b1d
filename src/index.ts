/** The public API. What a model author writes against is `tfjs-tuner/model`. */
export { TunerError } from './errors/index.js';
export { boolean, choice, float, int } from './space/index.js';
export type { StudySummary, TunerEvent } from './study/index.js';
export {
  defineSweep,
  type ExportOptions,
  type ExportResult,
  exportStudy,
  type RunOptions,
  resume,
  type Sweep,
  type TuneOptions,
  tune,
} from './tuner/index.js';
