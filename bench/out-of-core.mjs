// Encoding tables that are larger than the memory they may take: what memory it takes, how long, and whether the file is the one that is made in memory.
//   node bench/out-of-core.mjs [--json] [BYTES] [MEMORY] [RUNS]     after `npm run build`; default 800e6 200e6 3
// Bytes are what the columns take in memory, 8 a cell. Runs are interleaved, each in a process of its own; the base is a table of 16 MB with
// the same limit. Memory is VmHWM of /proc/self/status. It fails (exit code 1) where a median is beyond the limit, or a digest differs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLargeTable } from './large-table.mjs';
import { printRows, spread } from './statistics.mjs';

const json = process.argv.includes('--json');
const given = process.argv.slice(2).filter((argument) => argument !== '--json');
const [bytes = 800e6, memory = 200e6, runs = 3] = given.map(Number);
const columns = 50;
const rowsOf = (size) => Math.ceil(size / 8 / columns);
const script = fileURLToPath(new URL('encode-run.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-out-of-core-'));

function run(path, ...limit) {
  const args = [script, path, join(folder, 'encoded.arrow'), ...limit.map(String)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

try {
  const misses = [];
  const rows = [];
  for (const format of ['csv', 'parquet']) {
    const [base, large] = [join(folder, `base.${format}`), join(folder, `large.${format}`)];
    await writeLargeTable(base, { rows: rowsOf(16e6), columns });
    await writeLargeTable(large, { rows: rowsOf(bytes), columns });
    const results = Array.from({ length: runs }, () => ({
      base: run(base, memory),
      limited: run(large, memory),
      whole: run(large),
    }));
    const name = `${format}, ${(statSync(large).size / 1e6).toFixed(0)} MB, ${bytes / 1e6} MB in ${memory / 1e6} MB`;
    const row = (system, metric, unit, values) => rows.push({ case: name, system, metric, unit, values });
    const basePeak = spread(results.map((one) => one.base.peak)).median;
    const growth = (key) => results.map((one) => (one[key].peak - basePeak) / 1e6);
    row('limited', 'resident beyond the base', 'MB', growth('limited'));
    row('memory', 'resident beyond the base, without a limit', 'MB', growth('whole'));
    row(
      'limited',
      'time',
      's',
      results.map(({ limited }) => limited.seconds),
    );
    row(
      'limited',
      'time / in memory',
      'times',
      results.map(({ limited, whole }) => limited.seconds / whole.seconds),
    );
    const taken = spread(growth('limited')).median;
    if (!(taken <= memory / 1e6)) misses.push(`${format} takes ${taken.toFixed(0)} MB`);
    const digests = new Set(results.flatMap(({ limited, whole }) => [limited.digest, whole.digest]));
    if (digests.size > 1) misses.push(`${format} has several digests`);
    rmSync(large);
  }
  printRows(rows, json);
  for (const miss of misses) console.error(`missed: ${miss}`);
  if (misses.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
