import * as tf from '@tensorflow/tfjs';
import {
  type BatchColumn,
  type BodyTrace,
  compileRule,
  type EvaluationProgram,
  evaluationProgram,
  type OpDefinitions,
  type StateLayout,
  type TableColumn,
  type TensorFlowBackend,
  type TraceOptions,
  type TraceSample,
  type TrainingProgram,
  traceEvaluation,
  traceTraining,
  trainingProgram,
} from '../graph/index.js';
import { foldIn, type Key, seedKey } from '../random/index.js';
import { type Building, withKeyedMathRandom } from './build.js';
import { whileCompilable } from './fused/index.js';
import { KeyedRandom } from './keyed-random.js';
import type { Batch } from './model.js';
import { runEvaluation, runStep } from './run-model.js';

export interface TraceModelOptions {
  readonly backend: TensorFlowBackend;
  readonly definitions: OpDefinitions;
  readonly columns: readonly TableColumn[];
  /** A few rows of each column, at least one: what the step is tried on. */
  readonly sampleRows: Readonly<Record<string, ArrayLike<number>>>;
  readonly batchSize: number;
  readonly evaluationBatchSize: number;
  /** Mutable hyperparameters with two values each, at the ends of their range. */
  readonly mutable: Readonly<Record<string, readonly [number, number]>>;
  readonly compile: 'auto' | 'always' | 'never';
  /** Steps that the study plans for one shape. */
  readonly plannedSteps: number;
  /** Trials of the study. */
  readonly trials: number;
}

/** All that workers need to train and evaluate one shape. Plain data: it is posted to them. */
export interface TracedModel {
  readonly training: TrainingProgram;
  readonly evaluation: EvaluationProgram;
  readonly layout: StateLayout;
  readonly compile: { readonly compile: boolean; readonly reason: string };
}

/** Samples that differ in everything a graph must not depend on. */
function samples(options: TraceModelOptions, rows: number): [TraceSample, TraceSample] {
  const make = (which: 0 | 1): TraceSample => ({
    rows: Object.fromEntries(options.columns.map((column) => [column.name, cycle(options, column, rows, which)])),
    hyperparameters: Object.fromEntries(Object.entries(options.mutable).map(([name, pair]) => [name, pair[which]])),
    step: which,
    seed: [1 + which, 2],
  });
  return [make(0), make(1)];
}

/** `rows` rows of a column, repeating the sample rows, from another one for the second trace. */
function cycle(options: TraceModelOptions, { name, rowShape }: BatchColumn, rows: number, which: number): Float32Array {
  const width = rowShape.reduce((a, b) => a * b, 1);
  // all types of columns fit, but for large integers, whose exact values no graph depends on
  const values = Float32Array.from(options.sampleRows[name]!);
  const available = values.length / width;
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = ((row + which) % available) * width;
    out.set(values.subarray(from, from + width), row * width);
  }
  return out;
}

/** Keys of JavaScript randomness during the traces: another for each call, so that drawing in a step is found out. */
let traceCount = 0;
function traceKey(): Key {
  return foldIn(seedKey(0), 'trace', traceCount++);
}

/** Traces a built model's step and evaluation into programs. Changes the values of the building's variables. */
export function traceModel(building: Building, options: TraceModelOptions): TracedModel {
  return options.compile === 'always' ? whileCompilable(() => trace(building, options)) : trace(building, options);
}

function trace(building: Building, options: TraceModelOptions): TracedModel {
  const { batchSize, evaluationBatchSize, columns } = options;
  const shared = {
    tf,
    backend: options.backend,
    definitions: options.definitions,
    variables: building.variables,
    columns,
  };
  const training = traceStep(building, { ...shared, batchSize, samples: samples(options, batchSize) });
  const evaluation = traceEvaluate(building, {
    ...shared,
    batchSize: evaluationBatchSize,
    samples: samples(options, evaluationBatchSize),
  });
  const compile = decideCompile(options, training);
  const program = {
    columns,
    hyperparameters: Object.keys(options.mutable),
    layout: building.layout,
  };
  return {
    training: trainingProgram({ ...program, trace: training, batchSize, compile: compile.compile }),
    // Compiled for its bits, not for speed: a plain evaluation's would depend on the number of cores.
    evaluation: evaluationProgram({
      ...program,
      trace: evaluation,
      batchSize: evaluationBatchSize,
      compile: compile.compile,
    }),
    layout: building.layout,
    compile,
  };
}

function traceStep({ model }: Building, options: TraceOptions): BodyTrace {
  return traceTraining(options, (batch, { hyper, step, draw }) => {
    const random = new KeyedRandom(draw);
    return withKeyedMathRandom(traceKey(), () => runStep(model, batch as unknown as Batch, hyper, { random, step }));
  });
}

function traceEvaluate({ model }: Building, options: TraceOptions): BodyTrace {
  return traceEvaluation(options, (batch, hyper) => {
    return withKeyedMathRandom(traceKey(), () => runEvaluation(model, batch as unknown as Batch, hyper));
  });
}

function decideCompile(
  { compile, plannedSteps, trials }: TraceModelOptions,
  { nodes }: BodyTrace,
): TracedModel['compile'] {
  if (compile === 'auto') return compileRule(nodes, { plannedSteps, trials });
  return { compile: compile === 'always', reason: `the sweep says ${compile}` };
}
