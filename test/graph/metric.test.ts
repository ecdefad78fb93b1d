import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricTransform, metricValues, transformMean } from '../../src/graph/index.js';

describe('transforms of a mean', () => {
  it('are its root and its exponential', () => {
    expect(transformMean(9, 'mean')).toBe(9);
    expect(transformMean(9, 'rootMean')).toBe(3);
    expect(transformMean(Math.log(9), 'exponentialMean')).toBeCloseTo(9, 12);
    expect(transformMean(-1, 'rootMean')).toBeNaN();
  });

  it('keep the order of means', () => {
    const value = fc.double({ min: 0, max: 500, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.constantFrom('mean', 'rootMean', 'exponentialMean'), (a, b, transform) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(transformMean(low, transform)).toBeLessThanOrEqual(transformMean(high, transform));
      }),
    );
  });

  it('come with the values, or are none', () => {
    const values = { shape: [2] } as never;
    expect(metricTransform(values)).toBe('mean');
    expect(metricValues(values)).toBe(values);
    const rooted = { values, transform: 'rootMean' } as const;
    expect([metricTransform(rooted), metricValues(rooted)]).toEqual(['rootMean', values]);
  });
});
