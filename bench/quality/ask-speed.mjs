// node bench/quality/ask-speed.mjs [--only PATTERN] [--json] [--ours] [--write]: what a decision costs in CPU time, ours and a peer's in one run,
// on the same work. TPE with 1,000 trials of 10 floats, GP with 200; ASHA with 10,000 trials; PBT with 1,000 members and 20 generations (asynchronous: 6), of which
// the second half counts. Quickest and slowest fifth aside ("low" to "high"). Needs `npm run build`, and the peers' environment (install.mjs) unless
// --ours. --write remakes the table in README.md.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { foldIn, seedKey, sequence } from '../../dist/src/random/index.js';
import { asha } from '../../dist/src/schedulers/index.js';
import { parseSpace, sampleSpace } from '../../dist/src/space/index.js';
import { createStudy, gpSampler, tpeSampler } from '../../dist/study.js';
import { columns } from '../peers/table.mjs';
import { cpuTime } from './cpu-time.mjs';
import { decisionTimes } from './decision-times.mjs';
import { here, python } from './places.mjs';
import { populationTimes } from './population-decisions.mjs';
import { writeSpeed } from './write-readme.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    json: { type: 'boolean' },
    ours: { type: 'boolean' },
    write: { type: 'boolean' },
    // for the child processes
    times: { type: 'string' },
  },
});
if (values.write && (values.only !== '' || values.ours))
  throw new Error('--write is for the whole table, with the peers');

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

/** Milliseconds (of CPU, as all times here) of each of so many asks after the trials; each is told before the next. */
function askTimes(sampler, trials, asks, warmUp) {
  const study = createStudy({ space, seed: 1, sampler, enqueue: trials.map(({ params }) => params) });
  const times = [];
  for (let at = 0; at < trials.length + warmUp + asks; at++) {
    const from = cpuTime();
    const trial = study.ask();
    times.push(cpuTime() - from);
    study.tell(trial, objective(trial.hyperparameters));
  }
  return times.slice(-asks);
}

/** Of three populations, the first to warm up. */
function pbtTimes(strategy) {
  populationTimes({ ...population, ...strategy }, 0);
  return [1, 2].flatMap((seed) => populationTimes({ ...population, ...strategy }, seed));
}

/** A peer's times, by a script of this folder that reads a job and prints milliseconds. */
function peerTimes(script, job) {
  // one thread: several would wait for each other, and that counts
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const options = { cwd: here, env, input: JSON.stringify(job), encoding: 'utf8', maxBuffer: 2 ** 26 };
  const child = spawnSync(python, [script], options);
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}
const optuna = (job) => ({ name: 'Optuna', times: () => peerTimes('ask_speed.py', job) });

function ray(job) {
  const draw = sequence(seedKey(1));
  const scores = Array.from({ length: 10 }, () => Array.from({ length: 1000 }, draw));
  const times = () => peerTimes('ray_pbt_speed.py', { population: 1000, generations: 10, ...job, scores });
  return { name: 'Ray Tune', times };
}

const population = { population: 1000 };
const [thousand, hundreds] = [trialsOf(1000), trialsOf(200)];
const cases = [
  {
    name: 'TPE ask, 1,000 trials of 10 parameters',
    target: 2,
    ours: () => askTimes(tpeSampler(), thousand, 200, 100),
    peer: optuna({ sampler: 'tpe', trials: thousand, asks: 30 }),
  },
  {
    name: 'GP ask, 200 trials of 10 parameters',
    target: 100,
    ours: () => askTimes(gpSampler(), hundreds, 20, 10),
    peer: optuna({ sampler: 'gp', trials: hundreds, asks: 5 }),
  },
  {
    name: 'ASHA decision, 10,000 trials',
    target: 0.02,
    ours: () => [1, 2].map((seed) => decisionTimes(asha(), seed))[1].map((microseconds) => microseconds / 1000),
    peer: optuna({ sampler: 'asha', trials: [], asks: 30 }),
  },
  {
    name: 'PBT, all of 1,000 members at once: truncation',
    target: 1,
    ours: () => pbtTimes({}),
    peer: ray({ synchronous: true }),
  },
  { name: 'PBT, all of 1,000 members at once: tournament', ours: () => pbtTimes({ exploit: 'tournament' }) },
  { name: 'PBT, all of 1,000 members at once: t-test', ours: () => pbtTimes({ exploit: 'ttest' }) },
  {
    name: 'PBT, one of 1,000 members (asynchronous)',
    target: 1,
    ours: () => populationTimes({ ...population, asynchronous: true }, 1, 6),
    peer: ray({ synchronous: false }),
  },
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

const rows = cases.flatMap(({ name, target, peer }) => [
  summary(name, 'tfjs-tuner', timesOf(name), target),
  ...(peer === undefined || values.ours ? [] : [summary(name, peer.name, peer.times())]),
]);
if (values.json) for (const row of rows) console.log(JSON.stringify(row));
const shown = (ms) => (ms < 0.1 ? `${(1000 * ms).toPrecision(3)} µs` : `${ms.toPrecision(3)} ms`);
const lines = rows.map(({ case: name, system, median, low, high, runs, target }) => {
  const bar = target === undefined ? '' : `< ${shown(target)}`;
  return [name, system, shown(median), `${shown(low)} – ${shown(high)}`, String(runs), bar];
});
const table = [['decision', 'system', 'median CPU time', 'middle three fifths', 'runs', 'target'], ...lines];
if (!values.json) console.log(columns(table));
if (values.write) writeSpeed(table);
