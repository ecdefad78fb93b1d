// Encodes a table in this process, and prints as one JSON object what it took: memory as the kernel counts it (/proc, in bytes), and time.
//   encode-run.mjs TABLE OUT [MEMORY]     a few columns at a time, where MEMORY (bytes) is given
import { readFileSync } from 'node:fs';
import { encodeToFile } from '../dist/src/data/index.js';

const [path, out, memory] = process.argv.slice(2);
const reference = { path, target: 'y', ...(memory === undefined ? {} : { memory: Number(memory) }) };
const started = performance.now();
const { digest, rowCount } = await encodeToFile(reference, out, { cacheDirectory: out, baseDirectory: process.cwd() });
const seconds = (performance.now() - started) / 1000;
const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({ peak: Number(kilobytes) * 1024, seconds, cpuSeconds: (user + system) / 1e6, digest, rowCount }),
);
