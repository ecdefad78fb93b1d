// Whole studies of the perceptron on MNIST's digits, with the compute of the example sweep (8 trials of 2,500 steps): one job (JSON) on standard
// input, {seed, error} for each seed on standard output, the share of validation rows that the study's best gets wrong.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from './places.mjs';

const { sweep, strategy, seeds } = JSON.parse(readFileSync(0, 'utf8'));

/** In a process of its own, as a user's would be. */
function best(file, seed) {
  const args = [join(root, 'bench', 'one-sweep.mjs'), file, String(availableParallelism()), String(seed)];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout).best;
}

const directory = mkdtempSync(join(tmpdir(), 'tfjs-tuner-sweeps-'));
try {
  const file = join(directory, 'sweep.yaml');
  writeFileSync(file, stringify({ ...parse(readFileSync(join(root, 'examples', sweep), 'utf8')), strategy }));
  for (const seed of seeds)
    console.log(JSON.stringify({ seed, error: Math.round((1 - best(file, seed)) * 1e6) / 1e6 }));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
