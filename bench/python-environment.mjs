import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function run(command, args) {
  // standard output is for results
  const { status, error } = spawnSync(command, args, { stdio: ['inherit', 2, 2] });
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

/**
 * Makes a Python environment of the pinned packages of a folder, or leaves it as it is where it is up to date. PYTHON names
 * another interpreter than python3.
 *
 * @param folder where requirements.txt and constraints.txt are
 * @param venv where the environment is, or will be
 */
export function makePythonEnvironment(folder, venv) {
  const requirements = join(folder, 'requirements.txt');
  const constraints = join(folder, 'constraints.txt');
  const stamp = join(venv, 'installed.sha256');
  const wanted = createHash('sha256')
    .update(readFileSync(requirements))
    .update(readFileSync(constraints))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    console.error(`the peers are installed in ${venv}`);
    return;
  }
  const base = process.env.PYTHON ?? 'python3';
  checkVersion(base);
  rmSync(venv, { recursive: true, force: true });
  run(base, ['-m', 'venv', venv]);
  const install = ['-m', 'pip', 'install', '--progress-bar', 'off', '-r', requirements, '-c', constraints];
  run(join(venv, 'bin', 'python'), install);
  // written last: an interrupted installation is begun again
  writeFileSync(stamp, wanted);
}
