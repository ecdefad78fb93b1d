import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  alignedShared,
  EvaluationRunner,
  evaluationProgram,
  layoutState,
  metricValues,
  OpDefinitions,
  resultOf,
  type TableColumn,
  type TensorFlowBackend,
  type TraceOptions,
  type TraceSample,
  TrainingRunner,
  tensorView,
  traceEvaluation,
  traceTraining,
  trainingProgram,
  writeHeader,
} from '../../src/graph/index.js';
import type { SegmentAddon } from '../../src/native/index.js';
import { loadTensorFlow } from '../support/tensorflow.js';

/** A tiny regression of two layers on uint8 features, with momentum written out: enough to have every kind of input. */
const rowCount = 50;
const features = 6;
const batchSize = 8;
const columns: TableColumn[] = [
  { name: 'x', type: 'uint8', rowShape: [features], rowCount, scale: { factor: 1 / 255, offset: -0.5 } },
  { name: 'y', type: 'float32', rowShape: [], rowCount },
];

let tf: typeof tfjs;
let backend: TensorFlowBackend;
let addon: SegmentAddon;
let x: Uint8Array;
let y: Float32Array;

beforeAll(async () => {
  ({ tf, backend, addon } = await loadTensorFlow());
  x = alignedShared(addon, rowCount * features);
  const targets = alignedShared(addon, rowCount * 4);
  y = new Float32Array(targets.buffer as ArrayBuffer, targets.byteOffset, rowCount);
  for (let i = 0; i < x.length; i++) x[i] = (i * 7919) % 256;
  for (let i = 0; i < rowCount; i++) y[i] = x[i * features]! / 255 - x[i * features + 1]! / 128;
});

interface Model {
  variables: tfjs.Variable[];
  step: Parameters<typeof traceTraining>[1];
  evaluate: Parameters<typeof traceEvaluation>[1];
}

function makeModel(): Model {
  const fill = (shape: number[], phase: number) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(
      Array.from({ length: size }, (_, i) => Math.sin(i + phase) / 3),
      shape,
    );
  };
  const weights = [fill([features, 4], 1), fill([4], 2), fill([4, 1], 3)].map((w) => tf.variable(w));
  const momenta = weights.map((w) => tf.variable(tf.zerosLike(w), false));
  const predict = (input: tfjs.Tensor) =>
    tf
      .matMul(
        tf.tanh(tf.matMul(input as tfjs.Tensor2D, weights[0]! as tfjs.Tensor2D).add(weights[1]!)),
        weights[2]! as never,
      )
      .squeeze([1]);
  return {
    variables: [...weights, ...momenta],
    step: ({ x: input, y: target }, { hyper }) => {
      const { value, grads } = tf.variableGrads(
        () => tf.squaredDifference(predict(input!), target!).mean() as tfjs.Scalar,
        weights,
      );
      for (const [i, w] of weights.entries()) {
        const next = momenta[i]!.mul(hyper.momentum!).add(grads[w.name]!);
        momenta[i]!.assign(next);
        w.assign(w.sub(next.mul(hyper.learningRate!)));
      }
      return value;
    },
    evaluate: ({ x: input, y: target }) => {
      const prediction = predict(input!);
      return { error: tf.squaredDifference(prediction, target!), mean: prediction as tfjs.Tensor1D };
    },
  };
}

function sample(which: number, size: number): TraceSample {
  const from = 3 * which;
  return {
    rows: { x: x.subarray(from * features, (from + size) * features), y: y.subarray(from, from + size) },
    hyperparameters: { learningRate: 0.1 + which, momentum: 0.5 + 0.1 * which },
    step: which,
    seed: [which, 1],
  };
}

const options = (variables: tfjs.Variable[], size: number): TraceOptions => ({
  tf,
  backend,
  definitions: new OpDefinitions(addon),
  variables,
  columns,
  batchSize: size,
  samples: [sample(0, size), sample(1, size)],
});

const hyperparameters = { learningRate: 0.1, momentum: 0.9 };

/** The programs of a model, and its state before it was traced. */
function prepare(model: Model, compile = false) {
  const layout = layoutState(model.variables);
  const state = alignedShared(addon, layout.byteLength);
  for (const [i, tensor] of layout.tensors.entries())
    tensorView(state, tensor).set(model.variables[i]!.dataSync() as never);
  writeHeader(state, layout, 0);
  const shared = { columns, layout, hyperparameters: Object.keys(hyperparameters) };
  const training = traceTraining(options(model.variables, batchSize), model.step);
  const evaluation = traceEvaluation(options(model.variables, 12), model.evaluate);
  return {
    layout,
    state,
    training: new TrainingRunner(addon, trainingProgram({ ...shared, trace: training, batchSize, compile })),
    evaluation: new EvaluationRunner(
      addon,
      evaluationProgram({ ...shared, trace: evaluation, batchSize: 12, compile }),
    ),
  };
}

const rowsOf = (step: number) => Int32Array.from({ length: batchSize }, (_, i) => (step * 13 + i * 5) % rowCount);

/** Trains steps 0 to `steps` in calls of `perCall` steps; returns the sum of losses. */
function train(runner: TrainingRunner, from: Uint8Array, to: Uint8Array, steps: number, perCall: number): number {
  let sum = 0;
  for (let first = 0; first < steps; first += perCall) {
    const count = Math.min(perCall, steps - first);
    for (let i = 0; i < count; i++) runner.indices.set(rowsOf(first + i), i * batchSize);
    const seed = [3, 4] as const;
    sum = runner.train({
      steps: count,
      firstStep: first,
      lossSum: sum,
      seed,
      hyperparameters,
      tables: { x, y },
      from: first === 0 ? from : to,
      to,
    });
  }
  return sum;
}

function eagerBatch(rows: Int32Array) {
  const values = [...rows].flatMap((row) =>
    [...x.subarray(row * features, (row + 1) * features)].map((v) => v / 255 - 0.5),
  );
  return { x: tf.tensor2d(values, [rows.length, features]), y: tf.tensor1d([...rows].map((row) => y[row]!)) };
}

describe('a traced training step', () => {
  it.each([false, true])('gives the loss and the state of the eager step (compiled: %s)', (compile) => {
    const model = makeModel();
    const { layout, state, training } = prepare(model, compile);
    for (const [i, tensor] of layout.tensors.entries()) {
      model.variables[i]!.assign(tf.tensor(tensorView(state, tensor).slice(), [...tensor.shape]));
    }
    const hyper = Object.fromEntries(Object.entries(hyperparameters).map(([name, value]) => [name, tf.scalar(value)]));
    const eager = model.step(eagerBatch(rowsOf(0)), { hyper } as never).dataSync()[0]!;
    const after = state.slice();
    expect(train(training, state, after, 1, 1)).toBeCloseTo(eager, 6);
    for (const [i, tensor] of layout.tensors.entries()) {
      const [traced, wanted] = [tensorView(after, tensor), model.variables[i]!.dataSync()];
      for (let j = 0; j < wanted.length; j++) expect(Math.abs(traced[j]! - wanted[j]!)).toBeLessThan(1e-6);
    }
  });

  it.each([false, true])('gives the same bits however many steps a call does (compiled: %s)', (compile) => {
    const { state, training } = prepare(makeModel(), compile);
    const results = [1, 3, 16].map((perCall) => {
      const after = alignedShared(addon, state.byteLength);
      const loss = train(training, state, after, 16, perCall);
      return { loss, bytes: Buffer.from(after).toString('hex') };
    });
    expect(results[1]!.bytes).toBe(results[0]!.bytes);
    expect(results[2]!.bytes).toBe(results[0]!.bytes);
    for (const { loss } of results) expect(loss).toBe(results[0]!.loss);
  });

  it('leaves the state that it reads alone, and may write to it in place', () => {
    const { state, training } = prepare(makeModel());
    const before = state.slice();
    const after = alignedShared(addon, state.byteLength);
    train(training, state, after, 4, 4);
    expect(Buffer.compare(state, before)).toBe(0);
    train(training, state, state, 4, 4);
    expect(Buffer.compare(state.subarray(64), after.subarray(64))).toBe(0);
  });

  it('learns', () => {
    const { state, training } = prepare(makeModel());
    const first = train(training, state, state, 10, 10);
    train(training, state, state, 100, 25);
    expect(train(training, state, state, 10, 10)).toBeLessThan(first / 2);
  });
});

describe('a traced evaluation', () => {
  it.each([1, 11, 12, 13, 50])('counts each of %i rows once, also in a partial batch', (count) => {
    const model = makeModel();
    const { state, layout, evaluation } = prepare(model);
    for (const [i, tensor] of layout.tensors.entries()) {
      model.variables[i]!.assign(tf.tensor(tensorView(state, tensor).slice(), [...tensor.shape]));
    }
    const rows = Int32Array.from({ length: count }, (_, i) => i);
    const found = evaluation.evaluate({ rows, hyperparameters, tables: { x, y }, state });
    const eager = model.evaluate(eagerBatch(rows), {});
    expect(found.error).toBeCloseTo(tf.mean(metricValues(eager.error!)).dataSync()[0]!, 5);
    expect(found.mean).toBeCloseTo(tf.mean(metricValues(eager.mean!)).dataSync()[0]!, 5);
  });
});

describe('an evaluation of 500 rows a batch', () => {
  const count = 1300;
  /** Rows whose metric is `values[row]`, exactly. */
  function evaluationOf(values: Float32Array, compile: boolean) {
    const column = { name: 'y', type: 'float32', rowShape: [], rowCount: count } as const;
    const unused = tf.variable(tf.scalar(1));
    const layout = layoutState([unused]);
    const samples = [0, 1].map((which) => ({ rows: { y: values.subarray(which, 500 + which) }, ...fixed }));
    const trace = traceEvaluation(
      { ...options([unused], 500), columns: [column], samples },
      ({ y: value }: Record<string, tfjs.Tensor>) => ({ value: value!, twice: value!.mul(2) }),
    );
    const shared = { columns: [column], layout, hyperparameters: [] };
    const runner = new EvaluationRunner(addon, evaluationProgram({ ...shared, trace, batchSize: 500, compile }));
    const state = alignedShared(addon, layout.byteLength);
    const rows = Int32Array.from({ length: count }, (_, i) => (i * 7) % count);
    return (batchesPerCall: number) => {
      const calls = { rows, hyperparameters: {}, tables: { y: values }, state, batchesPerCall: () => batchesPerCall };
      return resultOf(runner.evaluateInCalls(calls));
    };
  }
  const fixed = { hyperparameters: {}, step: 0, seed: [1, 2] } as const;

  it.each([false, true])('adds in float64 (compiled: %s), and the same in any number of calls', (compile) => {
    const memory = alignedShared(addon, count * 4);
    const values = new Float32Array(memory.buffer as ArrayBuffer, memory.byteOffset, count);
    for (let i = 0; i < count; i++) values[i] = Math.fround(1e4 * Math.sin(i) ** 2 + 1e-3 * i);
    const exact = values.reduce((sum, value) => sum + value, 0) / count;
    const evaluate = evaluationOf(values, compile);
    const [one, two, all] = [1, 2, 3].map(evaluate);
    // a sum in float32 is off by 1e-7 and more
    expect(Math.abs(one!.value! / exact - 1)).toBeLessThan(1e-14);
    expect(one!.twice).toBe(2 * one!.value!);
    expect([two, all]).toEqual([one, one]);
  });
});

describe('what a graph would freeze is refused, and the line named', () => {
  type Step = Model['step'];
  let calls = 0;
  const cases: [string, (step: Step) => Step, string][] = [
    [
      'tf.dropout',
      (step) => (batch, context) => step(batch, context).add(tf.dropout(batch.x!, 0.5).mean()),
      'DRAWN_IN_JAVASCRIPT',
    ],
    ['a hyperparameter read', (step) => (b, c) => step(b, c).mul(c.hyper.learningRate!.dataSync()[0]!), 'VALUE_READ'],
    ['a value read from the data', (step) => (b, c) => step(b, c).mul(b.x!.mean().dataSync()[0]!), 'VALUE_READ'],
    ['a number that JavaScript counts', (step) => (b, c) => step(b, c).mul(calls++), 'VALUE_FROM_JAVASCRIPT'],
    ['an if on one', (step) => (b, c) => (calls++ % 2 ? step(b, c).square() : step(b, c)), 'NOT_REPEATABLE'],
  ];
  it.each(cases)('%s', (_, change, code) => {
    const model = makeModel();
    expect(() => traceTraining(options(model.variables, batchSize), change(model.step))).toThrow(
      expect.objectContaining({
        code: expect.stringContaining(code),
        message: expect.stringMatching(/trace\.test\.ts:\d+/),
      }),
    );
  });

  it('a loss that is not a scalar', () => {
    const model = makeModel();
    const step: Step = (batch, context) => model.step(batch, context).expandDims(0) as never;
    expect(() => traceTraining(options(model.variables, batchSize), step)).toThrow(
      expect.objectContaining({ code: 'GRAPH_LOSS_NOT_SCALAR' }),
    );
  });

  it('a metric that is a mean already', () => {
    const model = makeModel();
    expect(() =>
      traceEvaluation(options(model.variables, 12), (b, h) => ({
        error: metricValues(model.evaluate(b, h).error!).mean(),
      })),
    ).toThrow(expect.objectContaining({ code: 'GRAPH_METRIC_SHAPE' }));
  });

  it('an evaluation that trains', () => {
    const model = makeModel();
    const evaluate: Model['evaluate'] = (batch, hyper) => {
      model.variables[0]!.assign(model.variables[0]!.mul(2));
      return model.evaluate(batch, hyper);
    };
    expect(() => traceEvaluation(options(model.variables, 12), evaluate)).toThrow(
      expect.objectContaining({ code: 'GRAPH_EVALUATION_CHANGES_STATE' }),
    );
  });

  it('but constants that the model means are constants', () => {
    const model = makeModel();
    const before = tf.tensor1d([1, 2, 3]);
    const step: Step = (batch, context) => model.step(batch, context).mul(2).add(before.mean()) as never;
    const { nodes } = traceTraining(options(model.variables, batchSize), step);
    expect(nodes.length).toBeGreaterThan(10);
  });
});

describe('tracing', () => {
  it('leaves no tensors behind', () => {
    const model = makeModel();
    const trace = () => traceTraining(options(model.variables, batchSize), model.step);
    const count = () => (backend.binding as unknown as { getNumOfTensors(): number }).getNumOfTensors();
    trace();
    const [tensors, native] = [tf.memory().numTensors, count()];
    for (let i = 0; i < 5; i++) trace();
    expect([tf.memory().numTensors, count()]).toEqual([tensors, native]);
  });

  it('gives programs with equal contents one session', () => {
    const before = addon.statistics().programsCreated;
    prepare(makeModel());
    const first = addon.statistics().programsCreated - before;
    prepare(makeModel());
    expect(first).toBeLessThanOrEqual(2);
    expect(addon.statistics().programsCreated - before).toBe(first);
  });
});
