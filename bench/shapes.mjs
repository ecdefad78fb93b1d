// node bench/shapes.mjs [COUNT] [always|never] [--json]: resident memory and open programs while COUNT structural shapes are trained one
// after another. What is kept is bounded, so the second half should leave no growth.
//
// With --json, one object a line, as the other benchmarks print them.

import { loadDataset } from '../dist/src/data/index.js';
import { Engine } from '../dist/src/engine/index.js';
import { homeDirectory, install, loadSegmentAddon } from '../dist/src/native/index.js';
import { findModel } from '../dist/src/tuner/models.js';

const given = process.argv.slice(2);
const [count = '200', compile = 'never'] = given.filter((argument) => argument !== '--json');
const every = Math.max(1, Math.min(25, Math.floor(Number(count) / 4)));
const native = await install();
const addon = loadSegmentAddon(native);
const dataset = await loadDataset('spirals', { cacheDirectory: homeDirectory(), baseDirectory: process.cwd() });
const engine = new Engine({
  workers: 2,
  native,
  datasets: [dataset],
  modelPath: findModel('mlp'),
  seed: 1,
  trials: 1,
  onIncident: console.error,
  onUntraced: console.error,
});

function report(shapes) {
  const megabytes = process.memoryUsage.rss() / 1e6;
  const { programs, programsCreated } = addon.statistics();
  if (!given.includes('--json')) {
    console.log(
      `${shapes} shapes: ${megabytes.toFixed(0)} MB resident, ${programs} programs open of ${programsCreated}`,
    );
    return;
  }
  const line = (metric, unit, value) => {
    const numbers = { median: value, low: value, high: value, runs: 1 };
    console.log(
      JSON.stringify({ case: `${shapes} shapes, ${compile}`, system: 'tfjs-tuner', metric, unit, ...numbers }),
    );
  };
  line('resident memory', 'MB', megabytes);
  line('open programs', 'programs', programs);
}

const mutable = { learningRate: [0.01, 0.1], momentum: [0.5, 0.9], dropout: [0.1, 0.2] };
for (let hidden = 1; hidden <= Number(count); hidden++) {
  const shape = {
    structural: { hidden: 16 + hidden },
    mutable,
    batchSize: 32,
    evaluationBatchSize: 200,
    compile,
    plannedSteps: 1,
    trials: 1,
    requireTraced: true,
  };
  const values = { learningRate: 0.01, momentum: 0.9, dropout: 0.1 };
  const outcome = await engine.run({
    shape,
    trial: 0,
    generation: 0,
    mutable: values,
    fromStep: 0,
    toStep: 20,
    state: null,
  });
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  if (hidden % every === 0) report(hidden);
}
await engine.close();
