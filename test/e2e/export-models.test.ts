/** Every model that ships is exported as all that it can be, and all of these predict the same. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportStudy, type Sweep, tune } from '../../src/index.js';
import { writeImages } from '../support/image-file.js';
import { onnxMissing, predictInPython, pythonMissing } from '../support/python.js';

// plain tfjs on its own JavaScript backend: nothing native in this process
const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof tfjs;

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-export-models-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const lines = Array.from({ length: 120 }, (_, i) => {
  return [
    Math.sin(i / 3),
    Math.cos(i / 5),
    ['red', 'green', 'blue'][i % 3],
    ['S', 'M'][i % 2],
    i % 7 > 3 ? 'yes' : 'no',
  ];
});
const [table, letters, images] = ['table.csv', 'letters.txt', 'images.arrow'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const rows = { path: table, target: 'a', ignore: ['label'], categories: 'index' as const };
const loss = { metric: 'valLoss', direction: 'minimize' } as const;
const perceptrons = { layers: 2, width: 16, members: 4, frequencies: 8, embedding: 4, frequencyScale: 0.3 } as const;

interface Case extends Pick<Sweep, 'model' | 'dataset' | 'space'> {
  readonly objective?: Sweep['objective'];
  /** Of one row. */
  readonly predicts: readonly number[];
  readonly hasLayers: boolean;
}

const cases: Readonly<Record<string, Case>> = {
  mlp: {
    model: 'mlp',
    dataset: { ...rows, categories: 'one-hot' },
    space: { hidden: 8 },
    predicts: [1],
    hasLayers: true,
  },
  'tabular, numbers': { model: 'tabular', dataset: rows, space: perceptrons, predicts: [1], hasLayers: false },
  'tabular, classes': {
    model: 'tabular',
    dataset: { ...rows, target: 'label', ignore: [] },
    space: { ...perceptrons, members: 1 },
    predicts: [2],
    hasLayers: false,
  },
  transformer: {
    model: 'transformer',
    dataset: { text: letters, context: 8 },
    space: { layers: 2, width: 16, heads: 2 },
    predicts: [8, 5],
    hasLayers: false,
  },
  gru: {
    model: 'gru',
    dataset: { series: table, target: 'a', window: 5 },
    space: { units: 8, layers: 2 },
    predicts: [1],
    hasLayers: true,
  },
  cnn: { model: 'cnn', dataset: images, space: { width: 4, depth: 2 }, predicts: [3], hasLayers: true },
  resnet: { model: 'resnet', dataset: images, space: { width: 4, blocks: 1 }, predicts: [3], hasLayers: true },
  'autoencoder, dense': {
    model: 'autoencoder',
    dataset: images,
    space: { hidden: 16, code: 4 },
    predicts: [9, 10, 3],
    hasLayers: true,
  },
  'autoencoder, convolutional': {
    model: 'autoencoder',
    dataset: images,
    space: { network: 'convolutional', hidden: 16, code: 4 },
    predicts: [9, 10, 3],
    hasLayers: true,
  },
  quadratic: {
    model: 'quadratic',
    dataset: 'spirals',
    space: {},
    objective: { metric: 'valQuality', direction: 'maximize' },
    predicts: [1],
    hasLayers: true,
  },
};

interface Card {
  readonly batchSize: number | null;
  readonly inputs: readonly {
    readonly name: string;
    readonly type: 'float32' | 'int32';
    readonly shape: readonly number[];
  }[];
  readonly output: { readonly shape: readonly number[] };
  readonly formats: Readonly<Record<string, string>>;
}

const rowCount = 3;
const cardOf = (folder: string): Card => JSON.parse(readFileSync(join(folder, 'model-card.json'), 'utf8'));

/** Three rows that differ; numbers of tokens and categories are 0 to 2. */
function inputsOf({ inputs }: Card) {
  const entries = inputs.map(({ name, type, shape }) => {
    const size = shape.reduce((a, b) => a * b, rowCount);
    const values = Array.from({ length: size }, (_, i) => (type === 'int32' ? i % 3 : Math.fround(Math.sin(i + 1))));
    return [name, { values, type, shape: [rowCount, ...shape] }] as const;
  });
  return Object.fromEntries(entries);
}

/** Artifacts of a `model.json`, as a browser would load them. */
function artifacts(folder: string): tfjs.io.IOHandler {
  const { weightsManifest, ...json } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const [{ paths, weights: weightSpecs }] = weightsManifest;
  const data = Buffer.concat(paths.map((path: string) => readFileSync(join(folder, path))));
  return tf.io.fromMemory({ ...json, weightSpecs, weightData: Uint8Array.from(data).buffer });
}

/** What the GraphModel predicts. */
async function graphPredictions(folder: string): Promise<tfjs.Tensor> {
  const model = await tf.loadGraphModel(artifacts(join(folder, 'graph-model')));
  const entries = Object.entries(inputsOf(cardOf(folder)));
  return model.predict(
    Object.fromEntries(entries.map(([name, { values, type, shape }]) => [name, tf.tensor(values, [...shape], type)])),
  ) as tfjs.Tensor;
}

const folderOf = (name: string) => join(root, name);

beforeAll(async () => {
  await tf.setBackend('cpu');
  writeFileSync(table, ['a,b,kind,size,label', ...lines.map((line) => line.join(','))].join('\n'));
  writeFileSync(letters, 'abcde'.repeat(40));
  await writeImages(images, { shape: [9, 10, 3], target: { classes: 3 } });
  for (const [name, { predicts: _, hasLayers: __, objective = loss, ...sweep }] of Object.entries(cases)) {
    const study = name.replaceAll(/\W+/g, '-');
    const whole: Sweep = {
      ...sweep,
      study,
      objective,
      strategy: { random: { trials: 1, interval: 5 } },
      budget: { steps: 5 },
      training: { batchSize: 8, evaluationBatchSize: 7 },
    };
    await tune(whole, { directory: join(root, 'studies'), workers: 1 });
    await exportStudy(study, { to: folderOf(name), directory: join(root, 'studies') });
  }
});

describe.each(Object.entries(cases))('%s', (name, { predicts, hasLayers }) => {
  it('is exported as a graph for batches of any size', async () => {
    const card = cardOf(folderOf(name));
    expect(card.batchSize).toBeNull();
    expect(card.output.shape).toEqual(predicts);
    const predictions = await graphPredictions(folderOf(name));
    expect(predictions.shape).toEqual([rowCount, ...predicts]);
    expect([...predictions.dataSync()].every(Number.isFinite)).toBe(true);
    const mass = predictions
      .reshape([-1, predicts.at(-1)!])
      .sum(1)
      .dataSync();
    const isProbabilities = ['classes', 'transformer', 'cnn', 'resnet'].some((word) => name.includes(word));
    if (isProbabilities) for (const sum of mass) expect(sum).toBeCloseTo(1, 5);
  });

  it(`is ${hasLayers ? '' : 'not '}exported as a LayersModel`, async () => {
    expect(existsSync(join(folderOf(name), 'model.json'))).toBe(hasLayers);
    // the layers of the toy have nothing to do with its data
    if (!hasLayers || name === 'quadratic') return;
    const model = await tf.loadLayersModel(artifacts(folderOf(name)));
    const { x } = inputsOf(cardOf(folderOf(name)));
    const predictions = (model.predict(tf.tensor(x!.values, [...x!.shape])) as tfjs.Tensor).dataSync();
    const graph = (await graphPredictions(folderOf(name))).dataSync();
    for (const [i, value] of graph.entries()) expect(Math.abs(predictions[i]! - value)).toBeLessThan(1e-5);
  });
});

it.skipIf(pythonMissing !== undefined)(
  `SavedModels predict the same in Python's TensorFlow${pythonMissing === undefined ? '' : ` (${pythonMissing})`}`,
  async () => {
    const folders = Object.keys(cases).map(folderOf);
    const answers = predictInPython(
      folders.map((folder) => ({ folder: join(folder, 'saved-model'), inputs: inputsOf(cardOf(folder)) })),
    );
    for (const [index, folder] of folders.entries()) {
      const predictions = await graphPredictions(folder);
      expect(answers[index]!.shape).toEqual(predictions.shape);
      for (const [i, value] of predictions.dataSync().entries()) {
        expect(Math.abs(answers[index]!.values[i]! - value)).toBeLessThan(1e-5);
      }
    }
  },
  300_000,
);

it.skipIf(onnxMissing !== undefined)(
  `ONNX models predict the same in onnxruntime${onnxMissing === undefined ? '' : ` (${onnxMissing})`}`,
  async () => {
    for (const name of ['mlp', 'tabular, classes', 'transformer', 'gru', 'cnn', 'autoencoder, convolutional']) {
      const to = join(root, `${name} as ONNX`);
      const study = name.replaceAll(/\W+/g, '-');
      await exportStudy(study, { to, directory: join(root, 'studies'), formats: ['onnx'] });
      const [answer] = predictInPython([{ onnx: join(to, 'model.onnx'), inputs: inputsOf(cardOf(to)) }]);
      const predictions = await graphPredictions(folderOf(name));
      expect(answer!.shape).toEqual(predictions.shape);
      for (const [i, value] of predictions.dataSync().entries()) {
        expect(Math.abs(answer!.values[i]! - value)).toBeLessThan(1e-5);
      }
    }
  },
  300_000,
);

it('says what to install where there is no converter to ONNX', async () => {
  const before = process.env.TFJS_TUNER_PYTHON;
  process.env.TFJS_TUNER_PYTHON = join(root, 'no python');
  try {
    const exported = exportStudy('mlp', { to: join(root, 'x'), directory: join(root, 'studies'), formats: ['onnx'] });
    await expect(exported).rejects.toMatchObject({
      code: 'TUNER_ONNX_CONVERTER',
      kind: 'machine',
      message: expect.stringContaining('no such program'),
      todo: expect.stringContaining('pip install tf2onnx tensorflow'),
    });
    expect(existsSync(join(root, 'x'))).toBe(false);
  } finally {
    if (before === undefined) delete process.env.TFJS_TUNER_PYTHON;
    else process.env.TFJS_TUNER_PYTHON = before;
  }
});
