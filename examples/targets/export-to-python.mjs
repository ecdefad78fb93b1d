// node examples/targets/export-to-python.mjs
// Three models that ship are trained for a moment and exported: a SavedModel in Python's TensorFlow and an ONNX model in onnxruntime
// predict what the GraphModel predicts in plain tfjs. Installs both into .cache on first use (2 GB).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { exportStudy, tune } from '../../dist/src/index.js';
import { pythonWith, quietTensorFlow } from './support/python.mjs';
import { dataDirectory, output, scratchFolder } from './support/run.mjs';
import { judge } from './support/target.mjs';

const rowCount = 64;
const folder = scratchFolder();
const python = pythonWith('tensorflow', 'examples/targets/tensorflow');
process.env.TFJS_TUNER_PYTHON = python; // which converts to ONNX

const housing = join(dataDirectory, 'housing.csv');
if (!existsSync(housing))
  throw new Error(`housing.csv must be in ${dataDirectory}: name its folder with TFJS_TUNER_DATA`);
const sweeps = {
  mlp: { dataset: 'spirals', space: { hidden: 32 } },
  cnn: { dataset: 'mnist-10k', space: { width: 8, depth: 2 } },
  tabular: {
    dataset: { path: housing, target: 'median_house_value', categories: 'index' },
    space: { layers: 2, width: 64, members: 4, frequencies: 8, embedding: 4 },
  },
};

/** As many values as `[rowCount, …shape]` has: numbers of a bell curve, or for categories 0 to 2. */
function randomValues(shape, type) {
  const size = shape.reduce((a, b) => a * b, rowCount);
  if (type === 'int32') return Array.from({ length: size }, (_, i) => i % 3);
  return [...tf.tidy(() => tf.randomNormal([size], 0, 1, 'float32', 1).dataSync())];
}

/** The GraphModel's predictions, without anything native. */
async function byTfjs(directory, inputs) {
  const { weightsManifest, ...json } = JSON.parse(readFileSync(join(directory, 'graph-model/model.json'), 'utf8'));
  const [{ paths, weights }] = weightsManifest;
  const data = Buffer.concat(paths.map((path) => readFileSync(join(directory, 'graph-model', path))));
  const weightData = Uint8Array.from(data).buffer;
  const model = await tf.loadGraphModel(tf.io.fromMemory({ ...json, weightSpecs: weights, weightData }));
  const tensors = Object.entries(inputs).map(([name, { values, shape, type }]) => [
    name,
    tf.tensor(values, shape, type),
  ]);
  return model.predict(Object.fromEntries(tensors)).dataSync();
}

const exported = [];
for (const [model, { dataset, space }] of Object.entries(sweeps)) {
  const isNumber = model === 'tabular';
  const objective = { metric: 'valLoss', direction: 'minimize' };
  const strategy = { pbt: { population: 2, interval: 50 } };
  const sweep = { study: model, model, dataset, space, objective, strategy, budget: { steps: 100 } };
  await tune(sweep, { directory: folder });
  const to = join(folder, `exported ${model}`);
  await exportStudy(model, { to, directory: folder, formats: ['graph-model', 'saved-model', 'onnx'] });
  const card = JSON.parse(readFileSync(join(to, 'model-card.json'), 'utf8'));
  const inputs = Object.fromEntries(
    card.inputs.map(({ name, type, shape }) => {
      return [name, { values: randomValues(shape, type), type, shape: [rowCount, ...shape] }];
    }),
  );
  exported.push({ model, to, inputs, isNumber });
}

const questions = exported.flatMap(({ to, inputs }) => [
  { folder: join(to, 'saved-model'), inputs },
  { onnx: join(to, 'model.onnx'), inputs },
]);
const script = 'examples/targets/tensorflow/predict.py';
const answers = JSON.parse(await output(python, [script], { input: JSON.stringify(questions), env: quietTensorFlow }));

const targets = [];
for (const [index, { model, to, inputs, isNumber }] of exported.entries()) {
  const predictions = await byTfjs(to, inputs);
  // a price has another unit than a probability: differences are judged in deviations of what is predicted
  const mean = predictions.reduce((a, b) => a + b, 0) / predictions.length;
  const deviation = Math.sqrt(predictions.reduce((sum, value) => sum + (value - mean) ** 2, 0) / predictions.length);
  const unit = isNumber ? deviation : 1;
  for (const [place, format] of ['SavedModel in TensorFlow', 'ONNX in onnxruntime'].entries()) {
    const { values } = answers[2 * index + place];
    const farthest = Math.max(...values.map((value, i) => Math.abs(value - predictions[i]))) / unit;
    targets.push({ what: `${model}, ${format}: farthest prediction`, measured: farthest, atMost: 1e-5 });
  }
}
judge(targets);
