import { describe, expect, it } from 'vitest';
import { foldIn, seedKey, uniform } from '../../src/random/index.js';
import { successiveHalving } from '../../src/schedulers/successive-halving.js';
import { type FidelityResult, type FidelityStudy, simulateFidelity } from '../support/simulate-fidelity.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

const study = (more: Partial<FidelityStudy> = {}): FidelityStudy => ({
  maxSteps: 9,
  trialCount: 9,
  workerCount: 3,
  scoreOf: (trial) => trial,
  ...more,
});

/** By trial, the steps it trained. */
const stepsOf = ({ trials }: FidelityResult) => trials.map(({ step }) => step);
const count = (steps: readonly number[], step: number) => steps.filter((one) => one === step).length;

describe('successive halving', () => {
  itIsAFidelityScheduler(() => successiveHalving());

  it('trains n trials r steps, the best third of them 3 r, the best ninth 9 r', () => {
    const result = simulateFidelity(successiveHalving(), study());
    expect(stepsOf(result)).toEqual([1, 1, 1, 1, 1, 1, 3, 3, 9]);
    expect(result.trials.map(({ status }) => status)).toEqual([...new Array(8).fill('stopped'), 'complete']);
    expect(result.totalSteps).toBe(6 + 2 * 3 + 9);
  });

  it('decides a rung when it is complete, and stops the others then', () => {
    const run = successiveHalving({ trials: 3, reduction: 3 }).begin({ key: seedKey(1), maxSteps: 3 });
    for (const trial of [0, 1, 2]) expect(run.next(trial)).toEqual({ kind: 'start', toStep: 1, bracket: 0 });
    expect(run.report({ trial: 2, step: 1, score: 5 })).toEqual([{ kind: 'pause', trial: 2 }]);
    expect(run.report({ trial: 0, step: 1, score: 5 })).toEqual([{ kind: 'pause', trial: 0 }]);
    expect(run.next(null)).toEqual({ kind: 'wait' });
    const reason = 'it is not among the best 1 at the rung of 1 steps';
    // the same score: the lower number is promoted
    expect(run.report({ trial: 1, step: 1, score: 4 })).toEqual(
      [
        { kind: 'pause', trial: 0 },
        { kind: 'stop', trial: 1, reason },
        { kind: 'stop', trial: 2, reason },
      ].slice(1),
    );
    expect(run.next(null)).toEqual({ kind: 'resume', trial: 0, toStep: 3 });
    expect(run.report({ trial: 0, step: 3, score: 1 })).toEqual([{ kind: 'complete', trial: 0 }]);
    expect(run.next(null)).toEqual({ kind: 'done' });
  });

  it('counts failed trials as the worst of their rung, and waits for none', () => {
    const scoreOf = (trial: number) => (trial < 5 ? null : trial);
    expect(stepsOf(simulateFidelity(successiveHalving(), study({ scoreOf })))).toEqual([1, 1, 1, 1, 1, 1, 3, 3, 9]);
    const oneLeft = (trial: number) => (trial === 4 ? 0 : null);
    expect(simulateFidelity(successiveHalving(), study({ scoreOf: oneLeft })).trials[4]!.status).toBe('complete');
  });

  it('goes on with what it has when the study starts no more trials', () => {
    const { trials } = simulateFidelity(successiveHalving(), study({ trialCount: 4 }));
    expect(trials.map(({ step }) => step)).toEqual([1, 1, 1, 9]);
  });

  it('runs one bracket after another, and starts on the next one rather than wait', () => {
    const { trials, events } = simulateFidelity(successiveHalving(), study({ trialCount: 27, workerCount: 9 }));
    expect(trials.filter(({ status }) => status === 'complete').map(({ trial }) => trial)).toEqual([8, 17, 26]);
    const waits = events.filter(
      (event) => event.kind === 'next' && event.newTrial !== null && event.job.kind === 'wait',
    );
    expect(waits).toEqual([]);
  });

  it('decides the same with any number of workers, in whatever order results come', () => {
    const key = seedKey(5);
    const scoreOf = (trial: number, step: number) => uniform(foldIn(key, trial, step));
    const outcomes = [1, 2, 7, 40].flatMap((workerCount) =>
      [0, 1, 2].map((order) => {
        const costOf = (trial: number, from: number) => 0.01 + uniform(foldIn(key, 'cost', order, trial, from));
        const { trials } = simulateFidelity(
          successiveHalving({ reduction: 2 }),
          study({ trialCount: 50, maxSteps: 16, workerCount, scoreOf, costOf }),
        );
        return trials.map(({ trial, status, step }) => ({ trial, status, step }));
      }),
    );
    expect(
      count(
        outcomes[0]!.map(({ step }) => step),
        16,
      ),
    ).toBeGreaterThan(3);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  });

  it('trains trials to the end where there is no rung before it', () => {
    const result = simulateFidelity(successiveHalving({ minSteps: 9 }), study({ trialCount: 3 }));
    expect(result.trials.every(({ status }) => status === 'complete')).toBe(true);
  });
});
