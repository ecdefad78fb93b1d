import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGrid, nearestIndex, pointAt } from '../../src/space/grid.js';
import { steppedFloat } from './arbitraries.js';

const points = (low: number, high: number, step: number) => {
  const grid = makeGrid(low, high, step);
  return Array.from({ length: grid.count }, (_, index) => pointAt(low, grid, index));
};

describe('a grid', () => {
  it.each<[number, number, number, number[]]>([
    [0, 0.3, 0.1, [0, 0.1, 0.2, 0.3]],
    [0.2, 0.3, 0.1, [0.2, 0.3]],
    [0, 1, 0.3, [0, 0.3, 0.6, 0.9]],
    [-0.3, 0.3, 0.1, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]],
    [1e-7, 3e-7, 1e-7, [1e-7, 2e-7, 3e-7]],
    [0.001, 0.0025, 5e-4, [0.001, 0.0015, 0.002, 0.0025]],
    [0, 1, 1 / 3, [0, 0.3333333333333333, 0.6666666666666666, 1]],
    [1e21, 3e21, 1e21, [1e21, 2e21, 3e21]],
    [1, 10, 4, [1, 5, 9]],
    [0, 2e-120, 1e-120, [0, 1e-120, 2e-120]],
  ])('from %d to %d in steps of %d has clean values', (low, high, step, expected) => {
    expect(points(low, high, step)).toEqual(expected);
  });

  it('has values as short as its bounds and step, increasing, no further than the bound, and none left out', () => {
    fc.assert(
      fc.property(steppedFloat(), ({ float: [low, high], step }) => {
        const values = points(low, high, step);
        const grid = makeGrid(low, high, step);
        expect(values[0]).toBe(low);
        expect(values.at(-1)).toBeLessThanOrEqual(high);
        expect(values.at(-1)! + step * 1.0001).toBeGreaterThan(high);
        values.forEach((value, index) => {
          expect(Number(value.toFixed(grid.digits))).toBe(value);
          expect(nearestIndex(low, grid, value)).toBe(index);
          expect(Object.is(value, -0)).toBe(false);
          if (index > 0) expect(value).toBeGreaterThan(values[index - 1]!);
        });
      }),
      { numRuns: 50 },
    );
  });
});
