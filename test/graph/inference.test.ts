import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  encodeSavedModel,
  graphModelOf,
  type InferenceGraph,
  type InferenceInput,
  OpDefinitions,
  type TensorFlowBackend,
  traceInference,
} from '../../src/graph/index.js';
import { predictInPython, pythonMissing } from '../support/python.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let tf: typeof tfjs;
let backend: TensorFlowBackend;
let definitions: OpDefinitions;

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-inference-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Case {
  readonly inputs: readonly InferenceInput[];
  make(): (inputs: Readonly<Record<string, tfjs.Tensor>>) => tfjs.Tensor;
}

const layers = (list: () => tfjs.layers.Layer[]) => () => {
  const model = tf.sequential({ layers: list() });
  return ({ x }: Readonly<Record<string, tfjs.Tensor>>) => model.apply(x!, { training: false }) as tfjs.Tensor;
};

const x = (...rowShape: number[]): InferenceInput => ({ name: 'x', type: 'float32', rowShape });
const init = (seed: number) => tf.initializers.glorotUniform({ seed });

const cases: Readonly<Record<string, Case>> = {
  perceptron: {
    inputs: [x(5)],
    make: layers(() => [
      tf.layers.dense({ inputShape: [5], units: 7, activation: 'relu', kernelInitializer: init(1) }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: init(2) }),
    ]),
  },
  'number in its own unit': {
    inputs: [x(2, 3)],
    make: layers(() => [
      tf.layers.reshape({ inputShape: [2, 3], targetShape: [6] }),
      tf.layers.dense({ units: 1, kernelInitializer: init(3) }),
      tf.layers.rescaling({ scale: 1000, offset: 200_000 }),
    ]),
  },
  'convolutions with batch norm': {
    inputs: [x(8, 8, 1)],
    make: layers(() => [
      tf.layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        kernelInitializer: init(4),
      }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: init(5) }),
    ]),
  },
  'a recurrent layer, which starts from zeros': {
    inputs: [x(6, 2)],
    make: layers(() => [
      tf.layers.gru({ inputShape: [6, 2], units: 3, kernelInitializer: init(6), recurrentInitializer: init(7) }),
      tf.layers.dense({ units: 1, kernelInitializer: init(8) }),
    ]),
  },
  'numbers of categories beside features': {
    inputs: [x(4), { name: 'categories', type: 'int32', rowShape: [2] }],
    make: () => {
      const table = tf.variable(
        tf.tensor2d(
          Array.from({ length: 15 }, (_, i) => Math.cos(i)),
          [5, 3],
        ),
      );
      const weights = tf.variable(
        tf.tensor2d(
          Array.from({ length: 10 }, (_, i) => Math.sin(i)),
          [10, 1],
        ),
      );
      return ({ x: features, categories }) => {
        const embedded = tf.gather(table, categories as tfjs.Tensor2D).reshape([-1, 6]);
        return tf.matMul(tf.concat([features!, embedded], 1) as tfjs.Tensor2D, weights).squeeze([1]);
      };
    },
  },
  'attention over tokens, whose shapes have the batch in two places': {
    inputs: [{ name: 'x', type: 'int32', rowShape: [4] }],
    make: () => {
      const table = tf.variable(
        tf.tensor2d(
          Array.from({ length: 12 }, (_, i) => Math.sin(i)),
          [3, 4],
        ),
      );
      return ({ x: tokens }) => {
        const embedded = tf.gather(table, tokens!.flatten().toInt()).reshape([-1, 4, 2, 2]).transpose([0, 2, 1, 3]);
        const weights = tf.matMul(embedded, embedded, false, true).softmax();
        const ones = tf.ones([tokens!.shape[0]!, 2, 4, 2]);
        return tf.matMul(weights, embedded.mul(ones)).sum(3);
      };
    },
  },
};

beforeAll(async () => {
  const loaded = await loadTensorFlow();
  ({ tf, backend } = loaded);
  definitions = new OpDefinitions(loaded.addon);
});

function inputsOf({ inputs }: Case, rows: number) {
  const entries = inputs.map(({ name, type, rowShape }) => {
    const shape = [rows, ...rowShape];
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Array.from({ length: size }, (_, i) => (type === 'int32' ? (i * 7) % 3 : Math.sin(i * 1.7)));
    return [name, { values, type, shape }] as const;
  });
  return Object.fromEntries(entries);
}

function tensors(given: ReturnType<typeof inputsOf>): Record<string, tfjs.Tensor> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { values, type, shape }]) => [name, tf.tensor(values, shape, type)]),
  );
}

function trace(one: Case, predict = one.make()): InferenceGraph {
  return traceInference({ tf, backend, definitions, inputs: one.inputs, batchSize: 16 }, predict);
}

/** Loads a graph as plain tfjs would from its folder, and predicts on the JavaScript backend. */
async function predictInJavaScript(graph: InferenceGraph, given: ReturnType<typeof inputsOf>): Promise<number[]> {
  const { weightData, ...written } = graphModelOf(graph)!;
  // what is not JSON is lost here, as it is in a file
  const artifacts = { ...JSON.parse(JSON.stringify(written)), weightData: new Uint8Array(weightData).buffer };
  await tf.setBackend('cpu');
  try {
    const model = await tf.loadGraphModel(tf.io.fromMemory(artifacts as tfjs.io.ModelArtifacts));
    return [...(model.predict(tensors(given)) as tfjs.Tensor).dataSync()];
  } finally {
    await tf.setBackend('tensorflow');
  }
}

const close = (found: readonly number[], wanted: readonly number[]) => {
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
  }
};

describe('an inference graph', () => {
  it.each(Object.keys(cases))('takes a batch of any size, in plain tfjs: %s', async (name) => {
    const one = cases[name]!;
    const predict = one.make();
    const graph = trace(one, predict);
    expect(graph.batchSize).toBeNull();
    for (const rows of [1, 5, 40]) {
      const given = inputsOf(one, rows);
      const wanted = [...predict(tensors(given)).dataSync()];
      close(await predictInJavaScript(graph, given), wanted);
    }
  });

  it('is the same bytes each time', () => {
    const one = cases.perceptron!;
    const predict = one.make();
    const [first, second] = [trace(one, predict), trace(one, predict)].map((graph) =>
      encodeSavedModel(graph, '2.21.0'),
    );
    expect(Buffer.compare(first!, second!)).toBe(0);
  });

  it.skipIf(pythonMissing !== undefined)(
    `is loaded by Python's TensorFlow as a SavedModel${pythonMissing === undefined ? '' : ` (${pythonMissing})`}`,
    () => {
      const asked = Object.entries(cases).map(([name, one]) => {
        const predict = one.make();
        const folder = join(root, name);
        mkdirSync(folder);
        writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(trace(one, predict), '2.21.0'));
        const given = inputsOf(one, 9);
        return { folder, inputs: given, wanted: [...predict(tensors(given)).dataSync()] };
      });
      const found = predictInPython(asked);
      for (const [i, { wanted }] of asked.entries()) close(found[i]!.values, wanted);
    },
    300_000,
  );

  it('has one size of batch where the function depends on it otherwise', () => {
    const one = {
      ...cases.perceptron!,
      make: () => (given: Readonly<Record<string, tfjs.Tensor>>) => {
        const rows = given.x!.shape[0]!;
        return given.x!.mul(tf.scalar(rows * 0.5)).sum(1);
      },
    };
    expect(trace(one).batchSize).toBe(16);
  });

  it('is refused where there is not a row of predictions for each row', () => {
    const one = { ...cases.perceptron!, make: () => (given: Readonly<Record<string, tfjs.Tensor>>) => given.x!.mean() };
    expect(() => trace(one)).toThrow(expect.objectContaining({ code: 'GRAPH_PREDICTIONS_SHAPE' }));
  });
});
