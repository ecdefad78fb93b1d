import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { fifo } from '../../src/schedulers/fifo.js';
import { learningCurves, simulateFidelity } from '../support/simulate-fidelity.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

describe('fifo', () => {
  itIsAFidelityScheduler(() => fifo({ interval: 5 }));

  it('trains every trial to the end, in segments', () => {
    const { trials, totalSteps } = simulateFidelity(
      fifo({ interval: 10 }),
      learningCurves(seedKey(1), { maxSteps: 25, trialCount: 7 }),
    );
    for (const { status, reports } of trials) {
      expect(status).toBe('complete');
      expect(reports.map(({ step }) => step)).toEqual([10, 20, 25]);
    }
    expect(totalSteps).toBe(7 * 25);
  });

  it('trains without a report on the way by default', () => {
    const run = fifo().begin({ key: seedKey(1), maxSteps: 25 });
    expect(run.next(0)).toEqual({ kind: 'start', toStep: 25, bracket: 0 });
    expect(run.next(null)).toEqual({ kind: 'done' });
    expect(run.report({ trial: 0, step: 25, score: 1 })).toEqual([{ kind: 'complete', trial: 0 }]);
  });

  it('refuses reports of trials that do not run, and steps that do not rise', () => {
    const run = fifo({ interval: 5 }).begin({ key: seedKey(1), maxSteps: 25 });
    run.next(0);
    run.report({ trial: 0, step: 5, score: 1 });
    const code = (wanted: string) => expect.objectContaining({ code: wanted });
    expect(() => run.next(0)).toThrow(code('SCHEDULERS_TRIAL_STARTED_TWICE'));
    expect(() => run.report({ trial: 1, step: 5, score: 1 })).toThrow(code('SCHEDULERS_TRIAL_NOT_RUNNING'));
    for (const step of [5, 4, 0, -1, Number.NaN]) {
      expect(() => run.report({ trial: 0, step, score: 1 })).toThrow(code('SCHEDULERS_STEP_NOT_RISING'));
    }
    run.report({ trial: 0, step: 10, score: null });
    expect(() => run.report({ trial: 0, step: 15, score: 1 })).toThrow(code('SCHEDULERS_TRIAL_NOT_RUNNING'));
  });

  it.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as the most steps of a trial', (maxSteps) => {
    expect(() => fifo().begin({ key: seedKey(1), maxSteps })).toThrow(
      expect.objectContaining({ code: 'SCHEDULERS_MAX_STEPS_INVALID' }),
    );
  });
});
