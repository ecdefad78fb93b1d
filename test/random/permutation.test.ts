import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, permutation, seedKey, shuffled } from '../../src/random/index.js';
import { chiSquare, chiSquareLimit, tally } from './goodness-of-fit.js';

const key = seedKey(7);

function images(length: number, path: number): number[] {
  const order = permutation(foldIn(key, path), length);
  return Array.from({ length }, (_, position) => order.at(position));
}

describe('permutation', () => {
  const lengths = () =>
    fc.oneof(fc.nat(200), fc.integer({ min: 4090, max: 4100 }), fc.integer({ min: 4097, max: 20_000 }));

  it('is a bijection', () => {
    fc.assert(
      fc.property(fc.nat(), lengths(), (path, length) => {
        expect(tally(images(length, path), length).every((count) => count === 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, 1, 2, 4096, 4097, 8191, 8192, 8193, 65_536, 65_537, 2 ** 20, 1_000_003])(
    'is a bijection of length %s',
    (length) => {
      expect(tally(images(length, 1), length).every((count) => count === 1)).toBe(true);
    },
  );

  it.each([2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER])(
    'stays in range and repeats nothing at length %s',
    (length) => {
      const order = permutation(key, length);
      const positions = Array.from({ length: 1000 }, (_, i) => (i < 500 ? i : length - 1000 + i));
      const seen = new Set(positions.map((position) => order.at(position)));
      expect(seen.size).toBe(1000);
      for (const image of seen) expect(Number.isSafeInteger(image) && image >= 0 && image < length).toBe(true);
    },
  );

  it.each([4, 10])('sends position 0 and the last one everywhere equally often, length %s', (length) => {
    for (const position of [0, length - 1]) {
      const sent = Array.from({ length: 20_000 }, (_, path) => permutation(foldIn(key, path), length).at(position));
      expect(chiSquare(tally(sent, length))).toBeLessThan(Math.max(chiSquareLimit(length - 1), 31));
    }
  });

  it('has all 24 orders of four equally often', () => {
    const orders = Array.from({ length: 24_000 }, (_, path) => {
      const [a, b, c] = images(4, path) as [number, number, number];
      return 16 * a + 4 * b + c;
    });
    const counts = tally(orders, 64).filter((count) => count > 0);
    expect(counts).toHaveLength(24);
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(23));
  });

  describe.each([4097, 6000, 2 ** 13, 100_000, 2 ** 31])('beyond the table, length %s', (length) => {
    const cell = (image: number, cells: number) => Math.floor((image * cells) / length);

    it('sends one position everywhere equally often over keys', () => {
      for (const position of [0, 1, length - 1]) {
        const cells = Array.from({ length: 20_000 }, (_, path) =>
          cell(permutation(foldIn(key, path), length).at(position), 64),
        );
        expect(chiSquare(tally(cells, 64))).toBeLessThan(chiSquareLimit(63) * 1.05);
      }
    });

    it('sends neighbours, and positions that differ in one high bit, independently of each other', () => {
      for (const [first, second] of [
        [0, 1],
        [5, 5 + 2 ** 11],
      ] as const) {
        const pairs = Array.from({ length: 20_000 }, (_, path) => {
          const order = permutation(foldIn(key, path), length);
          return 8 * cell(order.at(first), 8) + cell(order.at(second), 8);
        });
        expect(chiSquare(tally(pairs, 64))).toBeLessThan(chiSquareLimit(63) * 1.05);
      }
    });

    it('spreads a run of positions of one key over all values', () => {
      const order = permutation(key, length);
      // a sample without replacement is more even than a multinomial one, so the upper limit holds
      const cells = Array.from({ length: 3000 }, (_, position) => cell(order.at(position), 32));
      expect(chiSquare(tally(cells, 32))).toBeLessThan(chiSquareLimit(31));
      const steps = Array.from({ length: 3000 }, (_, position) => {
        return cell((order.at(position + 1) - order.at(position) + length) % length, 32);
      });
      expect(chiSquare(tally(steps, 32))).toBeLessThan(chiSquareLimit(31));
    });
  });

  it('differs between keys', () => {
    expect(images(5000, 1)).not.toEqual(images(5000, 2));
    expect(images(100, 1)).not.toEqual(images(100, 2));
  });

  it('takes about as many fixed points as a random permutation: one', () => {
    const fixed = Array.from({ length: 50 }, (_, path) => {
      return images(5000, path).filter((image, position) => image === position).length;
    });
    const mean = fixed.reduce((sum, count) => sum + count, 0) / fixed.length;
    expect(Math.abs(mean - 1)).toBeLessThan(5 / Math.sqrt(50)); // Poisson of mean 1
  });

  // recorded: a change here changes the batches of every study
  it('always gives the same orders', () => {
    const first = (length: number, count: number) => {
      const order = permutation(key, length);
      return Array.from({ length: count }, (_, position) => order.at(position));
    };
    expect(first(10, 10)).toEqual([8, 3, 2, 5, 7, 6, 9, 1, 4, 0]);
    expect(first(1_000_000, 6)).toEqual([2517, 996297, 69833, 327182, 86628, 465592]);
    expect(first(Number.MAX_SAFE_INTEGER, 3)).toEqual([243438288651283, 2420310150465588, 695722873193128]);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53])('refuses a length of %s', (length) => {
    expect(() => permutation(key, length)).toThrow(expect.objectContaining({ code: 'RANDOM_BAD_LENGTH' }));
  });

  it.each([0, 5, 5000])('refuses positions outside a length of %s', (length) => {
    const order = permutation(key, length);
    for (const position of [-1, length, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => order.at(position)).toThrow(expect.objectContaining({ code: 'RANDOM_BAD_POSITION' }));
    }
  });
});

describe('shuffled', () => {
  it('is a reordered copy', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.anything()), (path, items) => {
        const before = [...items];
        const result = shuffled(foldIn(key, path), items);
        expect(items).toEqual(before);
        expect(result).not.toBe(items);
        expect(new Set(result)).toEqual(new Set(items));
        expect(result).toHaveLength(items.length);
      }),
    );
  });

  it('always gives the same order', () => {
    expect(shuffled(key, [...'abcdefgh']).join('')).toBe('bgheafdc');
  });
});
