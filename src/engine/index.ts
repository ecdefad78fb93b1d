/** The thread pool: runs segments of training anywhere, and again when a thread is lost. Knows nothing of strategies. */
export { Engine, type EngineOptions, type Incident, type SegmentOutcome, type SegmentRequest } from './engine.js';
export { foldMetricNames } from './folds.js';
export { ObjectivePool } from './objective/objective-pool.js';
export type { ExportedModel, Shape } from './tasks.js';
