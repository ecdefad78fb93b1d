import { describe, expect, it } from 'vitest';
import { dataFile, sameForAnyWorkers } from './small-study.js';

const times = Array.from({ length: 240 }, (_, time) => {
  return { v: 50 + 10 * Math.sin(time / 3), w: Math.cos(time / 5), up: Math.sin(time / 3) > 0 ? 'up' : 'down' };
});

describe('gru', () => {
  it('forecasts a series in its own unit, with the same digest for 1 and 2 workers', async () => {
    const csv = ['v,w', ...times.map(({ v, w }) => `${v},${w}`)].join('\n');
    const summary = await sameForAnyWorkers({
      model: 'gru',
      dataset: { series: dataFile('series.csv', csv), target: 'v', window: 8, horizon: 3 },
      objective: { metric: 'valRmse', direction: 'minimize' },
      space: { units: 16, layers: 1, regularisation: 'none' },
      strategy: { pbt: { population: 2, interval: 60 } },
      budget: { steps: 180 },
      training: { batchSize: 16, evaluationBatchSize: 7 },
    });
    // what it is now, for what it will be in three times: 6.7
    expect(summary.best!.value).toBeLessThan(2);
  });
});
