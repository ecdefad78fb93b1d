import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { sample } from '../../src/space/index.js';
import {
  chiSquare,
  chiSquareLimit,
  kolmogorovSmirnov,
  kolmogorovSmirnovLimit,
  tally,
} from '../random/goodness-of-fit.js';
import { parameter } from './arbitraries.js';

const key = seedKey(7);

function draws(definition: Parameters<typeof parameter>[0]) {
  const parsed = parameter(definition);
  return Array.from({ length: 10_000 }, (_, i) => sample(parsed, foldIn(key, i)));
}

describe('sample', () => {
  it('is uniform over a linear range', () => {
    const sampled = draws({ float: [-2, 2] }) as number[];
    expect(kolmogorovSmirnov(sampled, (x) => (x + 2) / 4)).toBeLessThan(kolmogorovSmirnovLimit(10_000));
  });

  it('is uniform in the logarithm over a log range', () => {
    const sampled = draws({ float: [1e-4, 1], scale: 'log' }) as number[];
    expect(kolmogorovSmirnov(sampled, (x) => 1 + Math.log10(x) / 4)).toBeLessThan(kolmogorovSmirnovLimit(10_000));
  });

  it('draws every integer, grid point and item equally often', () => {
    const integers = draws({ int: [1, 9] }) as number[];
    expect(
      chiSquare(
        tally(
          integers.map((x) => x - 1),
          9,
        ),
      ),
    ).toBeLessThan(chiSquareLimit(8));
    const points = draws({ float: [0, 0.9], step: 0.1 }) as number[];
    expect(
      chiSquare(
        tally(
          points.map((x) => Math.round(10 * x)),
          10,
        ),
      ),
    ).toBeLessThan(chiSquareLimit(9));
    const items = ['a', 'b', 'c', 'd', 'e', 'f'];
    const drawn = draws({ choice: items }).map((item) => items.indexOf(item as string));
    expect(chiSquare(tally(drawn, 6))).toBeLessThan(chiSquareLimit(5));
  });

  it('draws the value of a fixed parameter', () => {
    expect(new Set(draws('adam'))).toEqual(new Set(['adam']));
  });

  // recorded: a change here changes every study
  it('always draws the same values', () => {
    expect([
      sample(parameter({ float: [0, 1] }), key),
      sample(parameter({ float: [1e-4, 1], scale: 'log' }), key),
      sample(parameter({ float: [0, 1], step: 0.05 }), key),
      sample(parameter({ int: [1, 512], scale: 'log' }), key),
      sample(parameter({ choice: ['a', 'b', 'c'] }), key),
    ]).toEqual([0.9084802548235673, 0.43044832212927325, 0.95, 280, 'c']);
  });
});
