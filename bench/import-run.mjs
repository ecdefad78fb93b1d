// Imports a table in this process, as "data import" does, and prints as one JSON object what it took: memory as the kernel counts it (/proc, in bytes),
// and time.   import-run.mjs TABLE FOLDER [MEMORY]     a few columns at a time, where MEMORY (bytes) is given
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { importFile } from '../dist/src/data/index.js';

const [path, to, memory] = process.argv.slice(2);
rmSync(to, { recursive: true, force: true });
const started = performance.now();
const limit = memory === undefined ? {} : { memory: Number(memory) };
await importFile(path, { target: 'y', to, baseDirectory: process.cwd(), version: 'bench', ...limit });
const seconds = (performance.now() - started) / 1000;
const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
const { user, system } = process.cpuUsage();
const { data, schema } = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8'));
console.log(
  JSON.stringify({
    peak: Number(kilobytes) * 1024,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    digest: data.sha256,
    rowCount: schema.rowCount,
  }),
);
