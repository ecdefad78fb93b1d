// What augmentation costs in a training step: microseconds of processor time a step of a batch of images, beside a step without
// it, interleaved. Processor time, so that what else runs on the machine counts for little.
//   node bench/augmentation.mjs [--batch 32] [--side 28] [--channels 1] [--runs 7] [--compile] [--json]      after `npm run build`
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { alignedShared, OpDefinitions, TrainingRunner } from '../dist/src/graph/index.js';
import { install, loadSegmentAddon, loadTfjsNode, setOperationThreads } from '../dist/src/native/index.js';
import { seedKey } from '../dist/src/random/index.js';
import * as trial from '../dist/src/trial/index.js';
import { printRows } from './statistics.mjs';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '32' },
    side: { type: 'string', default: '28' },
    channels: { type: 'string', default: '1' },
    runs: { type: 'string', default: '7' },
    compile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [batchSize, side, channels, runs] = [values.batch, values.side, values.channels, values.runs].map(Number);
const rowShape = [side, side, channels];
const rowCount = 1024;

const cases = {
  nothing: (x) => x,
  randomShift: trial.randomShift,
  randomFlip: trial.randomFlip,
  cutout: trial.cutout,
  randomBrightness: trial.randomBrightness,
  randomContrast: trial.randomContrast,
  maskingNoise: trial.maskingNoise,
  mixup: (x, strength, random) => trial.mixup(x, tf.zeros([batchSize, 10]), strength, random).x,
};

const native = await install();
setOperationThreads(1);
const { backend } = loadTfjsNode(native, tf);
const addon = loadSegmentAddon(native);

/** A step that augments and adds all pixels up, which is as little as can be done with them. */
function definition(augment) {
  return trial.defineModel({
    space: { strength: trial.float(0, 0.5) },
    build() {
      const total = tf.variable(tf.scalar(0));
      return {
        step({ x }, { strength }, { random }) {
          total.assign(augment(x, strength, random).sum());
          return tf.scalar(0);
        },
        evaluate: ({ x }) => ({ loss: x.sum([1, 2, 3]) }),
      };
    },
  });
}

function open(augment) {
  const data = { featureShape: rowShape, target: { kind: 'none' } };
  const common = { batchSize, key: seedKey(1), structural: {}, mutable: ['strength'], data };
  const building = trial.buildModel(definition(augment), common);
  const state = trial.initialState(building, addon);
  const { training } = trial.traceModel(building, {
    backend,
    definitions: new OpDefinitions(addon),
    columns: [{ name: 'x', type: 'uint8', rowShape, rowCount, scale: { factor: 1 / 255, offset: 0 } }],
    sampleRows: { x: new Uint8Array(4 * side * side * channels) },
    batchSize,
    evaluationBatchSize: batchSize,
    mutable: { strength: [0.2, 0.1] },
    compile: values.compile ? 'always' : 'never',
    plannedSteps: 1,
    trials: 1,
    ownProducts: false,
  });
  return { runner: new TrainingRunner(addon, training), state, capacity: training.capacity };
}

const x = alignedShared(addon, rowCount * side * side * channels);
for (let i = 0; i < x.length; i++) x[i] = (i * 7919) % 251;

/** Microseconds of processor time a step, over calls of as many steps as a call can do. */
function time({ runner, state, capacity }, seconds) {
  for (let i = 0; i < runner.indices.length; i++) runner.indices[i] = (i * 31) % rowCount;
  const call = { steps: capacity, seed: [1, 2], hyperparameters: { strength: 0.2 }, tables: { x } };
  let steps = 0;
  const before = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  while (spent() < seconds * 1e6) {
    runner.train({ ...call, firstStep: steps, from: state, to: state });
    steps += capacity;
  }
  return spent() / steps;
}

const opened = Object.entries(cases).map(([name, augment]) => [name, open(augment), []]);
for (const [, one] of opened) time(one, 0.1);
for (let run = 0; run < runs; run++) for (const [, one, times] of opened) times.push(time(one, 0.1));
const base = opened[0][2];
printRows(
  opened.map(([name, , times]) => ({
    case: name,
    system: 'tfjs-tuner',
    metric: name === 'nothing' ? 'a step' : 'added to a step',
    unit: 'µs',
    values: name === 'nothing' ? times : times.map((one, run) => one - base[run]),
  })),
  values.json,
);
