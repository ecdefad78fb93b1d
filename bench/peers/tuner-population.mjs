// Steps a second of a population on the tuner's engine, segments as in a study.
//   tuner-population.mjs CASE WORKERS COMPILE      COMPILE: always, never, or auto for what the tuner chooses itself
import { join } from 'node:path';
import { Engine } from '../../dist/src/engine/index.js';
import { install } from '../../dist/src/native/index.js';
import { cases, population } from './cases.mjs';
import { here } from './places.mjs';
import { leastSeconds, report } from './timing.mjs';
import { loadDigits, traceValues } from './tuner.mjs';

const [name, workers, compile] = process.argv.slice(2);
const { members } = population;
const steps = population.stepsPerSegment[name];
const { batchSize, learningRate, momentum } = cases[name];

function fail(reason) {
  throw new Error(reason);
}

// A segment ends with an evaluation, which the peers' part of this case does not have: it is of one row here.
const digits = await loadDigits();
const dataset = { ...digits, splits: { ...digits.splits, validation: { ...digits.splits.validation, count: 1 } } };
const engine = new Engine({
  workers: Number(workers),
  native: await install(),
  datasets: [dataset],
  modelPath: join(here, 'models', `${name}.mjs`),
  seed: 1,
  trials: members,
  onIncident: ({ message }) => fail(message),
  onUntraced: fail,
});
const shape = {
  structural: {},
  mutable: traceValues,
  batchSize,
  evaluationBatchSize: 1,
  compile,
  plannedSteps: members * 2500,
  trials: members,
  requireTraced: true,
};

const states = Array.from({ length: members }, () => null);
async function trainMember(trial, generation) {
  const mutable = { learningRate: learningRate * 0.9 ** trial, momentum };
  const [fromStep, toStep] = [generation * steps, (generation + 1) * steps];
  const result = await engine.run({ shape, trial, generation, mutable, fromStep, toStep, state: states[trial] });
  if (result.outcome !== 'done') throw new Error(`trial ${trial} ended as ${JSON.stringify(result)}`);
  states[trial] = result.state;
}
let generation = 0;
async function trainGeneration() {
  await Promise.all(states.map((_, trial) => trainMember(trial, generation)));
  generation++;
}

await trainGeneration();
await trainGeneration();
const started = performance.now();
const first = generation;
do await trainGeneration();
while (performance.now() - started < leastSeconds * 1000);
const seconds = (performance.now() - started) / 1000;
const { traced } = await engine.prepare(shape);
await engine.close();
report({
  system: `tfjs-tuner, ${workers} worker${workers === '1' ? '' : 's'}`,
  case: `${name}-population`,
  variant: traced.compile.compile ? 'compiled' : 'plain',
  metric: 'speed of a population',
  unit: 'steps/s',
  value: ((generation - first) * members * steps) / seconds,
});
