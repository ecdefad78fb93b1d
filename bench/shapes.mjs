// node bench/shapes.mjs [COUNT] [always|never]: resident memory while COUNT structural shapes are trained one after another.
// What is kept is bounded, so the second half should leave no growth.

import { loadDataset } from '../dist/src/data/index.js';
import { Engine } from '../dist/src/engine/index.js';
import { homeDirectory, install } from '../dist/src/native/index.js';
import { findModel } from '../dist/src/tuner/models.js';

const [count = '200', compile = 'never'] = process.argv.slice(2);
const native = await install();
const dataset = await loadDataset('spirals', { cacheDirectory: homeDirectory(), baseDirectory: process.cwd() });
const engine = new Engine({
  workers: 2,
  native,
  dataset,
  modelPath: findModel('mlp'),
  seed: 1,
  trials: 1,
  onIncident: console.error,
  onUntraced: console.error,
});
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
  if (hidden % 25 === 0) console.log(`${hidden} shapes: ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB resident`);
}
await engine.close();
