// Time of one step of plain tfjs on tfjs-node's backend, operation by operation.   eager-step.mjs CASE THREADS
import * as tf from '@tensorflow/tfjs';
import { columnView } from '../../dist/src/data/index.js';
import { cases, checkedSteps } from './cases.mjs';
import { millisecondsPerStep, reportStep } from './timing.mjs';
import { buildCase, epochOf, openTuner } from './tuner.mjs';

const [name, threads] = process.argv.slice(2);
const { batchSize, learningRate, momentum } = cases[name];
const { dataset } = await openTuner();
const { layers } = await import(`./models/${name}.mjs`);

// The initial weights that all systems start from, in a model of its own.
const building = await buildCase(name);
const model = tf.sequential({ layers: layers(tf.layers) });
for (const [index, layer] of building.model.model.layers.entries()) model.layers[index].setWeights(layer.getWeights());
building.dispose();
const optimizer = tf.train.momentum(learningRate, momentum);

/** A few batches as tensors, scaled and one-hot: all that can be done beforehand is. */
function batchTensors(count) {
  const { indices } = epochOf(dataset, batchSize);
  const images = columnView(dataset, 'x');
  const labels = columnView(dataset, 'y');
  return Array.from({ length: count }, (_, batch) => {
    const rows = [...indices.subarray(batch * batchSize, (batch + 1) * batchSize)];
    const x = new Float32Array(batchSize * 784);
    for (const [index, row] of rows.entries()) x.set(images.subarray(row * 784, (row + 1) * 784), index * 784);
    const labelTensor = tf.tensor1d(
      rows.map((row) => labels[row]),
      'int32',
    );
    return { x: tf.tensor(x, [batchSize, 28, 28, 1]).div(255), y: tf.oneHot(labelTensor, 10).toFloat() };
  });
}

const batches = batchTensors(Math.max(checkedSteps, 16));
function step({ x, y }) {
  return tf.tidy(() =>
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true })), true),
  );
}
const losses = batches.slice(0, checkedSteps).map((batch) => step(batch).dataSync()[0]);
let next = 0;
const round = () => {
  const loss = step(batches[next++ % batches.length]);
  loss.dataSync();
  loss.dispose();
};
reportStep(name, 'tfjs-node eager', `threads: ${threads}`, millisecondsPerStep(round, 1), losses);
