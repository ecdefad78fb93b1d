import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, contains, decode, neighbour } from '../../src/space/index.js';
import { anyInt, discrete, linearFloat, numberParameter, parameter, steppedFloat, unit } from './arbitraries.js';

describe('contains', () => {
  it.each([
    [{ float: [0, 1] }, [0, 0.5, 1], [-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY, '0.5', true, null, undefined]],
    [{ float: [0, 1], step: 0.3 }, [0, 0.3, 0.6, 0.9], [1, 0.1, 0.30000000000000004, 1.2]],
    [{ int: [1, 10], step: 4 }, [1, 5, 9], [10, 2, 1.5, 13, '5']],
    [{ choice: [1, '2', true] }, [1, '2', true], ['1', 2, 'true', false, undefined]],
    [{ boolean: true }, [false, true], [0, 1, 'true']],
    ['fixed', ['fixed'], ['other', undefined]],
  ] as const)('knows the values of %j', (definition, inside, outside) => {
    const parsed = parameter(definition);
    for (const value of inside) expect([value, contains(parsed, value)]).toEqual([value, true]);
    for (const value of outside) expect([value, contains(parsed, value)]).toEqual([value, false]);
  });
});

describe('clip', () => {
  const numbers = () => fc.oneof(linearFloat(), steppedFloat(), anyInt());

  it('is in range and on the grid, and keeps what already is', () => {
    fc.assert(
      fc.property(
        numbers(),
        fc.oneof(fc.double({ noNaN: true }), fc.double({ min: -1e7, max: 1e7, noNaN: true })),
        (definition, value) => {
          const parsed = numberParameter(definition);
          const clipped = clip(parsed, value);
          expect(contains(parsed, clipped)).toBe(true);
          expect(clip(parsed, clipped)).toBe(clipped);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is the nearest value', () => {
    fc.assert(
      fc.property(fc.oneof(steppedFloat(), anyInt()), unit(), (definition, at) => {
        const parsed = numberParameter(definition);
        const value = parsed.low + at * (parsed.high - parsed.low);
        const clipped = clip(parsed, value);
        const distances = ([-1, 1] as const)
          .map((direction) => neighbour(parsed, clipped, direction))
          .filter((other) => other !== undefined)
          .map((other) => Math.abs((other as number) - value));
        for (const distance of distances) expect(Math.abs(clipped - value)).toBeLessThanOrEqual(distance + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('takes halves up, ends for infinities, and never gives -0', () => {
    const parsed = numberParameter({ int: [-2, 10] });
    expect(
      [2.4, 2.5, -0.4, 99, -99, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((v) => clip(parsed, v)),
    ).toEqual([2, 3, 0, 10, -2, 10, -2]);
    expect(clip(numberParameter({ float: [-1, 1] }), -0)).toBe(0);
    expect(clip(numberParameter({ float: [-1, 1], step: 0.1 }), -0.01)).toBe(0);
  });

  it('refuses NaN', () => {
    expect(() => clip(numberParameter({ float: [0, 1] }), Number.NaN)).toThrow('not NaN');
  });
});

describe('neighbour', () => {
  it('goes up and comes back, through every value once', () => {
    fc.assert(
      fc.property(discrete(), unit(), (definition, at) => {
        const parsed = parameter(definition);
        const value = decode(parsed, at);
        const up = neighbour(parsed, value, 1);
        if (up === undefined) expect(value).toBe(decode(parsed, 1));
        else {
          expect(contains(parsed, up)).toBe(true);
          expect(neighbour(parsed, up, -1)).toBe(value);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('walks a grid and a choice', () => {
    const walk = (definition: Parameters<typeof parameter>[0]) => {
      const parsed = parameter(definition);
      const values = [decode(parsed, 0)];
      for (let next = neighbour(parsed, values[0]!, 1); next !== undefined; next = neighbour(parsed, next, 1)) {
        values.push(next);
      }
      return values;
    };
    expect(walk({ int: [1, 10], step: 4 })).toEqual([1, 5, 9]);
    expect(walk({ float: [0.1, 0.5], step: 0.1 })).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(walk({ choice: [64, 'all', true] })).toEqual([64, 'all', true]);
    expect(walk({ boolean: true })).toEqual([false, true]);
  });

  it('is undefined for floats without a step and for fixed values', () => {
    expect(neighbour(parameter({ float: [0, 1] }), 0.5, 1)).toBeUndefined();
    expect(neighbour(parameter(3), 3, -1)).toBeUndefined();
  });

  it('refuses what the parameter does not contain', () => {
    expect(() => neighbour(parameter({ int: [1, 10] }), 1.5, 1)).toThrow(
      expect.objectContaining({ code: 'SPACE_BAD_VALUE' }),
    );
    expect(() => neighbour(parameter({ choice: [1, 2] }), 3, -1)).toThrow('must be one of 1, 2, not 3');
  });
});
