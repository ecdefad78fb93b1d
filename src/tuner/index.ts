/** The conductor: reads a sweep, opens the store, asks the study, runs segments on the engine, records, resumes. */
export { changeStudy, type StudyChange } from './change-study.js';
export { type EncodedDataset, encodeDataset } from './encode-dataset.js';
export { type ExportOptions, type ExportResult, exportStudy } from './export-study.js';
export { listModels } from './models.js';
export type { ObjectiveSweep } from './objective/objective-sweep.js';
export { type PredictOptions, type PredictResult, predict } from './predict.js';
export { defineSweep, type Sweep } from './sweep-schema.js';
export { type RunOptions, resume, type TuneOptions, tune } from './tune.js';
