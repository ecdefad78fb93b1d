/** What was measured on, and with which versions. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { nativeVersions } from '../../dist/src/native/index.js';
import { here, root } from './places.mjs';

export function describeMachine() {
  const cores = cpus();
  return `${cores[0].model.trim()}, ${cores.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${process.arch}`;
}

/** The commit that the working tree is at, with `changed` where what is measured differs; undefined outside of git. */
function commit() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed =
      git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'native-models', 'bench/peers') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ', changed' : ''}`;
  } catch {
    return undefined;
  }
}

export function describeVersions() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own = commit();
  const peers = readFileSync(join(here, 'requirements.txt'), 'utf8').split('\n');
  return [
    `tfjs-tuner ${version}${own ? ` (commit ${own})` : ''}`,
    `libtensorflow ${nativeVersions.libtensorflow}`,
    `tfjs-node ${nativeVersions.tfjsNode}`,
    `Node ${process.version}`,
    ...peers.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.replace('==', ' ')),
  ].join(', ');
}
