/** What was measured on, and with which versions. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { python, root } from './places.mjs';

const packages = ['optuna', 'cmaes', 'scipy', 'torch', 'ray', 'numpy'];

export function describeMachine() {
  const cores = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${cores[0].model.trim()}, ${cores.length} cores, ${memory}, ${process.platform} ${process.arch}`;
}

/** The versions that the peers' environment really has. */
function peerVersions() {
  const script = `
import sys; from importlib.metadata import version
print("Python " + sys.version.split()[0], *(name + " " + version(name) for name in sys.argv[1:]), sep=", ")`;
  const { stdout, stderr, status } = spawnSync(python, ['-c', script, ...packages], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the peers' versions are not known: ${stderr}`);
  return stdout.trim();
}

/** The commit, with `changed` where the code that is measured differs from it. */
function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
  const name = git('rev-parse', '--short', 'HEAD');
  if (name === '') return '';
  return ` (commit ${name}${git('status', '--porcelain', '--', 'src') === '' ? '' : ', changed'})`;
}

export function describe() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `${describeMachine()}; tfjs-tuner ${version}${commit()}, Node ${process.version}, ${peerVersions()}`;
}
