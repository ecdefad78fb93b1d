import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunningQuantile } from '../../src/schedulers/running-quantile.js';

/** The definition: between the values at floor and ceiling of (n - 1) q in sorted order. */
function quantileOf(values: readonly number[], numerator: number, denominator: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = ((sorted.length - 1) * numerator) / denominator;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

function running(values: readonly number[], numerator: number, denominator: number): RunningQuantile {
  const quantile = new RunningQuantile(numerator, denominator);
  for (const value of values) quantile.add(value);
  return quantile;
}

const fraction = () =>
  fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })).map(([a, b]) => [Math.min(a, b), b] as const);

describe('a running quantile', () => {
  it('is that of all values so far, at any time', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -100, max: 100, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fraction(), (values, [a, b]) => {
        const quantile = new RunningQuantile(a, b);
        for (const [at, one] of values.entries()) {
          quantile.add(one);
          expect(quantile.value()).toBeCloseTo(quantileOf(values.slice(0, at + 1), a, b), 10);
        }
      }),
    );
  });

  it('does not depend on the order of values', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), fraction(), (values, [a, b]) => {
        const sorted = [...values].sort((x, y) => x - y);
        expect(running(values, a, b).value()! + 0).toBe(running(sorted, a, b).value()! + 0);
      }),
    );
  });

  it('of mirrored values is the mirrored one, to the last bit', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fraction(), (list, [a, b]) => {
        const mirrored = running(
          list.map((value) => -value),
          b - a,
          b,
        ).value()!;
        expect(-mirrored + 0).toBe(running(list, a, b).value()! + 0);
      }),
    );
  });

  it.each<[number[], number, number, number | undefined]>([
    [[], 1, 2, undefined],
    [[3], 1, 2, 3],
    [[3, 1], 1, 2, 2],
    [[3, 1, 2], 1, 2, 2],
    [[1, 2, 3, 4], 3, 4, 3.25], // numpy.percentile([1, 2, 3, 4], 75)
    [[1, 2, 3, 4, 5, 6, 7], 2, 3, 5], // exactly, though 6 × (1 - 1/3) is not 4 in floating point everywhere
    [[5, 5, 5], 9, 10, 5],
    [[1, 2, 3], 0, 1, 1],
    [[1, 2, 3], 1, 1, 3],
    [[Number.NEGATIVE_INFINITY, 1], 1, 2, Number.NEGATIVE_INFINITY],
    [[1, Number.POSITIVE_INFINITY], 1, 2, Number.POSITIVE_INFINITY],
    [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], 1, 2, Number.NEGATIVE_INFINITY],
    [[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 1, 2, Number.POSITIVE_INFINITY],
  ])('of %j at %d/%d is %d', (values, a, b, expected) => {
    expect(running(values, a, b).value()).toBe(expected);
  });
});
