// What a native call costs, and how soon a warm worker has trained the first step of a shape that it has not seen.
//   node bench/calls.mjs [--json]      after `npm run build`
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../dist/src/engine/index.js';
import { encodeConfig } from '../dist/src/graph/config-proto.js';
import { GraphBuilder } from '../dist/src/graph/graph-builder.js';
import { install, loadSegmentAddon, setOperationThreads } from '../dist/src/native/index.js';
import { here } from './peers/places.mjs';
import { loadDigits, traceValues } from './peers/tuner.mjs';
import { printRows } from './statistics.mjs';

const { values: options } = parseArgs({ options: { json: { type: 'boolean' } } });
const system = 'tfjs-tuner';

const native = await install();
setOperationThreads(1);

/** What a call of a graph with one addition takes. */
function trivialCall() {
  const addon = loadSegmentAddon(native);
  const graph = new GraphBuilder();
  const a = graph.placeholder('a', 'float32', []);
  const sum = graph.binary('AddV2', a, a, 'float32');
  const program = addon.load({
    key: 'one addition',
    graph: graph.encode(),
    feeds: ['a'],
    fetches: [sum],
    config: encodeConfig(),
  });
  const [input, output] = [Float32Array.of(1), new Float32Array(1)];
  const calls = 20_000;
  const times = Array.from({ length: 7 }, () => {
    const started = performance.now();
    for (let i = 0; i < calls; i++) addon.run(program, [input], [output]);
    return ((performance.now() - started) * 1000) / calls;
  });
  if (output[0] !== 2) throw new Error('1 + 1 must be 2');
  addon.release(program);
  return { case: 'a graph of one addition', system, metric: 'time of a native call', unit: 'µs', values: times };
}

/** Milliseconds at which a trial has trained its first step, as views see it. */
async function trained(engine, trial) {
  while (engine.step(trial) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return performance.now();
}

/**
 * Seconds from handing a segment of one step, of a new batch size, to a warm engine until it has trained it, and until it has evaluated
 * it on 2,000 rows and reported.
 */
async function firstSteps(name, compile) {
  const trials = compile === 'always' ? 1 : 8;
  const engine = new Engine({
    workers: 1,
    native,
    datasets: [await loadDigits()],
    modelPath: join(here, 'models', `${name}.mjs`),
    seed: 1,
    trials: 8,
    onIncident: ({ message }) => console.error(message),
    onUntraced: (reason) => console.error(reason),
  });
  const [first, whole] = [[], []];
  for (let batchSize = 32; batchSize < 40; batchSize++) {
    const shape = {
      structural: {},
      mutable: traceValues,
      batchSize,
      evaluationBatchSize: 500,
      compile,
      plannedSteps: 2500,
      trials,
      requireTraced: true,
    };
    const mutable = { learningRate: 0.01, momentum: 0.9 };
    const trial = batchSize - 32;
    const started = performance.now();
    const running = engine.run({ shape, trial, generation: 0, mutable, fromStep: 0, toStep: 1, state: null });
    // one that fails never trains
    const at = await Promise.race([trained(engine, trial), running.then(() => performance.now())]);
    first.push((at - started) / 1000);
    const result = await running;
    if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
    whole.push((performance.now() - started) / 1000);
  }
  await engine.close();
  const shape = { case: `new shape of ${name}, ${compile === 'always' ? 'compiled' : 'plain'}`, system, unit: 's' };
  // the first of all warms the worker
  return [
    { ...shape, metric: 'until its first step is trained', values: first.slice(1) },
    { ...shape, metric: 'until 2,000 rows are evaluated', values: whole.slice(1) },
  ];
}

const rows = [
  trivialCall(),
  ...(await firstSteps('mlp', 'never')),
  ...(await firstSteps('cnn', 'never')),
  ...(await firstSteps('gru', 'never')),
  ...(await firstSteps('mlp', 'always')),
];
printRows(rows, options.json);
