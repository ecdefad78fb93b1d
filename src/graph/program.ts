/**
 * A traced body with everything around it, as plain data: what a worker needs to train a shape, without tfjs and without
 * the model's code. Batches are gathered from the data set once a call, before the loop, so that the loop (and what XLA
 * compiles) does not depend on the data set's size.
 */
import { createHash } from 'node:crypto';
import type { ProgramSpec } from '../native/index.js';
import { hasHeavyOps, operationCount } from './compile-rule.js';
import { encodeConfig } from './config-proto.js';
import { drawRows } from './draws.js';
import { GraphBuilder, type Reference } from './graph-builder.js';
import type { MetricDescription } from './metric.js';
import type { StateLayout } from './state-layout.js';
import type { BatchColumn, BodyTrace } from './trace.js';

/** A column of the data set on the whole: the whole table is fed, and rows are gathered from it by number. */
export interface TableColumn extends BatchColumn {
  readonly rowCount: number;
}

interface ProgramBase {
  readonly spec: ProgramSpec;
  readonly columns: readonly TableColumn[];
  readonly batchSize: number;
  /** Names of the mutable hyperparameters, in the order in which they are fed. */
  readonly hyperparameters: readonly string[];
  readonly layout: StateLayout;
  /** The most steps a call can do. */
  readonly capacity: number;
  /** Nodes of the step or evaluation. */
  readonly nodeCount: number;
  /** The model author's line that each op came from, by node: for errors. */
  readonly lines: Readonly<Record<string, string>>;
  /** A compiled program's shapes are fixed: it is always fed `capacity` steps' worth of row numbers. */
  readonly fixedCapacity: boolean;
}

/** Trains `limit` steps a call. Feeds: limit, sum of losses, firstStep, seed, hyperparameters, indices, columns, state. */
export interface TrainingProgram extends ProgramBase {
  readonly kind: 'training';
}

/** Evaluates `limit` batches a call. Feeds: limit, sums of metrics, hyperparameters, indices, weights, columns, state. */
export interface EvaluationProgram extends ProgramBase {
  readonly kind: 'evaluation';
  readonly metrics: readonly MetricDescription[];
  /** Tensors of the layout that are fed, by index. */
  readonly state: readonly number[];
}

export interface ProgramOptions {
  readonly trace: BodyTrace;
  readonly columns: readonly TableColumn[];
  readonly batchSize: number;
  readonly hyperparameters: readonly string[];
  readonly layout: StateLayout;
  readonly compile: boolean;
}

/** Memory that a call's gathered batches may take; beyond a few megabytes more does not make it faster. */
const gatheredBytes = 4 * 2 ** 20;
const mostStepsPerCall = 128;

/** A step of so many operations gains from a call of its own; what was measured is in docs/notes.md. */
const leastFlat = 400;

/**
 * Whether a step gets a call of its own, without a loop. TensorFlow optimises a function's body less than a graph: a small
 * CNN's step takes twice as long in a `While`. A step of milliseconds can afford what a call costs, some tenths of one. As with
 * compiling, a function of the graph alone, since the last bits differ.
 */
function isFlat({ trace, compile }: ProgramOptions): boolean {
  return !compile && (hasHeavyOps(trace.nodes) || operationCount(trace.nodes) > leastFlat);
}

function capacityOf(options: ProgramOptions): number {
  if (isFlat(options)) return 1;
  const { columns, batchSize, trace } = options;
  const rowBytes = columns.reduce((sum, { type, rowShape }) => {
    return sum + rowShape.reduce((a, b) => a * b, type === 'uint8' ? 1 : 4);
  }, 0);
  const drawnBytes = trace.draws.reduce((sum, { paddedSize }) => sum + 4 * paddedSize, 0);
  const stepBytes = rowBytes * batchSize + drawnBytes;
  return Math.max(1, Math.min(mostStepsPerCall, Math.floor(gatheredBytes / stepBytes)));
}

/** The graph around the loop: placeholders, and the gathers. */
class Surroundings {
  readonly graph = new GraphBuilder();
  readonly feeds: string[] = [];
  readonly #arguments = new Map<string, Reference>();

  /** Feeds a parameter of the loop as it is. */
  feed(name: string, ...[type, shape]: [Parameters<GraphBuilder['placeholder']>[1], readonly number[]]): Reference {
    const reference = this.graph.placeholder(name, type, shape);
    this.feeds.push(name);
    this.pass(name, reference);
    return reference;
  }

  pass(parameter: string, reference: Reference): void {
    this.#arguments.set(parameter, reference);
  }

  feedColumns(columns: readonly TableColumn[], indices: Reference): void {
    for (const { name, type, rowShape, rowCount } of columns) {
      const table = this.graph.placeholder(`table_${name}`, type, [rowCount, ...rowShape]);
      this.feeds.push(`table_${name}`);
      this.pass(`rows_${name}`, this.graph.gather(table, indices, type));
    }
  }

  arguments(parameters: readonly string[]): Reference[] {
    return parameters.map((name) => {
      const reference = this.#arguments.get(name);
      if (reference === undefined) throw new Error(`nothing is passed for ${name}`);
      return reference;
    });
  }
}

/**
 * Starts with what both kinds of programs are fed. Sums go on from call to call: added up outside, their last bits would depend on
 * how many steps a call does.
 */
function surround({ hyperparameters }: ProgramOptions, sums: readonly string[], scalars: () => void, s: Surroundings) {
  s.pass('counter', s.graph.scalar('int32', 0));
  s.feed('limit', 'int32', []);
  for (const name of sums) s.feed(`sum_${name}`, 'float64', []);
  scalars();
  for (const name of hyperparameters) s.feed(`h_${name}`, 'float32', []);
}

function specOf(s: Surroundings, options: ProgramOptions, fetched: readonly string[]): ProgramSpec {
  const { trace, compile } = options;
  const config = encodeConfig();
  const places = fetched.map((name) => trace.parameters.indexOf(name));
  if (isFlat(options)) {
    const results = inlineStep(s, trace);
    // what a step leaves as it is, such as a frozen layer's weights, would be fed and fetched at once, which TensorFlow refuses
    const unchanged = new Map(trace.state.map((index) => [`state_${index}:0`, options.layout.tensors[index]!.type]));
    const fetches = places.map((place) => {
      const result = results[place]!;
      const type = unchanged.get(result);
      return type === undefined ? result : s.graph.identity(result, type);
    });
    return withKey({ graph: s.graph.encode(), feeds: s.feeds, fetches, config });
  }
  return withKey({
    graph: s.graph.encode(),
    feeds: s.feeds,
    fetches: places.map((place) => `loop:${place}`),
    config,
    loop: {
      body: trace.body,
      parameters: trace.parameters,
      results: trace.results,
      arguments: s.arguments(trace.parameters),
      compile,
    },
  });
}

/** Adds the step's nodes to the surrounding graph, with what is passed for its parameters; returns its results there. */
function inlineStep(s: Surroundings, { nodes, parameters, results }: BodyTrace): Reference[] {
  const passed = s.arguments(parameters);
  const outer = new Map(parameters.map((name, index) => [`${name}:0`, passed[index]!]));
  const translate = (reference: Reference) => outer.get(reference) ?? `step/${reference}`;
  for (const { name, op, input, attr } of nodes) {
    if (!outer.has(`${name}:0`)) s.graph.node(op, input.map(translate), attr, `step/${name}`);
  }
  return results.map(translate);
}

function withKey(contents: Omit<ProgramSpec, 'key'>): ProgramSpec {
  return { key: keyOf(contents), ...contents };
}

/** SHA-256 over all that the program does. */
function keyOf({ graph, config, loop, ...rest }: Omit<ProgramSpec, 'key'>): string {
  const hash = createHash('sha256');
  const { body = new Uint8Array(), ...loopRest } = loop ?? {};
  for (const part of [graph, config, body]) hash.update(String(part.length)).update(part);
  return hash.update(JSON.stringify([rest, loopRest])).digest('hex');
}

function base(options: ProgramOptions): Omit<ProgramBase, 'spec'> {
  const { columns, batchSize, hyperparameters, layout, compile, trace } = options;
  return {
    columns,
    batchSize,
    hyperparameters,
    layout,
    capacity: capacityOf(options),
    nodeCount: trace.nodes.length,
    lines: linesOf(trace),
    fixedCapacity: compile,
  };
}

/** Every op's line: also a model's last op may fail. */
function linesOf({ nodes, ops }: BodyTrace): Record<string, string> {
  const lines = ops.map(({ node, site }) => [nodes[node]?.name, site.line] as const);
  return Object.fromEntries(lines.filter(([name, line]) => name !== undefined && line !== undefined));
}

/** A training program from a training step's trace. */
export function trainingProgram(options: ProgramOptions): TrainingProgram {
  const { trace, columns, batchSize, layout } = options;
  const shared = base(options);
  const s = new Surroundings();
  surround(
    options,
    ['loss'],
    () => {
      s.feed('firstStep', 'int32', []);
      s.feed('seed', 'int32', [2]);
    },
    s,
  );
  const drawn = shared.fixedCapacity ? s.graph.scalar('int32', shared.capacity) : 'limit:0';
  for (const draw of trace.draws) s.pass(`draw_${draw.index}`, drawRows(s.graph, draw, 'seed:0', 'firstStep:0', drawn));
  const indices = s.graph.placeholder('indices', 'int32', [shared.fixedCapacity ? shared.capacity : -1, batchSize]);
  s.feeds.push('indices');
  s.feedColumns(columns, indices);
  for (const index of trace.state) s.feed(`state_${index}`, layout.tensors[index]!.type, layout.tensors[index]!.shape);
  const fetched = ['sum_loss', ...trace.state.map((index) => `state_${index}`)];
  return { kind: 'training', spec: specOf(s, options, fetched), ...shared };
}

/** An evaluation program from an evaluation's trace; `batchSize` is the evaluation's. */
export function evaluationProgram(options: ProgramOptions): EvaluationProgram {
  const { trace, columns, batchSize, layout } = options;
  const shared = base(options);
  const s = new Surroundings();
  surround(options, trace.sums, () => {}, s);
  const steps = shared.fixedCapacity ? shared.capacity : -1;
  const indices = s.graph.placeholder('indices', 'int32', [steps, batchSize]);
  s.feeds.push('indices');
  s.feed('weights', 'float32', [steps, batchSize]);
  s.feedColumns(columns, indices);
  for (const index of trace.state) s.feed(`state_${index}`, layout.tensors[index]!.type, layout.tensors[index]!.shape);
  const fetched = trace.sums.map((name) => `sum_${name}`);
  const spec = specOf(s, options, fetched);
  const metrics = trace.sums.map((name, index) => ({ name, transform: trace.transforms[index]! }));
  return { kind: 'evaluation', spec, ...shared, metrics, state: trace.state };
}
