import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SplitSizes, splitRows } from '../../src/data/splits.js';
import { errorOf } from './support.js';

const sizes = (part: Partial<SplitSizes>): SplitSizes => ({ validation: 0.2, test: 0, seed: 0, ...part });

function classed(counts: readonly number[]) {
  // Interleaved, so that no class is a contiguous block.
  const left = [...counts];
  const codes: number[] = [];
  while (left.some((count) => count > 0)) {
    left.forEach((count, code) => {
      if (count === 0) return;
      codes.push(code);
      left[code]!--;
    });
  }
  return { codes: Int32Array.from(codes), names: counts.map((_, code) => `class ${code}`) };
}

const isAscending = (rows: Int32Array) => rows.every((row, i) => i === 0 || rows[i - 1]! < row);

describe('splitRows', () => {
  it('puts every row into exactly one split, ascending, with the counts asked for', () => {
    const counts = fc.record({
      rows: fc.integer({ min: 3, max: 300 }),
      validation: fc.integer({ min: 1, max: 100 }),
      test: fc.integer({ min: 0, max: 100 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(counts, ({ rows, validation, test, seed }) => {
        fc.pre(validation + test < rows);
        const splits = splitRows(rows, { validation, test, seed });
        const parts = [splits.train, splits.validation, ...(splits.test ? [splits.test] : [])];
        expect(splits.validation.length).toBe(validation);
        expect(splits.test?.length ?? 0).toBe(test);
        expect(parts.every(isAscending)).toBe(true);
        expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual(
          Array.from({ length: rows }, (_, i) => i),
        );
      }),
    );
  });

  it('gives each class its share of each split, to the row, and a training row', () => {
    const counts = fc.array(fc.integer({ min: 2, max: 80 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(
        counts,
        fc.double({ min: 0.05, max: 0.4, noNaN: true }),
        fc.boolean(),
        (classCounts, fraction, withTest) => {
          const classes = classed(classCounts);
          const rows = classes.codes.length;
          fc.pre(Math.round(fraction * rows) >= 1);
          const splits = splitRows(rows, sizes({ validation: fraction, test: withTest ? fraction : 0 }), classes);
          const requested = Math.round(fraction * rows);
          expect(splits.validation.length).toBe(requested);
          classCounts.forEach((count, code) => {
            const within = (part: Int32Array) => part.filter((row) => classes.codes[row] === code).length;
            // One more where a smaller class had no room, one by largest remainder.
            expect(Math.abs(within(splits.validation) - (requested * count) / rows)).toBeLessThan(2);
            expect(within(splits.train)).toBeGreaterThanOrEqual(1);
          });
        },
      ),
    );
  });

  it('divides 10,000 rows of ten classes 8,000 to 2,000', () => {
    const counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
    const classes = classed(counts);
    const { train, validation } = splitRows(10_000, sizes({ validation: 2000 }), classes);
    expect([train.length, validation.length]).toEqual([8000, 2000]);
    const shares = counts.map((_, code) => validation.filter((row) => classes.codes[row] === code).length);
    // 200.2, 225.4, 198.2, 206.4, 196, 172.6, 202.8, 214, 188.8, 195.6: floors and the four largest remainders.
    expect(shares).toEqual([200, 225, 198, 206, 196, 173, 203, 214, 189, 196]);
  });

  it('depends on the seed and nothing else, and draws a known division', () => {
    expect(splitRows(40, sizes({}))).toEqual(splitRows(40, sizes({ validation: 8 })));
    expect(splitRows(40, sizes({ seed: 1 })).validation).not.toEqual(splitRows(40, sizes({})).validation);
    expect([...splitRows(40, sizes({})).validation]).toEqual([0, 3, 7, 16, 20, 21, 24, 33]);
  });

  it('chooses every row about as often over many seeds', () => {
    const chosen = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 1000; seed++) {
      for (const row of splitRows(10, sizes({ validation: 0.3, seed })).validation) chosen[row]!++;
    }
    // Each count is binomial(1000, 0.3), standard deviation 14.5; 6 deviations: fails with probability 2e-8.
    for (const count of chosen) expect(Math.abs(count - 300)).toBeLessThan(87);
  });

  it('splits two rows', () => {
    const { train, validation } = splitRows(2, sizes({ validation: 0.5 }));
    expect([train.length, validation.length]).toEqual([1, 1]);
  });

  it('leaves out classes that have no rows', () => {
    const { train } = splitRows(4, sizes({ validation: 1 }), {
      codes: Int32Array.of(0, 2, 0, 2),
      names: ['a', 'b', 'c'],
    });
    expect(train.length).toBe(3);
  });

  it('refuses a class of one row by name', async () => {
    const error = await errorOf('DATA_CLASS_TOO_SMALL', () => splitRows(5, sizes({}), classed([4, 1])));
    expect(error.message).toContain('"class 1"');
  });

  it.each([
    ['DATA_SPLIT_EMPTY', 2, { validation: 0.2 }],
    ['DATA_SPLIT_EMPTY', 1, { validation: 0.2 }],
    ['DATA_SPLIT_EMPTY', 10, { validation: Number.NaN }],
    ['DATA_SPLIT_EMPTY', 10, { validation: -3 }],
    ['DATA_SPLIT_EMPTY', 10, { test: 0.01 }],
    ['DATA_SPLIT_TOO_LARGE', 10, { validation: 10 }],
    ['DATA_SPLIT_TOO_LARGE', 10, { validation: 1000 }],
    ['DATA_SPLIT_TOO_LARGE', 10, { validation: 5, test: 5 }],
    ['DATA_SPLIT_TOO_LARGE', 1, { validation: 1 }],
  ])('ends in %s for %d rows and %o', async (code, rows, part) => {
    await errorOf(code, () => splitRows(rows, sizes(part)));
  });

  it('says how many training rows the classes need', async () => {
    const error = await errorOf('DATA_SPLIT_TOO_LARGE', () =>
      splitRows(6, sizes({ validation: 4 }), classed([2, 2, 2])),
    );
    expect(error.message).toContain('a row of each of the 3 classes');
  });
});
