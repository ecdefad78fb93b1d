// node bench/import.mjs [--runs N] [--rows N] [--json]
// Reading large CSV and Parquet files beside DuckDB, pyarrow and pandas: the same files, whole into memory, in child processes one after another,
// interleaved. Each process reads twice: cold, with code that was just loaded, and warm; the file is in the system's cache both times. And
// the whole of "data import". Prints seconds, MB/s of the file, and how many times a peer's time it took, against the targets: CSV warm at
// 200 MB/s, or within 1.5 times of DuckDB; Parquet warm within 2 times of pyarrow.
// Python's packages are installed under .cache/import-peers (PYTHON names another interpreter than python3: 3.11 to 3.13). Needs a build.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makePythonEnvironment } from './python-environment.mjs';
import { printRows, spread } from './statistics.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    rows: { type: 'string', default: '2000000' },
    json: { type: 'boolean', default: false },
  },
});
const here = fileURLToPath(new URL('./import/', import.meta.url));
const folder = fileURLToPath(new URL('../.cache/import-peers/', import.meta.url));
const venv = join(folder, 'venv');
const python = join(venv, 'bin/python');

const peers = ['pyarrow', 'duckdb', 'pandas'];
/** What is imported, and for which target. */
const targets = { 'mixed.csv': 'flag', 'numbers.csv': 'f0', 'mixed.parquet': 'flag', 'numbers.parquet': 'f0' };
const files = Object.keys(targets);

/** By `case`, then by `system` and state (cold, warm, import): seconds of each run. */
const seconds = new Map();
const megabytes = (file) => statSync(join(folder, file)).size / 1e6;

function keep(file, system, told) {
  for (const [state, { wall, cpu }] of Object.entries(told)) {
    for (const [metric, value] of Object.entries({ wall, cpu })) {
      const key = `${file} ${system} ${state} ${metric}`;
      seconds.set(key, [...(seconds.get(key) ?? []), value]);
    }
  }
}

function measure(file, system, program, words) {
  keep(file, system, JSON.parse(execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })));
}

const wallOf = (file, system, state) => seconds.get(`${file} ${system} ${state} wall`);

/** How many times the peer's time it took, run by run: those of a run are measured one after the other. */
function ratios(file, state, peer) {
  const others = wallOf(file, peer, state);
  return wallOf(file, 'tfjs-tuner', state).map((wall, run) => wall / others[run]);
}

function rows() {
  const all = [];
  const add = (file, system, metric, unit, values) =>
    all.push({ case: `${file}, ${Math.round(megabytes(file))} MB`, system, metric, unit, values });
  for (const file of files) {
    for (const system of ['tfjs-tuner', ...peers]) {
      for (const state of system === 'tfjs-tuner' ? ['cold', 'warm', 'import'] : ['cold', 'warm']) {
        const wall = wallOf(file, system, state);
        add(file, system, `${state}, wall`, 's', wall);
        add(file, system, `${state}, CPU`, 's', seconds.get(`${file} ${system} ${state} cpu`));
        add(
          file,
          system,
          `${state}, speed`,
          'MB/s',
          wall.map((one) => megabytes(file) / one),
        );
      }
    }
    for (const peer of peers) {
      for (const state of ['cold', 'warm'])
        add(file, 'tfjs-tuner', `${state}, times ${peer}`, '×', ratios(file, state, peer));
    }
  }
  return all;
}

/** What was aimed at, and whether the medians are there. */
function verdicts() {
  return files.map((file) => {
    const speed = spread(wallOf(file, 'tfjs-tuner', 'warm').map((wall) => megabytes(file) / wall)).median;
    const timesDuckdb = spread(ratios(file, 'warm', 'duckdb')).median;
    const timesPyarrow = spread(ratios(file, 'warm', 'pyarrow')).median;
    const isCsv = file.endsWith('.csv');
    return {
      case: file,
      metric: 'target',
      target: isCsv ? '200 MB/s, or 1.5 times DuckDB' : '2 times pyarrow',
      met: isCsv ? speed >= 200 || timesDuckdb <= 1.5 : timesPyarrow <= 2,
      speedMBs: speed,
      timesDuckdb,
      timesPyarrow,
    };
  });
}

mkdirSync(folder, { recursive: true });
makePythonEnvironment(here, venv);
execFileSync(python, [join(here, 'peers.py'), 'make', folder, options.rows], { stdio: ['ignore', 2, 2] });
for (let run = 0; run < Number(options.runs); run++) {
  for (const file of files) {
    const path = join(folder, file);
    measure(file, 'tfjs-tuner', process.execPath, [join(here, 'read-once.mjs'), path]);
    for (const peer of peers) measure(file, peer, python, [join(here, 'peers.py'), peer, path]);
    measure(file, 'tfjs-tuner', process.execPath, [join(here, 'import-once.mjs'), path, targets[file]]);
  }
}
printRows(
  // in a table there is no column for the system
  rows().map((row) => (options.json ? row : { ...row, metric: `${row.metric}, ${row.system}` })),
  options.json,
);
for (const verdict of verdicts()) {
  if (options.json) console.log(JSON.stringify(verdict));
  else {
    const { case: name, target, met, speedMBs, timesDuckdb, timesPyarrow } = verdict;
    const is = `${Math.round(speedMBs)} MB/s, ${timesDuckdb.toFixed(2)} times DuckDB, ${timesPyarrow.toFixed(2)} times pyarrow`;
    console.log(`${name}: ${is}; target ${target}: ${met ? 'met' : 'missed'}`);
  }
}
