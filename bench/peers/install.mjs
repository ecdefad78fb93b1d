// Makes the peers' Python environment in .cache/peers/venv, or leaves it as it is where it is up to date.
//   node bench/peers/install.mjs      PYTHON=python3.12 names another interpreter
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { here, python, venv } from './places.mjs';

const requirements = join(here, 'requirements.txt');
const constraints = join(here, 'constraints.txt');
const stamp = join(venv, 'installed.sha256');
const wanted = createHash('sha256').update(readFileSync(requirements)).update(readFileSync(constraints)).digest('hex');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** The pinned versions have wheels for these Pythons alone. */
function checkVersion(command) {
  const { stdout, error } = spawnSync(command, ['-c', 'import sys; print(sys.version_info[1])'], { encoding: 'utf8' });
  const minor = error ? Number.NaN : Number(stdout);
  if (minor >= 11 && minor <= 13) return;
  const given = error ? error.message : `Python 3.${minor}`;
  throw new Error(`the peers need Python 3.11, 3.12 or 3.13, and ${command} is ${given}: name another with PYTHON=`);
}

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
  console.log(`the peers are installed in ${venv}`);
} else {
  const base = process.env.PYTHON ?? 'python3';
  checkVersion(base);
  rmSync(venv, { recursive: true, force: true });
  run(base, ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--progress-bar', 'off', '-r', requirements, '-c', constraints]);
  // written last: an interrupted installation is begun again
  writeFileSync(stamp, wanted);
}
