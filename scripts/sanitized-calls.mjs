// What `sanitize-addon.mjs` runs on a companion addon with sanitizers: right and wrong calls, threads that share programs, and
// short studies, cancelled and whole. Its only argument is where the native parts lie, as JSON.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { loadDataset } from '../dist/src/data/index.js';
import { Engine } from '../dist/src/engine/index.js';
import { encodeConfig } from '../dist/src/graph/config-proto.js';
import { GraphBuilder } from '../dist/src/graph/graph-builder.js';
import { homeDirectory, loadSegmentAddon, setOperationThreads } from '../dist/src/native/index.js';

const native = JSON.parse(process.argv[2]);
const root = join(import.meta.dirname, '..');

/** `a + a`, of one or more numbers. */
function addition(key) {
  const graph = new GraphBuilder();
  const a = graph.placeholder('a', 'float32', [-1]);
  const fetches = [graph.binary('AddV2', a, a, 'float32')];
  return { key, graph: graph.encode(), feeds: ['a'], fetches, config: encodeConfig() };
}

function mustFail(act) {
  try {
    act();
  } catch (error) {
    if (typeof error.code === 'string') return;
    throw error;
  }
  throw new Error('the call must fail');
}

/** Every way to call the addon wrongly that its checks are there for, between calls that work. */
function calls(addon) {
  const view = Float32Array.of(1, 2, 3);
  for (let round = 0; round < 200; round++) {
    const program = addon.load(addition(`addition ${round % 7}`));
    const out = new Float32Array(3);
    addon.run(program, [view], [out]);
    if (out[2] !== 6) throw new Error('3 + 3 must be 6');
    addon.run(program, [new Float32Array(0)], [new Float32Array(0)]);
    mustFail(() => addon.run(program, [view], [new Float32Array(2)]));
    mustFail(() => addon.run(program, [Uint8Array.of(1)], [out]));
    mustFail(() => addon.run(program, [], []));
    mustFail(() => addon.run(program, [view.buffer], [out]));
    mustFail(() => addon.run({}, [view], [out]));
    mustFail(() => addon.run(program));
    if (round % 2 === 0) addon.release(program);
    if (round % 2 === 0) mustFail(() => addon.run(program, [view], [out]));
    if (round % 5 === 0) addon.cancel('addition 3');
  }
  const { graph } = addition('');
  mustFail(() => addon.load({ ...addition('torn'), graph: graph.subarray(0, graph.length - 3) }));
  mustFail(() => addon.load({ ...addition('names'), feeds: ['b'] }));
  mustFail(() => addon.load({ ...addition('config'), config: Uint8Array.of(255, 255, 255) }));
  mustFail(() => addon.definition('NoSuchOp'));
  for (const op of ['MatMul', 'While', 'Conv2D']) if (addon.definition(op).length === 0) throw new Error(op);
  addon.trim();
}

/** Threads that open, run, release and cancel the same programs at once, and end with programs open. */
async function threads() {
  const source = `
    import { workerData } from 'node:worker_threads';
    const { loadSegmentAddon } = await import(workerData.index);
    const addon = loadSegmentAddon(workerData.native);
    for (let i = 0; i < 500; i++) {
      const program = addon.load({ ...workerData.spec, key: 'shared ' + (i % 3) });
      const out = new Float32Array(1);
      try {
        addon.run(program, [Float32Array.of(i)], [out]);
        if (out[0] !== 2 * i) throw new Error(i + ' doubled is not ' + out[0]);
      } catch (error) {
        if (!/cancel|closed/i.test(error.message)) throw error;
      }
      if (i % 7 === 0) addon.cancel('shared 1');
      if (i % 2 === 0) addon.release(program);
    }`;
  const index = new URL('../dist/src/native/index.js', import.meta.url).href;
  const workerData = { index, native, spec: addition('shared') };
  await Promise.all(
    Array.from({ length: 4 }, () => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData });
      return new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
    }),
  );
}

/** Segments of a perceptron, plain and compiled, on two workers; the last ones are cancelled. */
async function study(compile) {
  const dataset = await loadDataset('spirals', { cacheDirectory: homeDirectory(), baseDirectory: root });
  const engine = new Engine({
    workers: 2,
    native,
    datasets: [dataset],
    modelPath: join(root, 'dist', 'native-models', 'mlp', 'model.js'),
    seed: 1,
    trials: 4,
    onIncident: ({ message }) => console.error(message),
    onUntraced: (reason) => console.error(reason),
  });
  const shape = (hidden) => ({
    structural: { hidden },
    mutable: { learningRate: [0.001, 1], momentum: [0.5, 0.99], dropout: [0, 0.5] },
    ...{ batchSize: 32, evaluationBatchSize: 100, compile, plannedSteps: 100, trials: 4, requireTraced: true },
  });
  const run = (trial, toStep) => {
    const mutable = { learningRate: 0.1, momentum: 0.9, dropout: 0.1 };
    const at = { trial, generation: 0, mutable, fromStep: 0, toStep, state: null };
    return engine.run({ shape: shape(trial < 2 ? 64 : 128), ...at });
  };
  const results = await Promise.all([0, 1, 2, 3].map((trial) => run(trial, 300)));
  for (const result of results) if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
  const endless = [0, 1, 2].map((trial) => run(trial, 100_000_000));
  while (engine.step(0) < 1000) await new Promise((resolve) => setTimeout(resolve, 20));
  engine.cancel();
  for (const { outcome } of await Promise.all(endless)) if (outcome !== 'cancelled') throw new Error(outcome);
  await engine.close();
}

const addon = loadSegmentAddon(native);
setOperationThreads(1);
calls(addon);
console.log('calls: right and wrong ones');
await threads();
console.log('threads: four that share programs');
await study('never');
await study('always');
console.log('studies: plain and compiled, whole and cancelled');
globalThis.gc?.();
console.log(`programs: ${addon.statistics().programsCreated} made, ${addon.statistics().programs} open`);
