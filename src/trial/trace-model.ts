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
  withOwnProducts,
} from '../graph/index.js';
import type { Building } from './build.js';
import { whileCompilable } from './fused/index.js';
import { KeptValues } from './kept-values.js';
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
  /** Whether a plain program's products of matrices are the addon's own (`choosesOwnProducts`). */
  readonly ownProducts: boolean;
}

/** All that workers need to train and evaluate one shape. Plain data: it is posted to them. */
export interface TracedModel {
  readonly training: TrainingProgram;
  readonly evaluation: EvaluationProgram;
  readonly layout: StateLayout;
  readonly compile: { readonly compile: boolean; readonly reason: string };
}

/** How often a step is traced. The third time finds what happens to be equal in the first two: `count++ < 2`. */
const traceCount = 3;

/** Samples that differ in everything a graph must not depend on. */
function samples(options: TraceModelOptions, rows: number): TraceSample[] {
  return Array.from({ length: traceCount }, (_, which) => ({
    rows: Object.fromEntries(options.columns.map((column) => [column.name, cycle(options, column, rows, which)])),
    hyperparameters: Object.fromEntries(
      Object.entries(options.mutable).map(([name, pair]) => [name, pair[which % 2]!]),
    ),
    step: which,
    seed: [1 + which, 2],
  }));
}

/** `rows` rows of a column, repeating the sample rows, from another one for each trace. */
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
  const final = options.ownProducts && !compile.compile ? withOwnProducts : (trace: BodyTrace) => trace;
  const trained = final(training);
  return {
    training: trainingProgram({ ...program, trace: trained, batchSize, compile: compile.compile }),
    // Compiled for its bits, not for speed: a plain evaluation's would depend on the number of cores.
    evaluation: evaluationProgram({
      ...program,
      trace: final(evaluation),
      batchSize: evaluationBatchSize,
      compile: compile.compile,
    }),
    layout: building.layout,
    compile:
      trained === training
        ? compile
        : { ...compile, reason: `${compile.reason}, matrices are multiplied by the addon` },
  };
}

function traceStep(building: Building, options: TraceOptions): BodyTrace {
  const kept = new KeptValues(building.model);
  return traceTraining(options, (batch, { hyper, step, draw }) => {
    const random = new KeyedRandom(draw);
    const loss = runStep(building, batch as unknown as Batch, hyper, { random, step });
    kept.look();
    return loss;
  });
}

function traceEvaluate(building: Building, options: TraceOptions): BodyTrace {
  const kept = new KeptValues(building.model);
  return traceEvaluation(options, (batch, hyper) => {
    const metrics = runEvaluation(building, batch as unknown as Batch, hyper);
    kept.look();
    return metrics;
  });
}

function decideCompile(
  { compile, plannedSteps, trials }: TraceModelOptions,
  { nodes }: BodyTrace,
): TracedModel['compile'] {
  if (compile === 'auto') return compileRule(nodes, { plannedSteps, trials });
  return { compile: compile === 'always', reason: `the sweep says ${compile}` };
}
