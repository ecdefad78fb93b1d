/** tfjs-tuner's side of a comparison: its data, its models, its traced programs. */
import * as tf from '@tensorflow/tfjs';
import { columnView, fillBatches, loadDataset, splitView } from '../../dist/src/data/index.js';
import { choosesOwnProducts, OpDefinitions, TrainingRunner } from '../../dist/src/graph/index.js';
import { homeDirectory, install, loadSegmentAddon, loadTfjsNode } from '../../dist/src/native/index.js';
import { foldIn, seedKey } from '../../dist/src/random/index.js';
import { buildModel, initialState, traceModel } from '../../dist/src/trial/index.js';
import { cases } from './cases.mjs';

const key = seedKey(2026);
/** Two values of each hyperparameter: what a step is traced with. */
export const traceValues = { learningRate: [0.01, 0.1], momentum: [0.5, 0.9] };

/** MNIST's digits through the tuner's own loader. */
export function loadDigits() {
  return loadDataset('mnist-10k', { cacheDirectory: homeDirectory(), baseDirectory: process.cwd() });
}

/** One epoch of row numbers, `[steps, batchSize]`: every training row once, in an order that all systems share. */
export function epochOf(dataset, batchSize) {
  const rows = splitView(dataset, 'train');
  const stepCount = Math.floor(rows.length / batchSize);
  const indices = new Int32Array(stepCount * batchSize);
  fillBatches(indices, { key: foldIn(key, 'batches'), rows, batchSize, fromStep: 0, stepCount });
  return { indices, stepCount };
}

/** The native library, tfjs on it, and the data. */
export async function openTuner() {
  const native = await install();
  const addon = loadSegmentAddon(native);
  const { backend } = loadTfjsNode(native, tf);
  return { native, addon, backend, dataset: await loadDigits() };
}

/** A case's model (or another one for its data), with the initial weights that all systems start from. */
export async function buildCase(name, { model = name, batchSize = cases[name].batchSize } = {}) {
  const { default: definition } = await import(`./models/${model}.mjs`);
  return buildModel(definition, {
    structural: {},
    mutable: Object.keys(traceValues),
    data: { featureShape: [28, 28, 1], target: { kind: 'class', classCount: 10, shape: [] } },
    batchSize,
    key: foldIn(key, 'weights'),
  });
}

/**
 * A function that trains a stretch of an epoch on a case's state and returns the sum of the losses.
 *
 * @param other a model and a batch size in place of the case's own; trials that train side by side, 1 if not given
 */
export async function openTrainer(name, compile, tuner, other = {}) {
  const { addon, backend, dataset } = tuner;
  const { learningRate, momentum, batchSize, trials = 1 } = { ...cases[name], ...other };
  const building = await buildCase(name, other);
  const state = initialState(building, addon);
  const x = columnView(dataset, 'x');
  const y = columnView(dataset, 'y');
  const { rowCount } = dataset;
  const { training, compile: choice } = traceModel(building, {
    backend,
    definitions: new OpDefinitions(addon),
    columns: [
      { name: 'x', type: 'uint8', rowShape: [28, 28, 1], rowCount, scale: { factor: 1 / 255, offset: 0 } },
      { name: 'y', type: 'int32', rowShape: [], rowCount },
    ],
    sampleRows: { x: x.subarray(0, 784 * batchSize), y: y.subarray(0, batchSize) },
    batchSize,
    evaluationBatchSize: batchSize,
    mutable: traceValues,
    compile,
    plannedSteps: 2500,
    trials,
    ownProducts: choosesOwnProducts(addon, trials),
  });
  building.dispose();
  const runner = new TrainingRunner(addon, training);
  const { indices, stepCount } = epochOf(dataset, batchSize);
  const train = (first, steps) => {
    runner.indices.set(indices.subarray(first * batchSize, (first + steps) * batchSize));
    const hyperparameters = { learningRate, momentum };
    return runner.train({
      steps,
      firstStep: first,
      seed: [1, 2],
      hyperparameters,
      tables: { x, y },
      from: state,
      to: state,
    });
  };
  /** A whole epoch, in as few native calls as the program allows. */
  const trainEpoch = () => {
    for (let first = 0; first < stepCount; first += training.capacity) {
      train(first, Math.min(training.capacity, stepCount - first));
    }
  };
  const { capacity, nodeCount, spec } = training;
  return { train, trainEpoch, stepCount, capacity, nodeCount, key: spec.key, choice };
}
