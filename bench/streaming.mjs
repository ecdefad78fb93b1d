// Streaming beside the same file in memory: how fast the same sweep trains, and what memory the process takes.
//   node bench/streaming.mjs [BYTES] [MEMORY] [RUNS] [WORKERS] [MODEL]     after `npm run build`; default 400e6 100e6 5 2 mlp
// The file is four times the memory, made in the system's folder of temporary files. Runs are interleaved, each in a process of its
// own; the base is the same sweep on a data set of 10 MB that is in memory, so growth is what the data set costs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLargeDataset } from './large-dataset.mjs';
import { spread } from './statistics.mjs';

const [bytes = 400e6, memory = 100e6, runs = 5, workers = availableParallelism()] = process.argv
  .slice(2, 6)
  .map(Number);
const model = process.argv[6] ?? 'mlp';
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
  console.log(`${rowCount} rows, ${bytes / 1e6} MB; allowed ${memory / 1e6} MB; ${workers} workers, ${model}`);
  const results = Array.from({ length: runs }, () => ({
    base: run(base),
    whole: run(large),
    streamed: run({ path: large, memory }),
  }));
  const print = (name, values, digits) => {
    const { median, low, high } = spread(values);
    console.log(`${name}: ${median.toFixed(digits)} (${low.toFixed(digits)} – ${high.toFixed(digits)})`);
  };
  const baseMemory = spread(results.map((one) => one.base.peak)).median - baseBytes;
  const growth = (key) => results.map((one) => (one[key].peak - baseMemory) / 1e6);
  print(
    'steps a second in memory',
    results.map(({ whole }) => whole.steps / whole.seconds),
    0,
  );
  print(
    'steps a second streamed',
    results.map(({ streamed }) => streamed.steps / streamed.seconds),
    0,
  );
  print(
    'processor time streamed / in memory',
    results.map(({ streamed, whole }) => streamed.cpuSeconds / whole.cpuSeconds),
    3,
  );
  print(
    'time streamed / in memory',
    results.map(({ streamed, whole }) => streamed.seconds / whole.seconds),
    3,
  );
  console.log(`resident without data: ${(baseMemory / 1e6).toFixed(0)} MB`);
  print('resident memory for the data set in memory, MB', growth('whole'), 0);
  print('resident memory for the data set streamed, MB', growth('streamed'), 0);
  const digests = new Set(results.map(({ streamed }) => streamed.digest));
  if (digests.size > 1) throw new Error('streamed runs must have one digest');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
