import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Sweep, tune } from '../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-calls-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  delete process.env.TFJS_TUNER_STEPS_PER_CALL;
});

let studies = 0;
/** The digest of a small study of a model with batch normalization, a GRU and dropout. */
async function digest(workers: number, stepsPerCall?: number): Promise<string> {
  if (stepsPerCall !== undefined) process.env.TFJS_TUNER_STEPS_PER_CALL = `${stepsPerCall}`;
  const sweep: Sweep = {
    study: `calls-${studies++}`,
    model: fileURLToPath(new URL('../fixtures/models/norm-gru-dropout.mjs', import.meta.url)),
    dataset: 'spirals',
    objective: { metric: 'valAccuracy', direction: 'maximize' },
    strategy: { pbt: { population: 3, interval: 20 } },
    budget: { steps: 40 },
    training: { compile: 'never', evaluationBatchSize: 20 },
    seed: 11,
  };
  const { digest } = await tune(sweep, { directory: root, workers, requireTraced: true });
  return digest;
}

describe('a study gives the same digest however many steps and batches a native call does', () => {
  it('with one worker and with two', async () => {
    const timed = await digest(1);
    expect(await digest(1, 1)).toBe(timed);
    expect(await digest(2, 3)).toBe(timed);
    expect(await digest(2, 20)).toBe(timed);
  });
});
