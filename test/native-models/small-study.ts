import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type StudySummary, type Sweep, tune } from '../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-model-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes a data file, and gives its path. */
export function dataFile(name: string, contents: string): string {
  const path = join(root, name);
  writeFileSync(path, contents);
  return path;
}

let count = 0;

/** Runs a sweep with 1 and with 2 workers, traced: both must come to the same. */
export async function sameForAnyWorkers(sweep: Omit<Sweep, 'study'>): Promise<StudySummary> {
  const run = (study: string, workers: number) =>
    tune({ ...sweep, study }, { directory: root, workers, requireTraced: true });
  const name = `study-${count++}`;
  const one = await run(`${name}-one`, 1);
  expect(one.status).toBe('completed');
  expect((await run(`${name}-two`, 2)).digest).toBe(one.digest);
  return one;
}
