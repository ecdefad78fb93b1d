/** What was measured on, and with which versions. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { nativeVersions } from '../../dist/src/native/index.js';
import { here, root } from './places.mjs';

export function describeMachine() {
  const cores = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${cores[0].model.trim()}, ${cores.length} cores, ${memory}, ${process.platform} ${process.arch}`;
}

/** Where the code lies that decides what is measured. */
const measuredPaths = ['src', 'native-models', 'bench/peers'];

function git(...args) {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  }).trim();
}

/** What git says, or undefined outside of a checkout. */
function fromGit(ask) {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** Names the measured code: equal for equal code, whatever else was committed or changed. */
export function measuredVersion() {
  const trees = fromGit(() => [
    ...measuredPaths.map((path) => git('rev-parse', `HEAD:${path}`)),
    git('diff', 'HEAD', '--', ...measuredPaths),
  ]);
  return createHash('sha256')
    .update(JSON.stringify(trees ?? null))
    .digest('hex')
    .slice(0, 16);
}

/** The commit, with `changed` where the measured code differs from it. */
function describeCommit() {
  return fromGit(() => {
    const changed = git('diff', 'HEAD', '--', ...measuredPaths) !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ', changed' : ''}`;
  });
}

export function describeVersions() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commit = describeCommit();
  const peers = readFileSync(join(here, 'requirements.txt'), 'utf8').split('\n');
  return [
    `tfjs-tuner ${version}${commit ? ` (commit ${commit})` : ''}`,
    `libtensorflow ${nativeVersions.libtensorflow}`,
    `tfjs-node ${nativeVersions.tfjsNode}`,
    `Node ${process.version}`,
    ...peers.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.replace('==', ' ')),
  ].join(', ');
}
