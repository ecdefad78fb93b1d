/** Results are kept by what they are of (code, job, seed), so that an interrupted measurement goes on where it was. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cache, here, root, samplesFile } from './places.mjs';

function contents(path) {
  if (!statSync(path).isDirectory()) return [readFileSync(path)];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => [name, ...contents(join(path, name))]);
}

/** Names a job: equal for equal code and equal work. */
export function jobKey({ command, code, ownCode, input }) {
  // the table of curves by what is in it, not by where it lies
  const hash = createHash('sha256').update(JSON.stringify([command, { ...input, curves: undefined }]));
  const paths = [...code.map((name) => join(here, name)), ...ownCode.map((name) => join(root, name))];
  if (command[0] === 'python') paths.push(join(here, 'requirements.txt'));
  for (const path of paths) for (const part of contents(path)) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

export function forgetSamples() {
  rmSync(samplesFile, { force: true });
}

export function keepSample(key, seed, values) {
  mkdirSync(cache, { recursive: true });
  appendFileSync(samplesFile, `${JSON.stringify({ key, seed, values })}\n`);
}

/** @returns a map from key to a map from seed to values */
export function keptSamples() {
  const samples = new Map();
  // a line that an interrupt cut off is not whole
  const lines = existsSync(samplesFile) ? readFileSync(samplesFile, 'utf8').split('\n').slice(0, -1) : [];
  for (const { key, seed, values } of lines.map((line) => JSON.parse(line))) {
    if (!samples.has(key)) samples.set(key, new Map());
    samples.get(key).set(seed, values);
  }
  return samples;
}
