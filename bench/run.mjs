// npm run bench [-- --json] [-- --runs N]: one trial's step, a population's steps a second over 1, 2 and 4 workers, native calls and
// first steps, and what the example sweep costs with 1, 2 and 4 workers.
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printResults, summarise } from './statistics.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '3' } } });
const here = fileURLToPath(new URL('.', import.meta.url));
const sweep = join(here, '../examples/mnist-10k-pbt-population-8-generations-20.yaml');

/** Runs a script of this folder in a process of its own; returns the objects that it prints, one a line. */
function runScript(script, args, threads) {
  // the tuner sets the number of threads itself, but for the scripts that leave it to their caller
  const env = threads === undefined ? process.env : { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads) };
  const child = spawnSync(process.execPath, [join(here, script), ...args.map(String)], { encoding: 'utf8', env });
  if (child.status !== 0) throw new Error(child.stderr);
  return child.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

const runOnce = (workers) => runScript('one-sweep.mjs', [sweep, workers])[0];

/** A step of one trial, and a population's, of the models that peers are compared on. */
const steps = [
  ...['mlp', 'cnn', 'gru'].map((name) => () => runScript('peers/tuner-step.mjs', [name, 1, 'plain'], 1)),
  () => runScript('peers/tuner-step.mjs', ['mlp', cpus().length, 'compiled'], cpus().length),
  ...['mlp', 'cnn'].flatMap((name) =>
    [1, 2, 4].map((workers) => () => runScript('peers/tuner-population.mjs', [name, workers, 'auto'], 1)),
  ),
];

if (!values.json) {
  console.log(
    `${cpus()[0].model}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}\n`,
  );
}
runOnce(1); // fills the data cache
const workerCounts = [1, 2, 4];
const results = new Map(workerCounts.map((workers) => [workers, []]));
// interleaved: the machine's speed drifts, and should drift for all alike
for (let run = 0; run < Number(values.runs); run++)
  for (const workers of workerCounts) results.get(workers).push(runOnce(workers));
const stepRows = new Map();
for (let run = 0; run < Number(values.runs); run++) {
  for (const { system, case: name, variant, metric, unit, value } of steps.flatMap((measure) => measure())) {
    const key = [name, system.replace(/^tfjs-tuner,? ?/, ''), variant].filter(Boolean).join(', ');
    const row = stepRows.get(key) ?? { case: key, system: 'tfjs-tuner', metric, unit, values: [] };
    stepRows.set(key, row);
    row.values.push(value);
  }
}

const digests = new Set([...results.values()].flat().map(({ digest }) => digest));
if (digests.size !== 1) throw new Error(`the digests differ: ${[...digests].join(', ')}`);

const metrics = [
  ['total speed', 'steps/s', ({ steps, wallSeconds }) => [steps / wallSeconds]],
  ['wall time of the study', 's', ({ wallSeconds }) => [wallSeconds]],
  ['wall time of the process', 's', ({ totalSeconds }) => [totalSeconds]],
  ['start to first step', 's', ({ firstStep }) => [firstStep / 1000]],
  ['last result to exploited population', 'ms', ({ exploits }) => exploits],
  ['peak resident memory', 'MB', ({ peakRssBytes }) => [peakRssBytes / 1e6]],
];
const rows = workerCounts.flatMap((workers) =>
  metrics.map(([metric, unit, of]) => ({
    case: `mnist-10k PBT, ${workers} worker${workers > 1 ? 's' : ''}`,
    system: 'tfjs-tuner',
    metric,
    unit,
    values: results.get(workers).flatMap(of),
  })),
);
const [one, , four] = workerCounts.map((workers) => results.get(workers).map(({ peakRssBytes }) => peakRssBytes));
rows.push({
  case: 'mnist-10k PBT, 1 to 4 workers',
  system: 'tfjs-tuner',
  metric: 'memory a further worker adds',
  unit: 'MB',
  values: four.map((bytes, run) => (bytes - one[run]) / 3 / 1e6),
});
const calls = runScript('calls.mjs', ['--json']);
printResults([...summarise([...stepRows.values(), ...rows]), ...calls], values.json);
