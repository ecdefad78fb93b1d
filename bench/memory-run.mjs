// Runs one sweep in this process, and prints as one JSON object what it took: memory as the kernel counts it (/proc, in bytes),
// time, and the digest.   memory-run.mjs SWEEP(JSON) WORKERS [DIRECTORY]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tune } from '../dist/src/index.js';

const [sweep, workers, given] = process.argv.slice(2);
const directory = given ?? mkdtempSync(join(tmpdir(), 'tfjs-tuner-memory-'));

/** A field of /proc/self/status in bytes: VmRSS is what is resident now, VmHWM the most that ever was. */
function status(field) {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

const residents = [];
const timer = setInterval(() => residents.push(status('VmRSS')), 50);
let firstSegment;
let lastSegment;
const onEvent = (event) => {
  if (event.type !== 'record' || event.record.kind !== 'segment') return;
  const { user, system } = process.cpuUsage();
  lastSegment = { at: performance.now() / 1000, cpu: (user + system) / 1e6 };
  // what came before it traced and optimised graphs
  firstSegment ??= lastSegment;
};
try {
  const summary = await tune(JSON.parse(sweep), { directory, workers: Number(workers), onEvent });
  const { steps, digest, best, wallSeconds } = summary;
  const seconds = lastSegment.at - firstSegment.at;
  const cpuSeconds = lastSegment.cpu - firstSegment.cpu;
  const peak = status('VmHWM');
  console.log(
    JSON.stringify({
      steps,
      digest,
      best: best?.value,
      wallSeconds,
      seconds,
      cpuSeconds,
      peak,
      sampled: Math.max(...residents),
    }),
  );
} finally {
  clearInterval(timer);
  if (given === undefined) rmSync(directory, { recursive: true, force: true });
}
