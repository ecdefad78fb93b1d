// npm run bench [-- --json] [-- --runs N]: what the example sweep costs with 1, 2 and 4 workers.
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printRows } from './statistics.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '3' } } });
const here = fileURLToPath(new URL('.', import.meta.url));
const sweep = join(here, '../examples/mnist-10k-pbt-population-8-generations-20.yaml');

function runOnce(workers) {
  const child = spawnSync(process.execPath, [join(here, 'one-sweep.mjs'), sweep, String(workers)], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}

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
printRows(rows, values.json);
