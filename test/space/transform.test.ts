import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, decode, encode, type Parameter, type Value } from '../../src/space/index.js';
import {
  anyChoice,
  anyDefinition,
  anyInt,
  discrete,
  linearFloat,
  logFloat,
  parameter,
  steppedFloat,
  unit,
} from './arbitraries.js';

/** Where a value stands among the parameter's values: itself, or its index in a choice. */
function rank(of: Parameter, value: Value): number {
  return of.kind === 'choice' ? of.items.indexOf(value) : (value as number);
}

describe('decode', () => {
  it('is always in range and on the grid', () => {
    fc.assert(
      fc.property(anyDefinition(), fc.oneof(unit(), fc.double({ noNaN: true })), (definition, at) => {
        const parsed = parameter(definition);
        expect(contains(parsed, decode(parsed, at))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is monotone', () => {
    fc.assert(
      fc.property(anyDefinition(), unit(), unit(), (definition, a, b) => {
        const parsed = parameter(definition);
        const [lower, upper] = [decode(parsed, Math.min(a, b)), decode(parsed, Math.max(a, b))];
        expect(rank(parsed, lower)).toBeLessThanOrEqual(rank(parsed, upper));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the bounds of floats at the ends', () => {
    fc.assert(
      fc.property(fc.oneof(linearFloat(), logFloat()), (definition) => {
        const parsed = parameter(definition);
        expect([decode(parsed, 0), decode(parsed, 1)]).toEqual(definition.float.map((bound) => bound + 0));
      }),
    );
  });

  it('gives the first and the last value of what can be counted at the ends', () => {
    fc.assert(
      fc.property(fc.oneof(steppedFloat(), anyInt()), (definition) => {
        const parsed = parameter(definition);
        if (parsed.kind !== 'float' && parsed.kind !== 'int') throw new Error('not a number');
        const last = parsed.low + (parsed.grid!.count - 1) * parsed.grid!.step;
        expect(decode(parsed, 0)).toBe(parsed.low);
        expect(decode(parsed, 1)).toBeCloseTo(last, 9);
        expect(last + parsed.grid!.step).toBeGreaterThan(parsed.high);
      }),
    );
  });

  it('gives every value of a linear grid and every item the same share of the interval', () => {
    const shares = (parsed: Parameter, count: number) => {
      const seen = new Map<Value, number>();
      for (let i = 0; i < 100 * count; i++) {
        const value = decode(parsed, (i + 0.5) / (100 * count));
        seen.set(value, (seen.get(value) ?? 0) + 1);
      }
      return [...seen.values()];
    };
    expect(shares(parameter({ int: [3, 9] }), 7)).toEqual(Array(7).fill(100));
    expect(shares(parameter({ float: [0, 1], step: 0.05 }), 21)).toEqual(Array(21).fill(100));
    expect(shares(parameter({ choice: ['a', 1, true] }), 3)).toEqual(Array(3).fill(100));
    expect(shares(parameter({ boolean: true }), 2)).toEqual([100, 100]);
  });

  it('gives each point of a log grid what lies nearer to it than to any other, by ratio', () => {
    const parsed = parameter({ int: [1, 4], scale: 'log' });
    // the whole reaches from 1 / sqrt(2) to 4 × sqrt(4 / 3)
    const [from, to] = [Math.log(Math.SQRT1_2), Math.log(4 * Math.sqrt(4 / 3))];
    const at = (value: number) => (Math.log(value) - from) / (to - from);
    for (const [lower, upper] of [
      [1, 2],
      [2, 3],
      [3, 4],
    ] as const) {
      const edge = at(Math.sqrt(lower * upper));
      expect([decode(parsed, edge - 1e-9), decode(parsed, edge + 1e-9)]).toEqual([lower, upper]);
    }
  });

  it('writes steps as a person would', () => {
    const parsed = parameter({ float: [0, 1], step: 0.1 });
    const values = Array.from({ length: 11 }, (_, i) => decode(parsed, (i + 0.5) / 11));
    expect(values).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });

  it('is halfway on its scale in the middle', () => {
    expect(decode(parameter({ float: [1e-4, 1], scale: 'log' }), 0.5)).toBeCloseTo(0.01, 15);
    expect(decode(parameter({ float: [-1, 3] }), 0.5)).toBe(1);
  });

  it('refuses NaN', () => {
    for (const definition of [{ float: [0, 1] } as const, { boolean: true } as const, 'fixed']) {
      expect(() => decode(parameter(definition), Number.NaN)).toThrow(
        expect.objectContaining({ code: 'SPACE_BAD_UNIT' }),
      );
    }
  });
});

describe('encode', () => {
  it('is undone by decode exactly where values can be counted', () => {
    fc.assert(
      fc.property(discrete(), unit(), (definition, at) => {
        const parsed = parameter(definition);
        const value = decode(parsed, at);
        expect(decode(parsed, encode(parsed, value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('is undone by decode to 1e-12 of the value on a log scale, of the larger bound on a linear one', () => {
    fc.assert(
      fc.property(fc.oneof(linearFloat(), logFloat()), unit(), (definition, at) => {
        const parsed = parameter(definition);
        const value = decode(parsed, at) as number;
        const size = 'scale' in definition ? value : Math.max(...definition.float.map(Math.abs));
        const back = decode(parsed, encode(parsed, value)) as number;
        expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-12 * size);
      }),
      { numRuns: 2000 },
    );
  });

  it('undoes decode on floats', () => {
    fc.assert(
      fc.property(unit(), (at) => {
        expect(
          encode(
            parameter({ float: [1e-4, 1], scale: 'log' }),
            decode(parameter({ float: [1e-4, 1], scale: 'log' }), at),
          ),
        ).toBeCloseTo(at, 12);
        expect(encode(parameter({ float: [-1, 3] }), decode(parameter({ float: [-1, 3] }), at))).toBeCloseTo(at, 12);
      }),
    );
  });

  it('is in [0, 1], and monotone', () => {
    fc.assert(
      fc.property(anyDefinition(), unit(), unit(), (definition, a, b) => {
        const parsed = parameter(definition);
        const [lower, upper] = [decode(parsed, Math.min(a, b)), decode(parsed, Math.max(a, b))];
        const positions = [encode(parsed, lower), encode(parsed, upper)] as const;
        expect(positions[0]).toBeGreaterThanOrEqual(0);
        expect(positions[1]).toBeLessThanOrEqual(1);
        expect(positions[0]).toBeLessThanOrEqual(positions[1]);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the middle of the share of an item, or of a point of a linear grid', () => {
    const positions = (definition: Parameters<typeof parameter>[0], values: Value[]) =>
      values.map((value) => encode(parameter(definition), value));
    expect(positions({ int: [1, 4] }, [1, 2, 3, 4])).toEqual([0.125, 0.375, 0.625, 0.875]);
    expect(positions({ float: [0, 0.3], step: 0.1 }, [0, 0.1, 0.2, 0.3])).toEqual([0.125, 0.375, 0.625, 0.875]);
    expect(positions({ choice: ['a', 2] }, ['a', 2])).toEqual([0.25, 0.75]);
    expect(positions({ boolean: true }, [false, true])).toEqual([0.25, 0.75]);
  });

  it('is where the logarithm lies on a log scale', () => {
    expect(encode(parameter({ float: [1e-4, 1], scale: 'log' }), 0.01)).toBeCloseTo(0.5, 14);
    // 1, 2, 4 of the grid 1, 2, 3, 4: it reaches from 1 / sqrt(2) to 4 × sqrt(4 / 3)
    const [from, to] = [Math.log(Math.SQRT1_2), Math.log(4 * Math.sqrt(4 / 3))];
    for (const value of [1, 2, 4]) {
      const position = (Math.log(value) - from) / (to - from);
      expect(encode(parameter({ int: [1, 4], scale: 'log' }), value)).toBeCloseTo(position, 14);
    }
  });

  it('is 0.5 where there is one value', () => {
    expect(encode(parameter({ float: [3, 3] }), 3)).toBe(0.5);
    expect(encode(parameter({ float: [3, 3], scale: 'log' }), 3)).toBe(0.5);
    expect(encode(parameter({ int: [3, 3], scale: 'log' }), 3)).toBe(0.5);
    expect(encode(parameter({ choice: ['a'] }), 'a')).toBe(0.5);
    expect(encode(parameter('a'), 'a')).toBe(0.5);
  });

  it('refuses what the parameter does not contain', () => {
    fc.assert(
      fc.property(anyChoice(), (definition) => {
        expect(() => encode(parameter(definition), 'no such item, as it is far too long for the generator')).toThrow(
          expect.objectContaining({ code: 'SPACE_BAD_VALUE' }),
        );
      }),
    );
    expect(() => encode(parameter({ int: [1, 5] }), 6)).toThrow('Parameter "p" must be an integer from 1 to 5, not 6.');
    expect(() => encode(parameter({ int: [1, 5] }), '3')).toThrow('not "3"');
  });

  it('holds at the far ends of what numbers can be', () => {
    const widest = parameter({ int: [-(2 ** 51), 2 ** 51] });
    const smallest = parameter({ float: [Number.MIN_VALUE, Number.MAX_VALUE], scale: 'log' });
    for (const parsed of [widest, smallest]) {
      for (const at of [0, 1e-300, 0.5, 1 - 2 ** -53, 1]) {
        const value = decode(parsed, at);
        expect(contains(parsed, value)).toBe(true);
        expect(encode(parsed, value)).toBeCloseTo(at, 9);
      }
    }
  });
});
