// node bench/quality/curves.mjs: makes the table of learning curves that schedulers are compared on, or leaves it where it is there and of the
// same sweep. Trials of the perceptron on MNIST's digits, with random hyperparameters, each evaluated 27 times: three minutes on 2 cores. The table,
// .cache/quality/curves.json: {sweep, space, steps, trials: [{hyperparameters, errors}]}, errors being shares of the validation rows.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tune } from '../../dist/src/index.js';
import { cache, curvesFile } from './places.mjs';

const steps = 27;
const interval = 20;
const sweep = {
  study: 'curves',
  model: 'mlp',
  dataset: 'mnist-10k',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: {
    learningRate: { float: [1e-3, 1], scale: 'log' },
    momentum: { float: [0, 0.99] },
    dropout: { float: [0, 0.8] },
    hidden: { choice: [8, 16, 32, 64] },
  },
  strategy: { random: { trials: 300, interval } },
  budget: { steps: steps * interval },
  seed: 0,
  training: { batchSize: 32 },
};

async function measure() {
  const directory = mkdtempSync(join(tmpdir(), 'tfjs-tuner-curves-'));
  // a trial that diverges is as wrong as guessing, or worse, from there on
  const trials = [];
  const onEvent = ({ type, record }) => {
    if (type !== 'record') return;
    const { kind, trial, hyperparameters, generation, outcome, metrics } = record;
    if (kind === 'proposed') trials[trial] = { hyperparameters, errors: new Array(steps).fill(1) };
    // counted in rows, so that 1 - accuracy is not 0.09999999999999998
    if (kind === 'segment' && outcome === 'done') {
      trials[trial].errors[generation] = Math.round((1 - metrics.valAccuracy) * 1e6) / 1e6;
    }
  };
  try {
    await tune(sweep, { directory, workers: availableParallelism(), onEvent });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return trials;
}

const isMade =
  existsSync(curvesFile) && JSON.stringify(JSON.parse(readFileSync(curvesFile)).sweep) === JSON.stringify(sweep);
if (isMade) {
  console.log(`the learning curves are in ${curvesFile}`);
} else {
  const trials = await measure();
  mkdirSync(cache, { recursive: true });
  // whole or not at all
  writeFileSync(`${curvesFile}.new`, JSON.stringify({ sweep, space: sweep.space, steps, trials }));
  renameSync(`${curvesFile}.new`, curvesFile);
  console.log(`${trials.length} learning curves, ${curvesFile}`);
}
