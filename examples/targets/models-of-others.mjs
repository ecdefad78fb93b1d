// node examples/targets/models-of-others.mjs [CLONE]
// Models that others wrote, tuned as they are: two of Keras, and five of TensorFlow.js's own examples, of which CLONE is a clone (without it, it is
// cloned). Each has to run as a TensorFlow graph and to learn: a member's training loss in the last
// quarter of its steps is below that of the first quarter.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { columnView, loadDataset } from '../../dist/src/data/index.js';
import { tune } from '../../dist/src/index.js';
import { homeDirectory } from '../../dist/src/native/index.js';
import { kerasMobileNet, moduleOf, nsfwMobileNet, tfjsExamples } from './support/models-of-others.mjs';
import { pythonWith, quietTensorFlow } from './support/python.mjs';
import { scratchFolder } from './support/run.mjs';
import { judge } from './support/target.mjs';

const folder = scratchFolder();
const examples = await tfjsExamples(process.argv[2]);

/** A folder of PNG files, of so many classes of digits. */
async function digitImages(classes, perClass) {
  const digits = await loadDataset('mnist-10k', { cacheDirectory: homeDirectory(), baseDirectory: folder });
  const [x, y] = [columnView(digits, 'x'), columnView(digits, 'y')];
  const images = join(folder, `digits-${classes}`);
  const counts = new Array(classes).fill(0);
  for (let row = 0; row < y.length; row++) {
    if (y[row] >= classes || counts[y[row]]++ >= perClass) continue;
    mkdirSync(join(images, String(y[row])), { recursive: true });
    const raw = { width: 28, height: 28, channels: 1 };
    const pixels = Buffer.from(x.subarray(row * 784, (row + 1) * 784));
    await sharp(pixels, { raw })
      .png()
      .toFile(join(images, String(y[row]), `${row}.png`));
  }
  return images;
}

/** Sentences of twenty words by their numbers, 1 to 99; good where there are more even ones than odd ones. */
function sentences() {
  const path = join(folder, 'sentences.csv');
  const words = Array.from({ length: 20 }, (_, i) => `word${i}`);
  const lines = Array.from({ length: 1500 }, (_, row) => {
    const lean = row % 2;
    const numbers = words.map(
      (_, i) => 1 + ((row * 37 + i * 11 + ((row * 7 + i) % 3 === 0 ? 0 : lean + ((row + i) % 2))) % 99),
    );
    const even = numbers.filter((number) => number % 2 === 0).length;
    return [...numbers, even > 10 ? 'good' : 'bad'].join(',');
  });
  writeFileSync(path, [[...words, 'label'].join(','), ...lines].join('\n'));
  return { path, target: 'label', numbers: 'raw' };
}

const python = pythonWith('tensorflow', 'examples/targets/tensorflow');
const accuracy = { metric: 'valAccuracy', direction: 'maximize' };
const cases = [
  {
    what: "Keras 2's MobileNetV2 (nsfwjs)",
    model: await nsfwMobileNet(),
    dataset: { folder: await digitImages(5, 12), size: [224, 224], channels: 3 },
    steps: 12,
    training: { batchSize: 4, evaluationBatchSize: 4 },
  },
  {
    what: "Keras 3's MobileNet (keras.applications)",
    model: join(await kerasMobileNet(python, quietTensorFlow), 'model.json'),
    dataset: { folder: await digitImages(10, 60), size: [32, 32], channels: 3 },
    steps: 300,
    training: { batchSize: 32, optimizer: 'adam', loss: 'sparse_categorical_crossentropy' },
  },
  {
    what: 'tfjs-examples, abalone-node: saved folder',
    model: join(examples, 'abalone-node/trainedModel'),
    dataset: {
      path: join(examples, 'abalone-node/abalone.csv'),
      target: 'rings',
      task: 'regression',
      encode: { sex: { ordinal: ['M', 'F', 'I'] } },
    },
    steps: 1000,
    training: { optimizer: 'adam', loss: 'meanSquaredError', initialWeights: 'fresh' },
  },
  {
    what: 'tfjs-examples, mnist-node: module',
    model: join(examples, 'mnist-node/model.js'),
    dataset: 'mnist-10k',
    steps: 60,
    training: {},
    objective: accuracy,
  },
  {
    what: 'tfjs-examples, quantization: batch normalization',
    model: await moduleOf(join(examples, 'quantization/model_fashion_mnist.js'), 'createModel()'),
    dataset: 'mnist-10k',
    steps: 60,
    training: {},
    objective: accuracy,
  },
  ...(await Promise.all(
    ['lstm', 'cnn'].map(async (kind) => ({
      what: `tfjs-examples, sentiment: embedding, ${kind}`,
      model: await moduleOf(join(examples, 'sentiment/train.js'), `buildModel('${kind}', 20, 100, 16)`),
      dataset: sentences(),
      steps: 400,
      training: { optimizer: 'adam', loss: 'binaryCrossentropy' },
    })),
  )),
];

const targets = [];
for (const [index, { what, steps, training, objective, ...sweep }] of cases.entries()) {
  console.log(`tuning ${what} …`);
  const losses = [];
  const summary = await tune(
    {
      study: `model-${index}`,
      ...sweep,
      objective: objective ?? { metric: 'valLoss', direction: 'minimize' },
      strategy: { pbt: { population: 2, interval: Math.ceil(steps / 4) } },
      budget: { steps },
      training,
    },
    {
      directory: folder,
      requireTraced: true,
      onEvent: ({ type, record }) => {
        if (type === 'record' && record.kind === 'segment') losses.push(record.loss);
      },
    },
  );
  if (summary.status !== 'completed') throw new Error(`${what}: the study is ${summary.status}`);
  // both members report after each quarter
  const [first, last] = [losses.slice(0, 2), losses.slice(-2)].map((both) => Math.min(...both));
  targets.push({ what, measured: last / first, atMost: 0.99 });
}
console.log('\ntraining loss of the last quarter of the steps, as a multiple of the first quarter:');
judge(targets);
