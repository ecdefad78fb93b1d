// One copy of the data for all workers: by how much a large data set makes the process grow, from loading it to the end of a sweep.
//   node bench/shared-data.mjs [--json] [BYTES] [WORKERS] [RUNS] [KIND…]     after `npm run build`; default 500e6 4 3 images numbers
// Kinds: images and numbers, encoded Arrow files; csv and parquet, tables that are encoded first, with 1.1 times the
// data as their memory. Each run is a process of its own; the base is the same sweep on 10 MB. Memory is VmHWM of /proc/self/status: the most
// that was ever resident. It fails (exit code 1) where a median is not below 1.1 times the data.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { homeDirectory } from '../dist/src/native/index.js';
import { writeLargeDataset } from './large-dataset.mjs';
import { writeLargeTable } from './large-table.mjs';
import { printRows, spread } from './statistics.mjs';

const json = process.argv.includes('--json');
const given = process.argv.slice(2).filter((argument) => argument !== '--json');
const [bytes = 500e6, workers = 4, runs = 3] = given.slice(0, 3).map(Number);
const kinds = given.length > 3 ? given.slice(3) : ['images', 'numbers'];
const baseBytes = 10e6;
const most = 1.1;
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-shared-'));
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

/** Writes data of a kind, and gives their reference. `validation`: one row in so many, at least. */
async function write(name, kind, size, validation) {
  if (kind === 'images' || kind === 'numbers') {
    const path = join(folder, `${name}.arrow`);
    await writeLargeDataset(path, { bytes: size, kind, validation });
    return path;
  }
  const path = join(folder, `${name}-${process.pid}.${kind}`);
  // 50 float32 features, a class and the number of each row
  await writeLargeTable(path, { rows: Math.ceil(size / (50 * 4 + 8)), columns: 50 });
  return { path, target: 'y', memory: Math.ceil(size * most), validation: 1 / validation };
}

/** Tables' encoded copies, which the cache would keep. */
function forgetEncoded() {
  const cache = join(homeDirectory(), 'datasets');
  const own = new RegExp(`^(base|large)-${process.pid}-.*\\.encoded\\.arrow$`);
  for (const name of existsSync(cache) ? readdirSync(cache) : []) if (own.test(name)) rmSync(join(cache, name));
}

try {
  const rows = [];
  const misses = [];
  for (const kind of kinds) {
    // as many validation rows as a call gathers, so that calls take the same memory
    const base = await write('base', kind, baseBytes, 2);
    const large = await write('large', kind, bytes, 20);
    // tables are encoded anew in each run
    const fresh = (reference, run) => (typeof reference === 'string' ? reference : { ...reference, seed: run });
    const results = Array.from({ length: runs }, (_, run) => ({
      base: peak(fresh(base, run)),
      large: peak(fresh(large, run)),
    }));
    const growth = results.map((one) => (one.large - one.base) / (bytes - baseBytes));
    const name = `${kind}, ${bytes / 1e6} MB, ${workers} workers`;
    rows.push({ case: name, system: 'shared', metric: 'growth / data', unit: 'times', values: growth });
    const without = results.map((one) => (one.base - baseBytes) / 1e6);
    rows.push({ case: name, system: 'none', metric: 'resident without data', unit: 'MB', values: without });
    if (!(spread(growth).median < most))
      misses.push(`${kind} grows by ${spread(growth).median.toFixed(3)} times the data`);
    rmSync(typeof large === 'string' ? large : large.path);
    forgetEncoded();
  }
  printRows(rows, json);
  for (const miss of misses) console.error(`missed: ${miss}`);
  if (misses.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
