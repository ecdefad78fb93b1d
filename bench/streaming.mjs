// Streaming beside the same file in memory: how fast the same sweep trains, and what memory the process takes.
//   node bench/streaming.mjs [--json] [BYTES] [MEMORY] [RUNS] [WORKERS] [MODEL]     after `npm run build`; default 400e6 100e6 5 2 mlp
// The file is four times the memory, made in the system's folder of temporary files. Runs are interleaved, each in a process of its
// own; the base is the same sweep on a data set of 10 MB that is in memory, so growth is what the data set costs. It fails (exit code 1) where
// a median is beyond what is asked for: 1.2 times the time in memory, or resident memory beyond the limit.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLargeDataset } from './large-dataset.mjs';
import { printRows, spread } from './statistics.mjs';

const json = process.argv.includes('--json');
const given = process.argv.slice(2).filter((argument) => argument !== '--json');
const [bytes = 400e6, memory = 100e6, runs = 5, workers = availableParallelism()] = given.slice(0, 4).map(Number);
const model = given[4] ?? 'mlp';
const mostTime = 1.2;
const script = fileURLToPath(new URL('memory-run.mjs', import.meta.url));
const cnn = fileURLToPath(new URL('peers/models/cnn.mjs', import.meta.url));
const baseBytes = 10e6;

/** Long enough to go through several windows, with few evaluations: what is compared is training. */
const sweep = (dataset) => ({
  study: 'streaming',
  model: model === 'cnn' ? resolve(cnn) : model,
  dataset,
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: model === 'mlp' ? { hidden: 64 } : { learningRate: { float: [1e-4, 1e-2], scale: 'log' } },
  strategy: { pbt: { population: 4, interval: model === 'mlp' ? 750 : 100 } },
  budget: { steps: model === 'mlp' ? 3000 : 400 },
  training: { compile: 'never' },
  seed: 1,
});

function run(dataset) {
  const output = execFileSync(process.execPath, [script, JSON.stringify(sweep(dataset)), String(workers)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output);
}

const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-streaming-'));
try {
  const [base, large] = [join(folder, 'base.arrow'), join(folder, 'large.arrow')];
  await writeLargeDataset(base, { bytes: baseBytes, validation: 2 });
  const { rowCount } = await writeLargeDataset(large, { bytes });
  const results = Array.from({ length: runs }, () => ({
    base: run(base),
    whole: run(large),
    streamed: run({ path: large, memory }),
  }));
  const name = `${rowCount} rows, ${bytes / 1e6} MB in ${memory / 1e6} MB, ${workers} workers, ${model}`;
  const baseMemory = spread(results.map((one) => one.base.peak)).median - baseBytes;
  const growth = (key) => results.map((one) => (one[key].peak - baseMemory) / 1e6);
  const rate = (key) => results.map((one) => one[key].steps / one[key].seconds);
  const ratio = (key) => results.map(({ streamed, whole }) => streamed[key] / whole[key]);
  const row = (system, metric, unit, values) => ({ case: name, system, metric, unit, values });
  printRows(
    [
      row('memory', 'steps a second in memory', '1/s', rate('whole')),
      row('streamed', 'steps a second streamed', '1/s', rate('streamed')),
      row('streamed', 'time streamed / in memory', 'times', ratio('seconds')),
      row('streamed', 'processor time streamed / in memory', 'times', ratio('cpuSeconds')),
      row('none', 'resident without data', 'MB', [baseMemory / 1e6]),
      row('memory', 'resident for the data in memory', 'MB', growth('whole')),
      row('streamed', 'resident for the data streamed', 'MB', growth('streamed')),
    ],
    json,
  );
  const misses = [];
  const time = spread(ratio('seconds')).median;
  if (!(time <= mostTime)) misses.push(`training streamed takes ${time.toFixed(3)} times the time in memory`);
  const resident = spread(growth('streamed')).median;
  if (!(resident <= memory / 1e6)) misses.push(`streaming takes ${resident.toFixed(0)} MB`);
  const digests = new Set(results.map(({ streamed }) => streamed.digest));
  if (digests.size > 1) misses.push('streamed runs have several digests');
  for (const miss of misses) console.error(`missed: ${miss}`);
  if (misses.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
