import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { asha } from '../../src/schedulers/asha.js';
import { type FidelityResult, learningCurves, simulateFidelity } from '../support/simulate-fidelity.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

describe('ASHA by promotion', () => {
  itIsAFidelityScheduler(() => asha({ brackets: 2 }));

  it('pauses at each rung, promotes from the highest one first, and starts a trial where nobody is promotable', () => {
    const run = asha({ reduction: 2 }).begin({ key: seedKey(1), maxSteps: 4 });
    const start = (trial: number, score: number | null) => {
      expect(run.next(trial)).toEqual({ kind: 'start', toStep: 1, bracket: 0 });
      const kind = score === null ? 'stop' : 'pause';
      expect(run.report({ trial, step: 1, score })[0]!.kind).toBe(kind);
    };
    start(0, 1);
    start(1, 2);
    expect(run.next(2)).toEqual({ kind: 'resume', trial: 1, toStep: 2 });
    expect(run.report({ trial: 1, step: 2, score: 2 })).toEqual([{ kind: 'pause', trial: 1 }]);
    start(2, 3); // best of three, but there is one promotion for three
    expect(run.next(3)).toEqual({ kind: 'resume', trial: 2, toStep: 2 });
    // the first was promoted already: of 2 and 3 the best one goes on to the top
    run.report({ trial: 2, step: 2, score: 3 });
    expect(run.next(3)).toEqual({ kind: 'resume', trial: 2, toStep: 4 });
    start(3, null); // failed: counts as the fourth
    expect(run.next(null)).toEqual({ kind: 'wait' });
    expect(run.report({ trial: 2, step: 4, score: 0 })).toEqual([{ kind: 'complete', trial: 2 }]);
    expect(run.next(null)).toEqual({ kind: 'done' });
  });

  it('never promotes more than one in eta from a rung, and with many trials nearly as many', () => {
    const { trials } = simulateFidelity(asha(), learningCurves(seedKey(2), { trialCount: 1000 }));
    const at = [1, 3, 9, 27, 81].map((step) => trials.filter((trial) => trial.step >= step).length);
    expect(at[0]).toBe(1000);
    for (let rung = 1; rung < at.length; rung++) {
      // a trial that was promoted may fall behind later ones, so that more are than the best third at the end
      expect(at[rung]).toBeGreaterThanOrEqual(Math.floor(at[rung - 1]! / 3));
      expect(at[rung]).toBeLessThan(at[rung - 1]! * 0.6);
    }
  });

  it('finds a trial as good as random search does with a fifth of the steps', () => {
    const study = learningCurves(seedKey(3));
    const { trials, totalSteps } = simulateFidelity(asha(), study);
    const finals = Array.from({ length: 200 }, (_, trial) => study.scoreOf(trial, 81)!).sort((a, b) => b - a);
    const best = Math.max(
      ...trials.filter(({ status }) => status === 'complete').map(({ reports }) => reports.at(-1)!.score!),
    );
    expect(totalSteps).toBeLessThan(200 * 81 * 0.2);
    expect(best).toBeGreaterThanOrEqual(finals[5]!);
  });
});

describe('ASHA by stopping', () => {
  itIsAFidelityScheduler(() => asha({ variant: 'stopping', brackets: 2 }));

  const kinds = (cutoff: 'rank' | 'quantile', scores: readonly number[], reduction = 2) => {
    const run = asha({ variant: 'stopping', cutoff, reduction }).begin({ key: seedKey(1), maxSteps: 8 });
    return scores.map((score, trial) => {
      run.next(trial);
      return run.report({ trial, step: 1, score })[0]!.kind;
    });
  };

  it('by rank, lets the best half of those so far go on, at least one, and who equals the last of them', () => {
    expect(kinds('rank', [5, 6, 5, 5.5, 5.5])).toEqual(['continue', 'continue', 'stop', 'continue', 'continue']);
    expect(kinds('rank', [5, 5, 5, 5])).toEqual(new Array(4).fill('continue'));
    expect(kinds('rank', [1, 2, 3, 2, 1])).toEqual(['continue', 'continue', 'continue', 'continue', 'stop']);
  });

  it('by quantile, compares with the interpolated quantile of those before', () => {
    // the medians before each are: none, 4, 5, 6, 5.5
    expect(kinds('quantile', [4, 6, 7, 5, 5.49])).toEqual(['continue', 'continue', 'continue', 'stop', 'stop']);
    expect(kinds('quantile', [4, 6, 5])).toEqual(['continue', 'continue', 'continue']);
    expect(kinds('quantile', [4, 6, 4.99])).toEqual(['continue', 'continue', 'stop']);
  });

  it('goes on to the next rung, and is complete at the end', () => {
    const run = asha({ variant: 'stopping', reduction: 2 }).begin({ key: seedKey(1), maxSteps: 8 });
    expect(run.next(0)).toMatchObject({ toStep: 1 });
    for (const [step, toStep] of [
      [1, 2],
      [2, 4],
      [3, 4], // a report between rungs
      [4, 8],
    ] as const) {
      expect(run.report({ trial: 0, step, score: 1 })).toEqual([{ kind: 'continue', trial: 0, toStep }]);
    }
    expect(run.report({ trial: 0, step: 8, score: 1 })).toEqual([{ kind: 'complete', trial: 0 }]);
  });

  it('never waits, and pauses nobody', () => {
    expect(asha({ variant: 'stopping' }).pauses).toBe(false);
    expect(asha().pauses).toBe(true);
  });
});

describe('ASHA in brackets', () => {
  const firstSteps = ({ trials }: FidelityResult) =>
    new Set(trials.map(({ bracket, reports }) => `${bracket}:${reports[0]!.step}`));

  it.each(['promotion', 'stopping'] as const)('begins later in each, by %s', (variant) => {
    const result = simulateFidelity(asha({ variant, brackets: 3 }), learningCurves(seedKey(4)));
    expect(firstSteps(result)).toEqual(new Set(['0:1', '1:3', '2:9']));
  });

  it('has no more brackets than rungs', () => {
    const result = simulateFidelity(asha({ brackets: 99 }), learningCurves(seedKey(4), { maxSteps: 9 }));
    expect(firstSteps(result)).toEqual(new Set(['0:1', '1:3', '2:9']));
  });
});
