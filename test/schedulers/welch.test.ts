import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, normal, seedKey } from '../../src/random/index.js';
import { incompleteBeta, studentTail, welchTest } from '../../src/schedulers/welch.js';

describe('studentTail', () => {
  // closed forms: arctangent for one degree of freedom, a root for two
  it.each([0, 0.1, 0.5, 1, 2, 3, 10, 100])('is known for one and two degrees of freedom, at %d', (t) => {
    expect(studentTail(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    expect(studentTail(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
  });

  // tables of the distribution: two-sided 5 % and 1 %
  it.each([
    [12.706, 1, 0.05],
    [4.303, 2, 0.05],
    [2.571, 5, 0.05],
    [2.228, 10, 0.05],
    [2.086, 20, 0.05],
    [3.169, 10, 0.01],
    [2.75, 30, 0.01],
  ])('agrees with the table at %d for %d degrees', (t, freedom, p) => {
    expect(Math.abs(studentTail(t, freedom) - p)).toBeLessThan(p * 2e-3);
  });
});

describe('incompleteBeta', () => {
  it('is symmetric, monotone, and a power for b = 1', () => {
    const shape = fc.double({ min: 0.5, max: 200, noNaN: true });
    // of 20 bits, so that 1 - x is exact
    const place = fc.integer({ min: 0, max: 2 ** 20 }).map((bits) => bits / 2 ** 20);
    fc.assert(
      fc.property(place, shape, shape, (x, a, b) => {
        const value = incompleteBeta(x, a, b);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        expect(Math.abs(value + incompleteBeta(1 - x, b, a) - 1)).toBeLessThan(1e-10);
        expect(incompleteBeta(Math.min(1, x + 0.01), a, b)).toBeGreaterThanOrEqual(value - 1e-12);
        expect(Math.abs(incompleteBeta(x, a, 1) - x ** a)).toBeLessThan(1e-11);
      }),
      { numRuns: 500 },
    );
  });
});

describe('welchTest', () => {
  it('agrees with a worked example of unequal variances and sizes', () => {
    // the first example of the article "Welch's t-test" in Wikipedia: t = -2.46, ν = 25.0, p = 0.021
    const a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
    const b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4];
    expect(welchTest(a, b)).toBeCloseTo(0.021, 3);
    expect(welchTest(b, a)).toBe(welchTest(a, b));
  });

  it('says 1 of equal constants and 0 of different ones', () => {
    expect(welchTest([1, 1], [1, 1, 1])).toBe(1);
    expect(welchTest([1, 1], [2, 2])).toBe(0);
    expect(welchTest([1e-200, 2e-200], [5, 5])).toBe(0);
  });

  it('errs as often as it says, for samples of different variances', () => {
    const sample = (key: number, count: number, deviation: number) =>
      Array.from({ length: count }, (_, i) => deviation * normal(foldIn(seedKey(key), i)));
    let wrong = 0;
    for (let i = 0; i < 4000; i++) if (welchTest(sample(2 * i, 10, 1), sample(2 * i + 1, 6, 4)) < 0.05) wrong++;
    // Welch's approximation is off by less than a tenth here; five standard deviations of a binomial count
    expect(Math.abs(wrong - 200)).toBeLessThan(20 + 5 * Math.sqrt(4000 * 0.05 * 0.95));
  });
});
