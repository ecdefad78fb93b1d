// npm run bench:accuracy [-- --seeds N] [-- --json]: validation accuracy of the example PBT sweep against random search with the
// same compute (8 trials of 2,500 steps), over seeds. Accuracies are the best of a study, as `show` prints them.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printRows } from './statistics.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, seeds: { type: 'string', default: '5' } } });
const here = fileURLToPath(new URL('.', import.meta.url));
const sweeps = {
  'population-based training': 'mnist-10k-pbt-population-8-generations-20.yaml',
  'random search': 'mnist-10k-random-trials-8.yaml',
};

function accuracy(sweep, seed) {
  const args = [
    join(here, 'one-sweep.mjs'),
    join(here, '../examples', sweep),
    String(availableParallelism()),
    String(seed),
  ];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout).best;
}

const results = Object.fromEntries(Object.keys(sweeps).map((system) => [system, []]));
// the sweeps' own seed first
for (const seed of [7, 0, 1, 2, 3, 4, 5, 6, 8, 9].slice(0, Number(values.seeds))) {
  for (const [system, sweep] of Object.entries(sweeps)) {
    const best = accuracy(sweep, seed);
    results[system].push(best);
    if (!values.json) console.log(`seed ${seed}: ${system} ${best}`);
  }
}
const rows = Object.entries(results).map(([system, list]) => {
  return { case: `mnist-10k, ${system}`, system: 'tfjs-tuner', metric: 'valAccuracy', unit: '', values: list };
});
printRows(rows, values.json);
