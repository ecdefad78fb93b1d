import { describe, expect, it } from 'vitest';
import { dataFile, sameForAnyWorkers } from './small-study.js';

// each letter follows from the one before: a model that has learned that loses nothing
const text = 'abcdefgh'.repeat(60);
const space = { layers: { choice: [2] }, width: 16, heads: 2, regularisation: 'none', warmup: 5 } as const;

describe('transformer', () => {
  it('learns what follows what, with the same digest for 1 and 2 workers', async () => {
    const summary = await sameForAnyWorkers({
      model: 'transformer',
      dataset: { text: dataFile('letters.txt', text), context: 8, stride: 1 },
      objective: { metric: 'valLoss', direction: 'minimize' },
      space,
      strategy: { pbt: { population: 2, interval: 30 } },
      budget: { steps: 90 },
      training: { batchSize: 8, evaluationBatchSize: 4 },
    });
    // guessing costs ln 8 = 2.08 nats
    expect(summary.best!.value).toBeLessThan(0.5);
  });

  it('trains with one window a step, dropout, a decaying rate, and a text of two windows', async () => {
    const summary = await sameForAnyWorkers({
      model: 'transformer',
      dataset: { text: dataFile('two.txt', 'abcabcabc\r\nab'), context: 4, validation: 4 },
      objective: { metric: 'valPerplexity', direction: 'minimize' },
      space: {
        ...space,
        regularisation: 'dropout',
        dropout: { choice: [0.1, 0.2], structural: false },
        decaySteps: 20,
      },
      strategy: { random: { trials: 2, interval: 10 } },
      budget: { steps: 20 },
      training: { batchSize: 1, evaluationBatchSize: 3 },
    });
    expect(summary.best!.value).toBeGreaterThan(1);
  });
});
