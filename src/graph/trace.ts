/**
 * Traces one training step, or one evaluation, of a model into the body of a loop.
 *
 * The body is a pure function. Its parameters, in this order (`trainingParameters`, `evaluationParameters`):
 *
 * | parameter | type, shape | what |
 * | --- | --- | --- |
 * | counter, limit | int32 [] | loop variable, and the number of steps in this call |
 * | firstStep | int32 [] | training: steps that the trial has trained before this call |
 * | h_NAME | float32 [] | mutable hyperparameters |
 * | rows_NAME | column's type, [steps, batch, …row] | the batches of this call, gathered before the loop |
 * | draw_I | float32 [steps, size] | training: random numbers, drawn before the loop (see `draws.ts`) |
 * | weights | float32 [steps, batch] | evaluation: 1, or 0 for the padding of a partial last batch |
 * | sum_NAME | float64 [] | training: sum of losses; evaluation: each metric's weighted sum; those of the calls before are fed |
 * | state_I | variable's | variables; an evaluation has only those that it reads |
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlowBackend } from './backend.js';
import { compareTraces, type Recording } from './compare-traces.js';
import { type DrawKind, type DrawSpec, drawEagerly, drawSpec } from './draws.js';
import { errors } from './errors.js';
import { applies } from './fused-rules.js';
import { GraphBuilder, type Reference } from './graph-builder.js';
import { type DataTypeName, encodeGraph } from './graph-def.js';
import { refusingSources } from './javascript-sources.js';
import { type Metric, type MetricTransform, metricTransform, metricValues } from './metric.js';
import type { OpDefinitions } from './op-definitions.js';
import { poolFirst } from './pool-first.js';
import { Recorder } from './recorder.js';

/** A column of the data set as the step sees it: float32 `value * scale + offset`, or int32 as it is. */
export interface BatchColumn {
  readonly name: string;
  readonly type: 'uint8' | 'int32' | 'float32';
  readonly rowShape: readonly number[];
  /** Given for features: they are cast to float32 and scaled in the graph. */
  readonly scale?: { readonly factor: number; readonly offset: number };
}

/** What is fed to a trace: values that only have to be plausible, since a graph does not depend on them. */
export interface TraceSample {
  /** `batchSize` rows a column, in the column's own type. */
  readonly rows: Readonly<Record<string, ArrayLike<number>>>;
  readonly hyperparameters: Readonly<Record<string, number>>;
  readonly step: number;
  readonly seed: readonly [number, number];
}

export interface TraceOptions {
  readonly tf: typeof tfjs;
  readonly backend: TensorFlowBackend;
  readonly definitions: OpDefinitions;
  /** All variables of the model and of its optimizer, in the order of the state's layout. */
  readonly variables: readonly tfjs.Variable[];
  readonly columns: readonly BatchColumn[];
  readonly batchSize: number;
  /** At least two, that differ in everything: what differs between their traces is refused. */
  readonly samples: readonly TraceSample[];
}

export type Tensors = Readonly<Record<string, tfjs.Tensor>>;

/** What a step sees besides its batch. */
export interface TracedContext {
  readonly hyper: Tensors;
  /** int32 []: steps trained before this one. */
  readonly step: tfjs.Scalar;
  /** Random numbers, float32 of any shape, that differ for every trial, step and call within the step. */
  readonly draw: (kind: DrawKind, shape: readonly number[]) => tfjs.Tensor;
}

export type TrainingStep = (batch: Tensors, context: TracedContext) => tfjs.Scalar;
export type Evaluation = (batch: Tensors, hyper: Tensors) => Readonly<Record<string, Metric>>;

/** The traced body of a loop. */
export interface BodyTrace extends Recording {
  readonly body: Uint8Array;
  readonly parameters: readonly string[];
  readonly results: readonly Reference[];
  /** Names of the sums: `loss`, or the metrics in the order in which the evaluation returned them. */
  readonly sums: readonly string[];
  /** What is reported of each sum's mean, in the same order. */
  readonly transforms: readonly MetricTransform[];
  /** What is drawn for each step. */
  readonly draws: readonly DrawSpec[];
  /** Which variables are parameters, by index; training: all of them. */
  readonly state: readonly number[];
}

/** One recording under way: the graph, and the eager tensors that stand for its parameters. */
class TraceRun {
  readonly graph = new GraphBuilder();
  readonly recorder: Recorder;
  readonly counter = this.graph.placeholder('counter', 'int32', []);
  readonly limit = this.graph.placeholder('limit', 'int32', []);

  constructor(
    readonly options: TraceOptions,
    readonly sample: TraceSample,
  ) {
    this.recorder = new Recorder(options.backend, this.graph, options.definitions);
  }

  readonly draws: DrawSpec[] = [];

  get tf() {
    return this.options.tf;
  }

  bound<T extends tfjs.Tensor>(tensor: T, reference: Reference, what: string): T {
    this.recorder.bind(tensor, reference, what);
    return tensor;
  }

  bindVariables(): void {
    for (const [index, variable] of this.options.variables.entries()) {
      const type = variable.dtype as DataTypeName;
      const reference = this.graph.placeholder(`state_${index}`, type, variable.shape);
      this.recorder.bind(variable, reference, `the variable "${variable.name}"`);
    }
  }

  hyper(): Tensors {
    const entries = Object.entries(this.sample.hyperparameters).map(([name, value]) => {
      const reference = this.graph.placeholder(`h_${name}`, 'float32', []);
      return [name, this.bound(this.tf.scalar(value), reference, `the hyperparameter "${name}"`)] as const;
    });
    return Object.fromEntries(entries);
  }

  /** The batch number `counter`, cast and scaled in the graph. */
  batch(): Tensors {
    return Object.fromEntries(this.options.columns.map((column) => [column.name, this.#column(column)]));
  }

  #column({ name, type, rowShape, scale }: BatchColumn): tfjs.Tensor {
    const { graph } = this;
    const shape = [this.options.batchSize, ...rowShape];
    const values = Float32Array.from(this.sample.rows[name]!);
    const rows = graph.placeholder(`rows_${name}`, type, [-1, ...shape]);
    let reference = graph.gather(rows, this.counter, type);
    if (!scale) {
      const target = type === 'float32' ? 'float32' : 'int32';
      const tensor = this.tf.tensor(values, shape, target);
      return this.bound(tensor, graph.cast(reference, type, target), `the batch's ${name}`);
    }
    const { factor, offset } = scale;
    reference = graph.cast(reference, type, 'float32');
    if (factor !== 1) reference = graph.binary('Mul', reference, graph.scalar('float32', factor), 'float32');
    if (offset !== 0) reference = graph.binary('AddV2', reference, graph.scalar('float32', offset), 'float32');
    const scaled = values.map((value) => value * factor + offset);
    return this.bound(this.tf.tensor(scaled, shape, 'float32'), reference, `the batch's ${name}`);
  }

  /** `sum_NAME` plus a float64 scalar. */
  accumulate(name: string, value: Reference): Reference {
    const sum = this.graph.placeholder(`sum_${name}`, 'float64', []);
    return this.graph.binary('AddV2', sum, value, 'float64');
  }

  /** Draws eagerly, unrecorded, and says that the step's row of `draw_I` is what was drawn. */
  draw(kind: DrawKind, shape: readonly number[]): tfjs.Tensor {
    const { graph, recorder, sample } = this;
    const spec = drawSpec(kind, shape, this.draws.length);
    this.draws.push(spec);
    const { seed, step } = sample;
    const drawn = recorder.unrecorded(() => drawEagerly(this.tf, this.options.backend, spec, seed, step));
    const rows = graph.placeholder(`draw_${spec.index}`, 'float32', [-1, spec.paddedSize]);
    const row = graph.gather(rows, this.counter, 'float32');
    const used = spec.paddedSize === spec.size ? row : graph.head(row, spec.size, 'float32');
    return this.bound(drawn, graph.reshape(used, shape, 'float32'), 'a random draw');
  }

  next(): Reference {
    return this.graph.binary('AddV2', this.counter, this.graph.scalar('int32', 1), 'int32');
  }

  variableReferences(): Reference[] {
    return this.options.variables.map((variable) => this.recorder.referenceOf(variable));
  }

  finish(
    parameters: string[],
    results: Reference[],
    sums: string[],
    state: number[],
    transforms: MetricTransform[] = sums.map(() => 'mean'),
  ): BodyTrace {
    const nodes = applies('pool-first') ? poolFirst(this.graph.nodes, results) : this.graph.nodes;
    return {
      nodes,
      ops: this.recorder.ops,
      body: encodeGraph(nodes),
      parameters,
      results,
      sums,
      transforms,
      draws: this.draws,
      state,
    };
  }
}

function traceOnce(options: TraceOptions, sample: TraceSample, trace: (run: TraceRun) => BodyTrace): BodyTrace {
  const run = new TraceRun(options, sample);
  let traced: BodyTrace | undefined;
  try {
    // not returned through tidy: it would search the whole graph for tensors
    options.tf.tidy(() => {
      traced = trace(run);
    });
  } finally {
    run.recorder.dispose();
  }
  return traced!;
}

/** Runs `trace` with each sample, compares the graphs with the first one, and returns that. */
function traceRepeatedly(options: TraceOptions, trace: (run: TraceRun) => BodyTrace): BodyTrace {
  const first = traceOnce(options, options.samples[0]!, trace);
  for (const sample of options.samples.slice(1)) compareTraces(first, traceOnce(options, sample, trace));
  return first;
}

const names = (prefix: string, list: readonly string[]) => list.map((name) => `${prefix}_${name}`);

/**
 * Traces a training step: `step` is run eagerly, once a sample, and changes the variables as it does. Errors: GRAPH_… (see the
 * room's errors), and whatever the step itself throws.
 */
export function traceTraining(options: TraceOptions, step: TrainingStep): BodyTrace {
  return traceRepeatedly(options, (run) => {
    const { graph, tf, sample, recorder } = run;
    run.bindVariables();
    const hyper = run.hyper();
    const batch = run.batch();
    const firstStep = graph.placeholder('firstStep', 'int32', []);
    const stepNumber = graph.binary('AddV2', firstStep, run.counter, 'int32');
    const context: TracedContext = {
      hyper,
      step: run.bound(tf.scalar(sample.step, 'int32'), stepNumber, 'the step number'),
      draw: (kind, shape) => run.draw(kind, shape),
    };
    const loss = recorder.record(() => refusingSources(() => step(batch, context)));
    if (loss.rank !== 0 || loss.dtype !== 'float32') {
      throw errors.GRAPH_LOSS_NOT_SCALAR({ shape: `[${loss.shape}]`, type: loss.dtype });
    }
    const sum = run.accumulate('loss', graph.cast(recorder.referenceOf(loss), 'float32', 'float64'));
    const columns = options.columns.map(({ name }) => `rows_${name}`);
    const hypers = names('h', Object.keys(hyper));
    const indices = options.variables.map((_, index) => index);
    const draws = run.draws.map(({ index }) => `draw_${index}`);
    const before = ['limit', 'firstStep', ...hypers, ...columns, ...draws];
    const parameters = ['counter', ...before, 'sum_loss', ...indices.map((index) => `state_${index}`)];
    const results = [run.next(), ...before.map((name) => `${name}:0`), sum, ...run.variableReferences()];
    return run.finish(parameters, results, ['loss'], indices);
  });
}

/** Traces an evaluation: each metric is one float32 value a row, and is summed with the rows' weights; what is
 * reported of the mean goes with it. */
export function traceEvaluation(options: TraceOptions, evaluate: Evaluation): BodyTrace {
  return traceRepeatedly(options, (run) => {
    const { graph, recorder } = run;
    run.bindVariables();
    const hyper = run.hyper();
    const batch = run.batch();
    const weights = graph.placeholder('weights', 'float32', [-1, options.batchSize]);
    const before = run.variableReferences();
    const metrics = recorder.record(() => refusingSources(() => evaluate(batch, hyper)));
    const changed = run.variableReferences().findIndex((reference, index) => reference !== before[index]);
    if (changed >= 0) throw errors.GRAPH_EVALUATION_CHANGES_STATE({ variable: options.variables[changed]!.name });
    const weight = graph.gather(weights, run.counter, 'float32');
    const sums = Object.entries(metrics).map(([name, metric]) => {
      const values = metricValues(metric);
      checkMetric(name, values, options.batchSize);
      const weighted = graph.binary('Mul', recorder.referenceOf(values), weight, 'float32');
      // cast before the sum: one in float32 loses digits with the size of the batch
      return run.accumulate(name, graph.sum(graph.cast(weighted, 'float32', 'float64'), 'float64'));
    });
    const used = usedStates(run);
    const columns = options.columns.map(({ name }) => `rows_${name}`);
    const constant = ['limit', ...names('h', Object.keys(hyper)), ...columns, 'weights'];
    const state = used.map((index) => `state_${index}`);
    const parameters = ['counter', ...constant, ...names('sum', Object.keys(metrics)), ...state];
    const results = [run.next(), ...constant.map((name) => `${name}:0`), ...sums, ...state.map((name) => `${name}:0`)];
    const transforms = Object.values(metrics).map(metricTransform);
    return run.finish(parameters, results, Object.keys(metrics), used, transforms);
  });
}

function checkMetric(name: string, metric: tfjs.Tensor, batch: number): void {
  if (metric.rank === 1 && metric.shape[0] === batch && metric.dtype === 'float32') return;
  throw errors.GRAPH_METRIC_SHAPE({ name, shape: `[${metric.shape}] of ${metric.dtype}`, batch });
}

/** Variables that some node reads, by index. */
function usedStates({ graph, options }: TraceRun): number[] {
  const read = new Set(graph.nodes.flatMap(({ input }) => input));
  return options.variables.map((_, index) => index).filter((index) => read.has(`state_${index}:0`));
}
