import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { drawnBrackets } from '../../src/schedulers/bracket-draw.js';
import { bracketShares, decisionCount, hyperbandBrackets } from '../../src/schedulers/brackets.js';

const options = () =>
  fc.record({
    minSteps: fc.integer({ min: 1, max: 20 }),
    reduction: fc.integer({ min: 2, max: 6 }),
    maxSteps: fc.integer({ min: 1, max: 5000 }),
  });

describe('hyperbandBrackets', () => {
  it('are those of Algorithm 1 for R = 81, eta = 3', () => {
    // Table 1 of the paper has the same steps; its numbers of trials (27, 9, 6) are not those of the algorithm
    expect(hyperbandBrackets(1, 3, 81)).toEqual([
      { index: 0, trialCount: 81, steps: [1, 3, 9, 27, 81] },
      { index: 1, trialCount: 34, steps: [3, 9, 27, 81] },
      { index: 2, trialCount: 15, steps: [9, 27, 81] },
      { index: 3, trialCount: 8, steps: [27, 81] },
      { index: 4, trialCount: 5, steps: [81] },
    ]);
  });

  it('rise in steps to the most that a trial can train, and start with at least minSteps', () => {
    fc.assert(
      fc.property(options(), ({ minSteps, reduction, maxSteps }) => {
        for (const { steps, trialCount } of hyperbandBrackets(minSteps, reduction, maxSteps)) {
          expect(steps.at(-1)).toBe(maxSteps);
          expect(steps[0]).toBeGreaterThanOrEqual(Math.min(minSteps, maxSteps));
          expect(steps.every((step, at) => Number.isInteger(step) && step > (steps[at - 1] ?? 0))).toBe(true);
          expect(trialCount).toBeGreaterThanOrEqual(reduction ** (steps.length - 1));
        }
      }),
    );
  });

  it('all leave a trial that trains all steps', () => {
    fc.assert(
      fc.property(options(), ({ minSteps, reduction, maxSteps }) => {
        for (const { steps, trialCount } of hyperbandBrackets(minSteps, reduction, maxSteps)) {
          expect(Math.floor(trialCount / reduction ** (steps.length - 1))).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });
});

describe('decisionCount', () => {
  it.each<[number, number, number, number]>([
    [1, 3, 243, 5], // Math.log(243) / Math.log(3) is 4.999…
    [1, 3, 242, 4],
    [1, 10, 1000, 3],
    [7, 3, 7, 0],
    [8, 3, 7, 0],
    [1, 2, 1, 0],
  ])('of r = %d, eta = %d, R = %d is %d', (r, eta, most, expected) => {
    expect(decisionCount(r, eta, most)).toBe(expected);
  });
});

describe('drawnBrackets', () => {
  const steps = [[1, 3, 9], [3, 9], [9]];

  it('deals trials in proportion to the shares', () => {
    const shares = bracketShares(1, 3, 9, 3);
    expect(shares).toEqual([9, 5, 3]);
    const { bracketOf } = drawnBrackets(seedKey(7), steps, shares);
    const counts = [0, 0, 0];
    for (let trial = 0; trial < 17_000; trial++) counts[bracketOf(trial)]!++;
    // five standard deviations of a binomial count: 6e-7 each
    for (const [at, share] of shares.entries()) {
      const p = share / 17;
      expect(Math.abs(counts[at]! - 17_000 * p)).toBeLessThan(5 * Math.sqrt(17_000 * p * (1 - p)));
    }
  });

  it('deals a trial the same however often it is asked, and otherwise under another key', () => {
    const deal = (seed: number) => {
      const { bracketOf } = drawnBrackets(seedKey(seed), steps, [9, 5, 3]);
      return Array.from({ length: 50 }, (_, trial) => bracketOf(trial));
    };
    expect(deal(1)).toEqual(deal(1));
    expect(deal(1)).not.toEqual(deal(2));
  });
});
