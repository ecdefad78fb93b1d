import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldIn,
  integer,
  type Key,
  NamedStreams,
  normal,
  pick,
  randomBits,
  seedKey,
  sequence,
  threefry2x32,
  uniform,
  uniformAt,
} from '../../src/random/index.js';
import {
  chiSquare,
  chiSquareLimit,
  kolmogorovSmirnov,
  kolmogorovSmirnovLimit,
  normalCdf,
  tally,
} from './goodness-of-fit.js';

const key = seedKey(7);
const key2 = () => fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff));

/** One draw from each of many neighbouring keys: that these are independent is what keyed streams rely on. */
function drawMany<T>(count: number, draw: (key: Key) => T): T[] {
  return Array.from({ length: count }, (_, i) => draw(foldIn(key, 'many', i)));
}

describe('randomBits', () => {
  it('is Threefry in counter mode', () => {
    const blocks = [0, 1, 2].flatMap((block) => threefry2x32(key, [block, 0]));
    expect([...randomBits(key, 6)]).toEqual(blocks);
  });

  it('begins a longer draw with a shorter one', () => {
    fc.assert(
      fc.property(key2(), fc.nat(65), fc.nat(65), (anyKey, a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        expect(randomBits(anyKey, long).subarray(0, short)).toEqual(randomBits(anyKey, short));
        expect(randomBits(anyKey, short)).toHaveLength(short);
      }),
    );
  });

  it('has uniform bytes and unbiased bits', () => {
    const bytes = new Uint8Array(randomBits(key, 100_000).buffer);
    expect(chiSquare(tally(bytes, 256))).toBeLessThan(chiSquareLimit(255));
    const bits = randomBits(key, 100_000);
    for (let bit = 0; bit < 32; bit++) {
      const ones = bits.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
      expect(Math.abs(ones - 50_000)).toBeLessThan(5.5 * 158); // 32 bits at 4e-8 each
    }
  });

  it('always draws the same words', () => {
    expect([...randomBits(key, 5)]).toEqual([3901892970, 3158004665, 2964889903, 1334547408, 407867057]);
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])('refuses to draw %s words', (count) => {
    expect(() => randomBits(key, count)).toThrow(expect.objectContaining({ code: 'RANDOM_BAD_COUNT' }));
  });
});

describe('uniform', () => {
  it('is uniform over neighbouring keys', () => {
    const sample = drawMany(20_000, uniform);
    expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(kolmogorovSmirnovLimit(20_000));
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample)).toBeLessThan(1);
  });

  it('is uncorrelated between one key and the next', () => {
    const cells = drawMany(20_000, uniform).map((x) => Math.floor(8 * x));
    const pairs = cells.slice(1).map((cell, i) => 8 * cell + cells[i]!);
    expect(chiSquare(tally(pairs, 64))).toBeLessThan(chiSquareLimit(63));
  });

  it('uses all 53 bits: the last one is set for half of the draws', () => {
    const odd = drawMany(10_000, (one) => (uniform(one) * 2 ** 53) % 2);
    expect(chiSquare(tally(odd, 2))).toBeLessThan(24); // one degree of freedom: 1e-6
  });

  it('always draws the same float', () => {
    expect(uniform(key)).toBe(0.9084802548235673);
  });
});

describe('sequence', () => {
  it('is a stream of uniform floats that begins with that of its key', () => {
    const next = sequence(key);
    const sample = Array.from({ length: 20_000 }, next);
    expect(sample.slice(0, 3)).toEqual([0.9084802548235673, 0.6903172233009601, 0.09496394599420477]);
    expect(sample[0]).toBe(uniform(key));
    expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(kolmogorovSmirnovLimit(20_000));
  });

  it('is the same number by number', () => {
    const next = sequence(key);
    for (let at = 0; at < 100; at++) expect(uniformAt(key, at)).toBe(next());
  });

  it('is not disturbed by other streams read in between', () => {
    const alone = sequence(key);
    const expected = [alone(), alone(), alone()];
    const [first, other] = [sequence(key), sequence(foldIn(key, 'other'))];
    const interleaved = [first(), other(), first(), other(), first()];
    expect(interleaved.filter((_, i) => i % 2 === 0)).toEqual(expected);
  });
});

describe('integer', () => {
  it('is in range', () => {
    fc.assert(
      fc.property(key2(), fc.maxSafeInteger(), fc.maxSafeInteger(), (anyKey, a, b) => {
        fc.pre(a !== b && Number.isSafeInteger(a - b));
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const drawn = integer(anyKey, low, high);
        expect(Number.isSafeInteger(drawn)).toBe(true);
        expect(drawn).toBeGreaterThanOrEqual(low);
        expect(drawn).toBeLessThan(high);
      }),
    );
  });

  it.each([2, 3, 10, 17, 256])('is uniform over %s values', (size) => {
    const drawn = drawMany(20_000, (one) => integer(one, 0, size));
    // Wilson and Hilferty is loose for one and two degrees of freedom, on the safe side
    expect(chiSquare(tally(drawn, size))).toBeLessThan(Math.max(chiSquareLimit(size - 1), 28));
  });

  it.each([3 * 2 ** 30, 3 * 2 ** 51])('has no modulo bias over %s values', (size) => {
    // without rejection the lowest third of this range would be drawn twice as often as each of the others
    const thirds = drawMany(20_000, (one) => Math.floor((3 * integer(one, 0, size)) / size));
    expect(chiSquare(tally(thirds, 3))).toBeLessThan(28);
  });

  it('has one answer for one value, whatever the key', () => {
    fc.assert(
      fc.property(key2(), fc.maxSafeInteger(), (anyKey, low) => {
        fc.pre(low < Number.MAX_SAFE_INTEGER);
        expect(integer(anyKey, low, low + 1)).toBe(low);
      }),
    );
  });

  it('always draws the same integers', () => {
    expect(integer(key, 0, 10)).toBe(0);
    expect(integer(key, -1000, 1e12)).toBe(862666010742);
  });

  it.each([
    [1, 1],
    [2, 1],
    [0, 0.5],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
    [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('refuses low %s, high %s', (low, high) => {
    expect(() => integer(key, low, high)).toThrow(expect.objectContaining({ code: 'RANDOM_BAD_RANGE' }));
  });
});

describe('pick', () => {
  it('picks every item equally often', () => {
    const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const picked = drawMany(20_000, (one) => items.indexOf(pick(one, items)));
    expect(chiSquare(tally(picked, 7))).toBeLessThan(chiSquareLimit(6));
  });

  it('picks an item that is undefined as any other, and refuses an empty list', () => {
    expect(pick(key, [undefined])).toBeUndefined();
    expect(() => pick(key, [])).toThrow(expect.objectContaining({ code: 'RANDOM_NOTHING_TO_PICK' }));
  });
});

describe('normal', () => {
  it('is normally distributed over neighbouring keys', () => {
    const sample = drawMany(20_000, normal);
    expect(kolmogorovSmirnov(sample, normalCdf)).toBeLessThan(kolmogorovSmirnovLimit(20_000));
  });

  it('always draws the same floats', () => {
    expect(normal(key)).toBe(0.5844656947816446);
    expect(normal(foldIn(key, 'x'))).toBe(-0.5237786460133078);
  });
});

describe('streams by name', () => {
  it('are those of the keys below, whatever was entered before', () => {
    const streams = new NamedStreams();
    const keys = [seedKey(1), seedKey(2), foldIn(seedKey(1), 'a')];
    const visits = fc.tuple(
      fc.constantFrom(...keys),
      fc.oneof(fc.string(), fc.constantFrom('x0', 'x1', 'y0', '')),
      fc.nat(5),
    );
    fc.assert(
      fc.property(fc.array(visits), (all) => {
        for (const [key, name, at] of all)
          expect(streams.enter(key, name).at(at)).toBe(uniformAt(foldIn(key, name), at));
      }),
    );
  });
});
