import { describe, expect, it } from 'vitest';
import { isRankingStable, noiseOf } from '../../src/schedulers/soft-ranking.js';

const stable = (top: number[], below: number[], epsilon: number) =>
  isRankingStable(
    top.map((score, trial) => ({ trial, score })),
    new Map(below.map((score, trial) => [trial, score])),
    epsilon,
  );

describe('isRankingStable', () => {
  it.each<[number[], number[], number, boolean]>([
    [[], [], 0, true],
    [[1], [5], 0, true],
    [[1, 2, 3], [0.1, 0.2, 0.3], 0, true],
    [[1, 3, 2], [0.1, 0.2, 0.3], 0, false],
    [[1, 3, 2], [0.1, 0.2, 0.3], 0.1000001, true],
    [[3, 2, 1], [0.1, 0.2, 0.3], 0.15, false], // two places further than one step of noise
    [[1, 2], [0.5, 0.5], 0, true], // equal below: either may be first
    [[1, 2], [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], 0, true],
  ])('of %j over %j with epsilon %d: %s', (top, below, epsilon, expected) => {
    expect(stable(top, below, epsilon)).toBe(expected);
  });
});

describe('noiseOf', () => {
  const curve = (...values: number[]) => new Map(values.map((value, at) => [at + 1, value]));

  it('is the difference of two that cross and cross back, where they last met', () => {
    expect(noiseOf([curve(1, 0, 1), curve(0, 1, 0.75)], 1, 3)).toBe(0.25);
  });

  it('is not that of two that cross once, or never', () => {
    expect(noiseOf([curve(0, 0, 1), curve(1, 1, 0.75)], 1, 3)).toBeUndefined();
    expect(noiseOf([curve(1, 1, 1), curve(0, 0, 0)], 1, 3)).toBeUndefined();
    expect(noiseOf([], 1, 3)).toBeUndefined();
  });

  it('looks at trials that came above the rung below only, and not past the top rung', () => {
    const [one, other] = [curve(1, 0, 1, 0), curve(0, 1, 0.5, 9)];
    expect(noiseOf([one, other], 3, 9)).toBe(9);
    expect(noiseOf([one, other], 2, 3)).toBe(0.5);
    expect(noiseOf([one, other], 4, 9)).toBeUndefined();
  });

  it('compares at steps that both reported', () => {
    const sparse = new Map([
      [1, 0],
      [4, 1],
      [8, 0.5],
    ]);
    expect(noiseOf([sparse, curve(1, 9, 9, 0, 9, 9, 9, 1)], 3, 9)).toBe(0.5);
  });
});
