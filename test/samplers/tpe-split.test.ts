import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/samplers/sampler.js';
import { splitTrials, tenth } from '../../src/samplers/tpe-split.js';
import { observation } from './sampler-contract.js';

const trial = (number: number, rest: Partial<Observation>) => observation(number, { x: number }, rest);
const split = (trials: readonly Observation[], count: number, objectiveCount = 1) =>
  splitTrials(trials, { objectiveCount, belowCount: () => count });
const numbers = (trials: readonly Observation[]) => trials.map((one) => one.trial);

/** One of each kind, from the best to the worst. */
const ranked: readonly Partial<Observation>[] = [
  { losses: [Number.NEGATIVE_INFINITY] },
  { losses: [-1] },
  { losses: [2] },
  { losses: [Number.POSITIVE_INFINITY] },
  { status: 'pruned', losses: [9], reports: [{ step: 8, loss: 9 }] },
  {
    status: 'pruned',
    losses: [1],
    reports: [
      { step: 2, loss: 0 },
      { step: 4, loss: 1 },
    ],
  },
  { status: 'pruned', losses: [3], reports: [{ step: 4, loss: 3 }] },
  { status: 'pruned', losses: [] },
];
const hopeless: readonly Partial<Observation>[] = [
  { status: 'failed', losses: [] },
  { status: 'running', losses: [] },
];

describe('the split into good and bad trials', () => {
  it('ranks complete trials by loss, then pruned ones by how far they came, whatever their order', () => {
    const all = [...ranked, ...hopeless].map((rest, at) => trial(at, rest));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(12), (shuffled, count) => {
        const { below, above } = split(shuffled, count);
        expect(numbers(below)).toEqual(numbers(all).slice(0, Math.min(count, ranked.length)));
        expect(numbers(above).sort((a, b) => a - b)).toEqual(numbers(all).slice(below.length));
      }),
    );
  });

  it('ranks trials that violate outcome constraints last, by how much', () => {
    const trials = [
      trial(0, { losses: [0], violations: [2, -5] }),
      trial(1, { losses: [9], violations: [0, 0] }),
      trial(2, { losses: [-9], violations: [0.5, 0.5] }),
      trial(3, { status: 'pruned', losses: [4], reports: [{ step: 1, loss: 4 }] }),
      trial(4, { losses: [-99], violations: [] }),
    ];
    expect(numbers(split(trials, 9).below)).toEqual([1, 3, 2, 0, 4]);
  });

  it('counts finished trials only', () => {
    const counts: number[] = [];
    const trials = [...ranked, ...hopeless].map((rest, at) => trial(at, rest));
    splitTrials(trials, { objectiveCount: 1, belowCount: (finished) => counts.push(finished) });
    expect(counts).toEqual([ranked.length]);
  });

  it('weighs the best most, with mean 1', () => {
    const trials = Array.from({ length: 30 }, (_, at) => trial(at, { losses: [at] }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (count) => {
        const weights = [...split(trials, count).weights];
        expect(weights).toHaveLength(count);
        expect(weights.reduce((sum, one) => sum + one, 0) / count).toBeCloseTo(1, 12);
        expect(weights).toEqual(weights.toSorted((a, b) => b - a));
        expect(Math.min(...weights)).toBeGreaterThan(0);
      }),
    );
  });

  it('takes a tenth, at most 25 with one objective', () => {
    expect([1, 10, 11, 250, 1000].map(tenth(1))).toEqual([1, 1, 2, 25, 25]);
    expect([1, 1000].map(tenth(2))).toEqual([1, 100]);
  });
});

describe('the split with several objectives', () => {
  it('takes whole fronts first, and all of them with the same weight', () => {
    const points = [
      [3, 3],
      [0, 2],
      [4, 4],
      [1, 1],
      [2, 0],
      [3, 4],
    ];
    const trials = points.map((losses, at) => trial(at, { losses }));
    expect(numbers(split(trials, 3, 2).below)).toEqual([1, 3, 4]);
    expect(numbers(split(trials, 4, 2).below)).toEqual([1, 3, 4, 0]);
    expect([...split(trials, 4, 2).weights]).toEqual([1, 1, 1, 1]);
  });

  it('takes of a front what dominates the most together: spread out, not crowded', () => {
    const points = [
      [0, 1],
      [0.01, 0.98],
      [0.02, 0.96],
      [0.5, 0.5],
      [0.98, 0.02],
      [1, 0],
    ];
    const trials = points.map((losses, at) => trial(at, { losses }));
    expect(numbers(split(trials, 1, 2).below)).toEqual([3]);
    const three = numbers(split(trials, 3, 2).below);
    expect(three[0]).toBe(3);
    expect(
      three
        .slice(1)
        .map((one) => Math.sign(one - 3))
        .sort(),
    ).toEqual([-1, 1]);
  });

  it('goes on with infinite losses, and ignores those of another number of objectives', () => {
    const infinite = Number.POSITIVE_INFINITY;
    const points = [[infinite, 0], [0, infinite], [-infinite, 5], [1, 1], [7]];
    const trials = points.map((losses, at) => trial(at, { losses }));
    const { below, above } = split(trials, 2, 2);
    expect(below).toHaveLength(2);
    expect(numbers(above)).toContain(4);
  });
});
