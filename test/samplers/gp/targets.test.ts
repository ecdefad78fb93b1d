import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfRankWarped, standardised } from '../../../src/samplers/gp/targets.js';

const anyLoss = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, -Number.MAX_VALUE),
);
const losses = fc.array(anyLoss, { minLength: 1, maxLength: 30 });

describe('targets', () => {
  it('have mean 0 and variance 1', () => {
    const { targets, zero } = standardised([3, 5, 10, 2]);
    const mean = targets.reduce((sum, value) => sum + value, 0) / 4;
    expect(mean).toBeCloseTo(0, 14);
    expect(targets.reduce((sum, value) => sum + value * value, 0) / 4).toBeCloseTo(1, 14);
    // 0 lies as far below 2 as 5 does below 3 and 2 together
    expect(zero).toBeCloseTo(targets[3]! - (2 * (targets[1]! - targets[0]!)) / 2, 12);
  });

  it('are finite and in the order of the losses, however extreme those are', () => {
    fc.assert(
      fc.property(losses, (values) => {
        const { targets, zero } = standardised(halfRankWarped(values));
        expect(Number.isNaN(zero)).toBe(false);
        for (const [i, a] of values.entries()) {
          expect(Number.isFinite(targets[i])).toBe(true);
          for (const [j, b] of values.entries()) if (a <= b) expect(targets[i]).toBeLessThanOrEqual(targets[j]! + 1e-9);
        }
      }),
    );
  });

  it('are all 0 where the losses are the same', () => {
    expect([...standardised(halfRankWarped([7, 7, 7])).targets]).toEqual([0, 0, 0]);
  });

  it('keep the better half as it is', () => {
    const values = [1, 2, 4, 1e6, 3, 1e9];
    const warped = halfRankWarped(values);
    expect([warped[0], warped[1], warped[4]]).toEqual([1, 2, 3]);
  });

  it('do not depend on how bad bad ones are', () => {
    expect(halfRankWarped([1, 2, 3, 10, 20])).toEqual(halfRankWarped([1, 2, 3, 1e6, Number.POSITIVE_INFINITY]));
  });
});
