// node bench/decisions.mjs: what one PBT decision costs at population 1,000, in milliseconds.
import { seedKey } from '../dist/src/random/index.js';
import { pbt } from '../dist/src/schedulers/index.js';
import { parseSpace } from '../dist/src/space/index.js';
import { printRows } from './statistics.mjs';

const space = parseSpace({
  learningRate: { float: [1e-4, 1], scale: 'log' },
  momentum: { float: [-0.5, 0.99] },
  hidden: { choice: [64, 128, 256] },
});
const hyperparameters = { learningRate: 0.01, momentum: 0.9, hidden: 128 };
const members = Array.from({ length: 1000 }, (_, trial) => {
  return { trial, score: Math.sin(trial), hyperparameters, generation: 0, steps: 100 };
});
const options = { population: 1000, interval: 100, quantile: 0.25, resample: 0.25, factors: [0.8, 1.2], burnIn: 0 };
const scheduler = pbt(options);
const values = [];
for (let run = 0; run < 300; run++) {
  const from = performance.now();
  scheduler.decide({ space, key: seedKey(7), generation: run, members });
  if (run >= 100) values.push(performance.now() - from);
}
printRows(
  [{ case: 'PBT decision, population 1,000', system: 'tfjs-tuner', metric: 'time', unit: 'ms', values }],
  process.argv.includes('--json'),
);
