import { describe, expect, it } from 'vitest';
import { dataFile, sameForAnyWorkers } from './small-study.js';

const rows = Array.from({ length: 400 }, (_, row) => {
  const a = Math.sin(row * 12.9898) * 3;
  const b = Math.cos(row * 78.233) * 2;
  const kind = ['red', 'green', 'blue'][row % 3]!;
  // a wave of one number, another number, and a step of the category, in thousands
  const price = 1000 * (Math.sin(2 * a) + b + (kind === 'red' ? 2 : 0));
  return { a, b, kind, price, dear: price > 500 ? 'yes' : 'no' };
});
const csv = (target: 'price' | 'dear') =>
  [`a,b,kind,${target}`, ...rows.map((row) => `${row.a},${row.b},${row.kind},${row[target]}`)].join('\n');

const common = {
  model: 'tabular',
  space: { layers: 2, width: 32, frequencies: 8, embedding: 4, frequencyScale: 0.3, regularisation: 'none' },
  strategy: { pbt: { population: 2, interval: 100 } },
  budget: { steps: 300 },
  training: { batchSize: 32, evaluationBatchSize: 27 },
} as const;

describe('tabular', () => {
  it("learns numbers in the target's own unit, with the same digest for 1 and 2 workers", async () => {
    const summary = await sameForAnyWorkers({
      ...common,
      space: { ...common.space, members: 4 },
      dataset: { path: dataFile('numbers.csv', csv('price')), target: 'price' },
      objective: { metric: 'valRmse', direction: 'minimize' },
    });
    // the target's deviation is 1,830
    expect(summary.best!.value).toBeLessThan(600);
    expect(summary.best!.value).toBeGreaterThan(1);
  });

  it('learns classes, with one member and dropout', async () => {
    const summary = await sameForAnyWorkers({
      ...common,
      space: {
        ...common.space,
        members: 1,
        regularisation: 'dropout',
        dropout: { choice: [0.05, 0.1], structural: false },
        decaySteps: 300,
      },
      dataset: { path: dataFile('classes.csv', csv('dear')), target: 'dear' },
      objective: { metric: 'valAccuracy', direction: 'maximize' },
    });
    expect(summary.best!.value).toBeGreaterThan(0.85);
  });
});
