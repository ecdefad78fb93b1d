// node bench/quality/ask-speed.mjs [--only PATTERN] [--json] [--ours]: what a decision costs, ours and Optuna's in one run, on the same
// trials. TPE with 1,000 trials of 10 floats, GP with 200; ASHA with 10,000 trials; PBT with a population of 1,000. Quickest and slowest fifth aside
// ("low" to "high"). Needs `npm run build`, and the peers' environment (install.mjs) unless --ours. About a minute on a quiet machine.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { foldIn, seedKey, uniform } from '../../dist/src/random/index.js';
import { asha, parsePbtOptions, pbt } from '../../dist/src/schedulers/index.js';
import { parseSpace, sampleSpace } from '../../dist/src/space/index.js';
import { createStudy, gpSampler, tpeSampler } from '../../dist/study.js';
import { columns } from '../peers/table.mjs';
import { decisionTimes } from './decision-times.mjs';
import { here, python } from './places.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    json: { type: 'boolean' },
    ours: { type: 'boolean' },
    // for the child processes
    times: { type: 'string' },
  },
});

const dimensions = Array.from({ length: 10 }, (_, at) => `x${at}`);
const space = Object.fromEntries(dimensions.map((name) => [name, { float: [0, 1] }]));

/** A valley that is narrower in some dimensions, with waves in one. */
function objective(point) {
  const x = Object.values(point);
  return x.reduce((total, value, at) => total + (at + 1) * (value - 0.3) ** 2, 0) + Math.sin(9 * x[0]);
}

const trialsOf = (count) =>
  Array.from({ length: count }, (_, trial) => {
    const params = sampleSpace(parseSpace(space), foldIn(seedKey(1), 'trial', trial));
    return { params, value: objective(params) };
  });

/** Milliseconds of each of so many asks after the trials; each is told before the next. */
function askTimes(sampler, trials, asks, warmUp) {
  const study = createStudy({ space, seed: 1, sampler, enqueue: trials.map(({ params }) => params) });
  const times = [];
  for (let at = 0; at < trials.length + warmUp + asks; at++) {
    const from = performance.now();
    const trial = study.ask();
    times.push(performance.now() - from);
    study.tell(trial, objective(trial.hyperparameters));
  }
  return times.slice(-asks);
}

function pbtTimes() {
  const wide = parseSpace({
    ...Object.fromEntries(dimensions.slice(0, 8).map((name) => [name, { float: [1e-4, 1], scale: 'log' }])),
    warmup: { int: [1, 500], structural: false },
    hidden: { choice: [64, 128, 256] },
  });
  const members = Array.from({ length: 1000 }, (_, trial) => {
    const key = foldIn(seedKey(1), trial);
    return {
      trial,
      score: uniform(foldIn(key, 'score')),
      hyperparameters: sampleSpace(wide, key),
      generation: 3,
      steps: 400,
      lineage: [],
    };
  });
  const scheduler = pbt(parsePbtOptions({ population: 1000, interval: 100 }));
  const ready = members.map(({ trial }) => trial);
  const times = Array.from({ length: 400 }, (_, generation) => {
    const from = performance.now();
    scheduler.decide({ space: wide, key: seedKey(7), generation, members, ready, frozen: new Set(), history: [] });
    return performance.now() - from;
  });
  return times.slice(100);
}

/** Optuna's asks on the same trials. */
function optunaTimes(sampler, trials, asks) {
  const input = JSON.stringify({ sampler, trials, asks });
  const child = spawnSync(python, ['ask_speed.py'], { cwd: here, input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}

const [thousand, hundreds] = [trialsOf(1000), trialsOf(200)];
const cases = [
  {
    name: 'TPE ask, 1,000 trials of 10 parameters',
    target: 2,
    ours: () => askTimes(tpeSampler(), thousand, 200, 100),
    optuna: () => optunaTimes('tpe', thousand, 30),
  },
  {
    name: 'GP ask, 200 trials of 10 parameters',
    target: 100,
    ours: () => askTimes(gpSampler(), hundreds, 20, 10),
    optuna: () => optunaTimes('gp', hundreds, 5),
  },
  {
    name: 'ASHA decision, 10,000 trials',
    target: 0.02,
    ours: () => [1, 2].map((seed) => decisionTimes(asha(), seed))[1].map((microseconds) => microseconds / 1000),
    optuna: () => optunaTimes('asha', [], 30),
  },
  { name: 'PBT decision, population of 1,000', target: 1, ours: pbtTimes },
].filter(({ name }) => new RegExp(values.only, 'i').test(name));

if (values.times !== undefined) {
  const { ours } = cases.find(({ name }) => name === values.times);
  console.log(JSON.stringify([...ours()]));
  process.exit();
}

/** Times from a process of its own: code that has run for another case is optimized for that one too, and takes longer here. */
function timesOf(name) {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--times', name], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}

function summary(name, system, times, target) {
  const sorted = Float64Array.from(times).sort();
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  return { case: name, system, unit: 'ms', median: at(0.5), low: at(0.2), high: at(0.8), runs: times.length, target };
}

const rows = cases.flatMap(({ name, target, optuna }) => [
  summary(name, 'tfjs-tuner', timesOf(name), target),
  ...(optuna === undefined || values.ours ? [] : [summary(name, 'Optuna', optuna())]),
]);
if (values.json) for (const row of rows) console.log(JSON.stringify(row));
else {
  const shown = (ms) => (ms < 0.1 ? `${(1000 * ms).toPrecision(3)} µs` : `${ms.toPrecision(3)} ms`);
  const lines = rows.map(({ case: name, system, median, low, high, runs, target }) => {
    const bar = target === undefined ? '' : `< ${shown(target)}`;
    return [name, system, shown(median), `${shown(low)} – ${shown(high)}`, String(runs), bar];
  });
  console.log(columns([['decision', 'system', 'median', 'middle three fifths', 'runs', 'target'], ...lines]));
}
