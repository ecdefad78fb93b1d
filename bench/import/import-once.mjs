// node bench/import/import-once.mjs FILE TARGET: imports a file of rows as "data import" does, inference and writing included, and tells what it took.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { importFile } = await import('../../dist/src/data/import/import-file.js');
const [file, target] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-import-'));
try {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await importFile(file, { target, to: join(folder, 'made'), baseDirectory: '/', version: 'bench' });
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ import: { wall, cpu: (user + system) / 1e6 } }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
