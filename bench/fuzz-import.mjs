// node bench/fuzz-import.mjs [--count N] [--from N] [--seed N] [--batch N] [--memory MB] [--json]
// Reads N damaged files: those that other programs wrote (test/fixtures/foreign), images and texts, cut off, with bits flipped, with numbers in their headers
// replaced, spliced, misnamed, and bombs. Each must be read or refused with an error that has a code, within 10 s of processor time (and two minutes by the clock) and a limit of memory. A
// table is read with one thread and with two, which must agree, and imported, inference and writing included; what the import's Arrow file has
// must be what was read. An image is decoded, alone and in a folder; the folder, and a text, are imported as well. Files that are not damaged, or whose checksums would show it, must be read as what was
// written, or refused. Several files a process; a process that dies, hangs or takes too much is reported with its file, and the next one
// goes on. Needs a build.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeBombs } from './import/bombs.mjs';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    batch: { type: 'string', default: '250' },
    memory: { type: 'string', default: '1500' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(options.count);
const limitBytes = Number(options.memory) * 1e6;
const cpuLimitMs = 10_000;
const timeLimitMs = 120_000;
const bombFolder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-bombs-'));
await writeBombs(bombFolder, Math.ceil(count / 250));
const child = fileURLToPath(new URL('./import/fuzz-child.mjs', import.meta.url));

/** Bytes that a process has in memory; 0 once it is gone, or where the system does not say. */
function residentBytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Processor time of all threads of a process; 0 once it is gone, or where the system does not say. */
function cpuMs(pid) {
  try {
    // behind the name in brackets, which may have spaces: user and system time are the 12th and 13th, in hundredths of a second
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** Runs inputs from `first` up to `end`, not included; resolves to where it stopped, and why, if it was before the end. */
function runBatch(first, end, tell) {
  return new Promise((resolve) => {
    const process_ = spawn(
      process.execPath,
      ['--max-old-space-size=600', child, options.seed, first, end, bombFolder].map(String),
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let current = first;
    let since = performance.now();
    let cpuBefore = 0;
    let fault;
    let errors = '';
    let rest = '';
    const watch = setInterval(() => {
      const resident = residentBytes(process_.pid);
      peakBytes = Math.max(peakBytes, resident);
      if (performance.now() - since > timeLimitMs) fault = `took more than ${timeLimitMs} ms`;
      else if (cpuMs(process_.pid) - cpuBefore > cpuLimitMs)
        fault = `took more than ${cpuLimitMs} ms of processor time`;
      else if (resident > limitBytes) fault = `took ${Math.round(resident / 1e6)} MB`;
      if (fault !== undefined) process_.kill('SIGKILL');
    }, 50);
    process_.stderr.on('data', (text) => {
      errors = (errors + text).slice(-2000);
    });
    process_.stdout.on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const told = JSON.parse(line);
        since = performance.now();
        cpuBefore = cpuMs(process_.pid);
        if (told.outcome !== undefined) tell(told);
        current = told.outcome === undefined ? told.input : told.input + 1;
      }
    });
    process_.on('close', (code, signal) => {
      clearInterval(watch);
      if (current >= end && fault === undefined && code === 0) resolve({ next: end });
      else resolve({ next: current + 1, input: current, fault: fault ?? `ended with ${signal ?? code}: ${errors}` });
    });
  });
}

const outcomes = new Map();
const faults = [];
let slowestMs = 0;
let peakBytes = 0;
const compared = { threads: 0, reference: 0, imports: 0, folders: 0 };
const tell = ({ input, outcome, ms, detail, checks }) => {
  for (const check of Object.keys(compared)) compared[check] += checks[check];
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  slowestMs = Math.max(slowestMs, ms);
  if (outcome === 'unexpected') faults.push({ input, fault: detail });
};

for (let next = Number(options.from); next < count; ) {
  const batch = await runBatch(next, Math.min(count, next + Number(options.batch)), tell);
  if (batch.fault !== undefined) faults.push({ input: batch.input, fault: batch.fault });
  next = batch.next;
  if (!options.json) process.stderr.write(`${next} of ${count}, ${faults.length} faults\n`);
}
rmSync(bombFolder, { recursive: true, force: true });
const summary = {
  seed: Number(options.seed),
  from: Number(options.from),
  count,
  faults: faults.length,
  slowestMs,
  peakMB: Math.round(peakBytes / 1e6),
  compared,
  outcomes: Object.fromEntries([...outcomes].sort()),
};
if (!options.json) for (const { input, fault } of faults) console.log(`input ${input}: ${fault}`);
console.log(options.json ? JSON.stringify({ ...summary, found: faults }) : summary);
process.exitCode = faults.length > 0 ? 1 : 0;
