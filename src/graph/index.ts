/** The tracer: an eager tfjs step becomes a GraphDef, and runs as a loop of many steps a native call. */
export { alignedShared } from './aligned.js';
export type { TensorFlowBackend, TensorLike } from './backend.js';
export { type CompileChoice, compileRule } from './compile-rule.js';
export { type DrawKind, drawEagerly, drawSpec } from './draws.js';
export { type EvaluationRows, evaluationRows } from './evaluation-rows.js';
export { applies, type FusedRule } from './fused-rules.js';
export { type GraphModel, graphModelOf } from './graph-model.js';
export { type InferenceGraph, type InferenceInput, traceInference } from './inference.js';
export { type Metric, metricTransform, metricValues, type TransformedMetric, transformMean } from './metric.js';
export { OpDefinitions } from './op-definitions.js';
export { choosesOwnProducts, withOwnProducts } from './own-products.js';
export {
  type EvaluationProgram,
  evaluationProgram,
  type TableColumn,
  type TrainingProgram,
  trainingProgram,
} from './program.js';
export { programBytes } from './program-memory.js';
export { type EvaluationOptions, EvaluationRunner, resultOf, type Tables, TrainingRunner } from './run.js';
export { encodeSavedModel } from './saved-model.js';
export {
  firstNonFinite,
  layoutState,
  readHeader,
  type StateLayout,
  type StateTensor,
  tensorView,
  writeHeader,
} from './state-layout.js';
export {
  type BatchColumn,
  type BodyTrace,
  type TraceOptions,
  type TraceSample,
  traceEvaluation,
  traceTraining,
} from './trace.js';
export { callSite, userLine } from './user-line.js';
