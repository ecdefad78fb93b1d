import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import type { FidelityRun } from '../../src/schedulers/fidelity.js';
import { medianStopping } from '../../src/schedulers/median-stopping.js';
import { learningCurves, simulateFidelity } from '../support/simulate-fidelity.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

/** Reports the scores at steps 1, 2, … and returns the last verdict's kind. */
function train(run: FidelityRun, trial: number, scores: readonly number[]): string {
  run.next(trial);
  let kind = '';
  for (const [at, score] of scores.entries()) {
    kind = run.report({ trial, step: at + 1, score })[0]!.kind;
    if (kind !== 'continue') break;
  }
  return kind;
}

describe('median stopping', () => {
  itIsAFidelityScheduler(() => medianStopping({ startupTrials: 2 }));

  const begin = (options: Parameters<typeof medianStopping>[0]) =>
    medianStopping(options).begin({ key: seedKey(1), maxSteps: 4 });

  it('compares the best result with the median of the running averages of completed trials', () => {
    const run = begin({ startupTrials: 0 });
    for (const [trial, level] of [1, 2, 3].entries()) train(run, trial, [0, level, level, level]);
    // at step 2 their averages are 0.5, 1 and 1.5
    expect(train(run, 3, [0, 0.99])).toBe('stop');
    expect(train(run, 4, [0, 1])).toBe('continue');
    expect(train(run, 5, [1, 0])).toBe('continue'); // its best one counts
  });

  it('compares with values instead, on demand', () => {
    const run = begin({ startupTrials: 0, over: 'values' });
    for (const [trial, level] of [1, 2, 3].entries()) train(run, trial, [0, level, level, level]);
    expect(train(run, 3, [0, 1.99])).toBe('stop');
    expect(train(run, 4, [0, 2])).toBe('continue');
  });

  it('waits for startupTrials complete trials, and for minTrials at the step', () => {
    const startup = begin({ startupTrials: 2 });
    train(startup, 0, [1, 1, 1, 1]);
    expect(train(startup, 1, [0, 0, 0, 0])).toBe('complete');
    expect(train(startup, 2, [0])).toBe('stop');
    const least = begin({ startupTrials: 0, minTrials: 3 });
    for (const trial of [0, 1, 2])
      expect(train(least, trial, [3 - trial, 3 - trial, 3 - trial, 3 - trial])).toBe('complete');
    expect(train(least, 3, [0])).toBe('stop');
  });

  it('does not count trials that were stopped or failed, unless all count', () => {
    for (const [among, expected] of [
      ['completed', 'continue'],
      ['all', 'stop'],
    ] as const) {
      const run = begin({ startupTrials: 0, among });
      run.next(0);
      run.report({ trial: 0, step: 1, score: 5 });
      run.report({ trial: 0, step: 2, score: null });
      expect(train(run, 1, [1])).toBe(expected);
    }
  });

  it('decides from warmupSteps on, every interval', () => {
    const run = medianStopping({ startupTrials: 0, warmupSteps: 3, interval: 4 }).begin({
      key: seedKey(1),
      maxSteps: 20,
    });
    train(run, 0, new Array(20).fill(1));
    run.next(1);
    const kinds = Array.from({ length: 3 }, (_, at) => run.report({ trial: 1, step: at + 1, score: 0 })[0]!.kind);
    expect(kinds).toEqual(['continue', 'continue', 'stop']);
    run.next(2);
    run.report({ trial: 2, step: 3, score: 1 });
    // between decisions it may be as bad as it likes
    expect(run.report({ trial: 2, step: 6, score: 0 })[0]).toEqual({ kind: 'continue', trial: 2, toStep: 7 });
  });

  it('asks for reports at its decisions', () => {
    const run = medianStopping({ warmupSteps: 3, interval: 4 }).begin({ key: seedKey(1), maxSteps: 9 });
    expect(run.next(0)).toMatchObject({ toStep: 3 });
    expect(run.report({ trial: 0, step: 3, score: 0 })[0]).toMatchObject({ toStep: 7 });
    expect(run.report({ trial: 0, step: 7, score: 0 })[0]).toMatchObject({ toStep: 9 });
  });

  it('saves more than a third of the steps of random search, and keeps the best trial', () => {
    const study = learningCurves(seedKey(3));
    const { trials, totalSteps } = simulateFidelity(medianStopping(), study);
    expect(totalSteps).toBeLessThan((2 / 3) * 200 * 81);
    const finals = Array.from({ length: 200 }, (_, trial) => study.scoreOf(trial, 81)!);
    expect(trials[finals.indexOf(Math.max(...finals))]!.status).toBe('complete');
  });
});
