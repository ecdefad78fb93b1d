// Runs one sweep in this process and prints what it cost as one JSON object. `bench/run.mjs` starts it as a child, so that
// peak memory and start-up are its own.   one-sweep.mjs SWEEP WORKERS [SEED]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tune } from '../dist/src/index.js';

const [sweep, workers, seed] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'tfjs-tuner-bench-'));
let firstStep;
let lastSegment;
const exploits = [];

function onEvent(event) {
  const now = performance.now(); // since the process started, loading included
  if (event.type === 'progress' && firstStep === undefined && event.trials.some(({ step }) => step > 0))
    firstStep = now;
  if (event.type !== 'record') return;
  if (event.record.kind === 'segment') {
    lastSegment = now;
    firstStep ??= now;
  }
  // from the last result of a generation to its decisions being recorded durably and applied
  if (event.record.kind === 'decided') exploits.push(now - lastSegment);
}

try {
  const summary = await tune(sweep, {
    directory,
    workers: Number(workers),
    onEvent,
    ...(seed ? { seed: Number(seed) } : {}),
  });
  const { best, steps, wallSeconds, peakRssBytes, digest } = summary;
  const totalSeconds = performance.now() / 1000;
  console.log(
    JSON.stringify({ best: best?.value, steps, wallSeconds, totalSeconds, peakRssBytes, digest, firstStep, exploits }),
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
