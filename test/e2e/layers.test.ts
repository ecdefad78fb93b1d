import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Sweep, tune } from '../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-layers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sweep = (study: string): Sweep => ({
  study,
  model: fileURLToPath(new URL('../fixtures/models/conv-norm-gru-dropout.mjs', import.meta.url)),
  dataset: 'spirals',
  objective: { metric: 'valLoss', direction: 'minimize' },
  strategy: { pbt: { population: 4, interval: 30 } },
  budget: { steps: 90 },
  seed: 3,
});

describe('a layers model with convolution, batch normalization, GRU and dropout', () => {
  it('is traced, learns, and has the same digest for 1 and 2 workers', async () => {
    const one = await tune(sweep('one'), { directory: root, workers: 1, requireTraced: true });
    const two = await tune(sweep('two'), { directory: root, workers: 2, requireTraced: true });
    expect(two.digest).toBe(one.digest);
    // three classes: guessing costs ln 3 = 1.0986 nats
    expect(one.best!.value).toBeLessThan(1.09);
  });
});
