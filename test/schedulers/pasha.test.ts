import { describe, expect, it } from 'vitest';
import { foldIn, seedKey, uniform } from '../../src/random/index.js';
import { asha } from '../../src/schedulers/asha.js';
import { pasha } from '../../src/schedulers/pasha.js';
import { learningCurves, simulateFidelity } from '../support/simulate-fidelity.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

const furthest = (trials: readonly { step: number }[]) => Math.max(...trials.map(({ step }) => step));

describe('PASHA', () => {
  itIsAFidelityScheduler(() => pasha());

  it('goes no further than the second rung while the rungs agree', () => {
    const scoreOf = (trial: number) => uniform(foldIn(seedKey(1), trial));
    const { trials } = simulateFidelity(pasha(), learningCurves(seedKey(1), { scoreOf }));
    expect(furthest(trials)).toBe(3);
  });

  it('goes to the last rung where rungs never agree', () => {
    const scoreOf = (trial: number, step: number) =>
      uniform(foldIn(seedKey(1), trial, step < 3 ? 1 : step < 9 ? 2 : step));
    const { trials } = simulateFidelity(
      pasha({ interval: 1000 }),
      learningCurves(seedKey(1), { scoreOf, maxSteps: 27 }),
    );
    expect(furthest(trials)).toBe(27);
  });

  it('takes small differences of trials that criss-cross for noise', () => {
    // every trial as good as any other, but for noise that changes from step to step
    const scoreOf = (trial: number, step: number) =>
      Math.floor(trial / 3) + 0.01 * uniform(foldIn(seedKey(1), trial, step));
    const study = learningCurves(seedKey(1), { scoreOf, trialCount: 30, maxSteps: 729 });
    const noisy = simulateFidelity(pasha({ interval: 1 }), study);
    const rungsOnly = simulateFidelity(pasha({ interval: 1000 }), study);
    expect(furthest(noisy.trials)).toBeLessThan(furthest(rungsOnly.trials));
  });

  it('spends less than ASHA on curves whose order settles early', () => {
    const study = learningCurves(seedKey(2), { maxSteps: 243 }, 0);
    const [ours, theirs] = [pasha(), asha()].map((scheduler) => simulateFidelity(scheduler, study).totalSteps);
    expect(ours).toBeLessThan(theirs! * 0.9);
  });

  it('reports every interval on the way to a rung', () => {
    const run = pasha({ minSteps: 5, interval: 2 }).begin({ key: seedKey(1), maxSteps: 50 });
    expect(run.next(0)).toMatchObject({ toStep: 2 });
    expect(run.report({ trial: 0, step: 2, score: 1 })).toEqual([{ kind: 'continue', trial: 0, toStep: 4 }]);
    expect(run.report({ trial: 0, step: 4, score: 1 })).toEqual([{ kind: 'continue', trial: 0, toStep: 5 }]);
    expect(run.report({ trial: 0, step: 5, score: 1 })).toEqual([{ kind: 'pause', trial: 0 }]);
  });
});
