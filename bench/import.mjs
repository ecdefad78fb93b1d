// node bench/import.mjs [--runs N] [--rows N] [--json]
// Reading large CSV and Parquet files against DuckDB and pyarrow: the same files, whole into memory, in child processes one after another, interleaved.
// Prints seconds of wall clock and of CPU. Python's packages are installed under .cache/import-peers. Needs a build.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printRows } from './statistics.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    rows: { type: 'string', default: '2000000' },
    json: { type: 'boolean', default: false },
  },
});
const here = fileURLToPath(new URL('./import/', import.meta.url));
const folder = fileURLToPath(new URL('../.cache/import-peers/', import.meta.url));
const python = join(folder, 'venv/bin/python');

function prepare() {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(python)) {
    execFileSync('python3', ['-m', 'venv', join(folder, 'venv')], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '-q', '-r', join(here, 'requirements.txt')], { stdio: 'inherit' });
  }
  execFileSync(python, [join(here, 'peers.py'), 'make', folder, options.rows], { stdio: ['ignore', 2, 2] });
}

const files = ['mixed.csv', 'numbers.csv', 'mixed.parquet', 'numbers.parquet'];
const systems = [
  { name: 'tfjs-tuner', command: (file) => [process.execPath, join(here, 'read-once.mjs'), join(folder, file)] },
  { name: 'pyarrow', command: (file) => [python, join(here, 'peers.py'), 'pyarrow', join(folder, file)] },
  { name: 'duckdb', command: (file) => [python, join(here, 'peers.py'), 'duckdb', join(folder, file)] },
];

prepare();
const samples = new Map();
for (let run = 0; run < Number(options.runs); run++) {
  for (const file of files) {
    for (const { name, command } of systems) {
      const [program, ...words] = command(file);
      const told = JSON.parse(execFileSync(program, words, { encoding: 'utf8' }));
      for (const metric of ['wall', 'cpu']) {
        const key = JSON.stringify({
          case: `${file}, ${Math.round(statSync(join(folder, file)).size / 1e6)} MB`,
          system: name,
          metric,
          unit: 's',
        });
        samples.set(key, [...(samples.get(key) ?? []), told[metric]]);
      }
    }
  }
}
printRows(
  [...samples].map(([key, values]) => {
    const { system, ...row } = JSON.parse(key);
    return { ...row, metric: `${row.metric}, ${system}`, values };
  }),
  options.json,
);
