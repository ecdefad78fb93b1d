import { describe, expect, it } from 'vitest';
import { foldIn, seedKey, uniform } from '../../src/random/index.js';
import { hyperband } from '../../src/schedulers/hyperband.js';
import { learningCurves, simulateFidelity } from '../support/simulate-fidelity.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

describe('Hyperband', () => {
  itIsAFidelityScheduler(() => hyperband());

  it('runs the brackets of Algorithm 1, R = 81, eta = 3', () => {
    // a round has 143 trials; their numbers at each step, summed over the brackets, by the formula floor(n / 3^i)
    const { trials } = simulateFidelity(hyperband(), learningCurves(seedKey(1), { trialCount: 143 }));
    const reached = (bracket: number, step: number) =>
      trials.filter((trial) => trial.bracket === bracket && trial.step >= step).length;
    const table = [0, 1, 2, 3, 4].map((bracket) => [1, 3, 9, 27, 81].map((step) => reached(bracket, step)));
    expect(table).toEqual([
      [81, 27, 9, 3, 1],
      [34, 34, 11, 3, 1],
      [15, 15, 15, 5, 1],
      [8, 8, 8, 8, 2],
      [5, 5, 5, 5, 5],
    ]);
  });

  it('begins again with the first bracket', () => {
    const { trials } = simulateFidelity(hyperband(), learningCurves(seedKey(1), { trialCount: 22 + 5, maxSteps: 9 }));
    // 9, 5 and 3 trials a round
    const expected = [9, 5, 3, 9, 5].flatMap((count, at) => new Array(count).fill(at % 3)).slice(0, 27);
    expect(trials.map(({ bracket }) => bracket)).toEqual(expected);
  });

  it('decides the same with any number of workers', () => {
    const outcome = (workerCount: number) => {
      const costOf = (trial: number, from: number) => 0.01 + uniform(foldIn(seedKey(workerCount), trial, from));
      const study = learningCurves(seedKey(2), { trialCount: 150, maxSteps: 27, workerCount, costOf });
      return simulateFidelity(hyperband(), study).trials.map(({ trial, status, step }) => ({ trial, status, step }));
    };
    expect(outcome(5)).toEqual(outcome(1));
    expect(outcome(50)).toEqual(outcome(1));
  });
});

describe.each(['promotion', 'stopping'] as const)('Hyperband by %s', (variant) => {
  itIsAFidelityScheduler(() => hyperband({ variant }));

  it('runs all brackets at once, most trials in the first', () => {
    const { trials } = simulateFidelity(hyperband({ variant }), learningCurves(seedKey(3), { trialCount: 400 }));
    const counts = [0, 1, 2, 3, 4].map((bracket) => trials.filter((trial) => trial.bracket === bracket).length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(Math.min(...counts)).toBeGreaterThan(0);
    for (const { bracket, reports } of trials) expect(reports[0]!.step).toBe(3 ** bracket);
  });
});
