import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { percentileStopping } from '../../src/schedulers/percentile-stopping.js';
import { learningCurves, simulateFidelity } from '../support/simulate-fidelity.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

describe('percentile stopping', () => {
  itIsAFidelityScheduler(() => percentileStopping({ percentile: 25, interval: 3 }));

  it('lets a trial go on if it is among the best share of the completed ones', () => {
    const run = percentileStopping({ percentile: 25, startupTrials: 0 }).begin({ key: seedKey(1), maxSteps: 2 });
    for (const trial of [0, 1, 2, 3, 4]) {
      run.next(trial);
      run.report({ trial, step: 1, score: 10 + trial });
      run.report({ trial, step: 2, score: 10 + trial });
    }
    // of 10, 11, 12, 13, 14 the best quarter begins at 13
    for (const [trial, score, kind] of [
      [5, 12.99, 'stop'],
      [6, 13, 'continue'],
    ] as const) {
      run.next(trial);
      expect(run.report({ trial, step: 1, score })[0]!.kind).toBe(kind);
    }
  });

  it('stops more the smaller the percentile', () => {
    const steps = [10, 30, 50, 70, 90].map(
      (percentile) => simulateFidelity(percentileStopping({ percentile }), learningCurves(seedKey(5))).totalSteps,
    );
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps[0]).toBeLessThan(steps[4]! / 2);
  });
});
