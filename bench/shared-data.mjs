// One copy of the data for all workers: by how much a large data set makes the process grow, from loading it to the end of a sweep.
//   node bench/shared-data.mjs [BYTES] [WORKERS] [RUNS]     after `npm run build`; default 500e6 4 3
// Each run is a process of its own; the base is the same sweep on 10 MB. Memory is VmHWM of /proc/self/status: the most that was ever resident.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLargeDataset } from './large-dataset.mjs';
import { spread } from './statistics.mjs';

const [bytes = 500e6, workers = 4, runs = 3] = process.argv.slice(2).map(Number);
const baseBytes = 10e6;
const script = fileURLToPath(new URL('memory-run.mjs', import.meta.url));

function peak(dataset) {
  const sweep = {
    study: 'shared',
    model: 'mlp',
    dataset,
    objective: { metric: 'valAccuracy', direction: 'maximize' },
    space: { hidden: 64 },
    strategy: { pbt: { population: 4, interval: 100 } },
    budget: { steps: 200 },
    training: { compile: 'never' },
  };
  const args = [script, JSON.stringify(sweep), String(workers)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })).peak;
}

const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-shared-'));
try {
  for (const kind of ['images', 'numbers']) {
    const [base, large] = [join(folder, `${kind}-base.arrow`), join(folder, `${kind}.arrow`)];
    await writeLargeDataset(base, { bytes: baseBytes, kind, validation: 2 });
    await writeLargeDataset(large, { bytes, kind });
    const results = Array.from({ length: runs }, () => ({ base: peak(base), large: peak(large) }));
    const ratios = results.map((one) => (one.large - one.base) / (bytes - baseBytes));
    const { median, low, high } = spread(ratios);
    const without = spread(results.map((one) => one.base - baseBytes)).median;
    console.log(
      `${kind}, ${bytes / 1e6} MB, ${workers} workers: grows by ${median.toFixed(3)} (${low.toFixed(3)} – ${high.toFixed(3)}) times the data; ${(without / 1e6).toFixed(0)} MB without data`,
    );
    rmSync(large);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
