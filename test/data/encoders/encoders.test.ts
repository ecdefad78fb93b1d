import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodingChoices } from '../../../src/data/encoders/choice.js';
import {
  categoryColumns,
  encodeCategories,
  encodeFeatures,
  featureNames,
  fitEncoder,
  type TabularEncoder,
} from '../../../src/data/feature-encoder.js';
import type { RawColumn } from '../../../src/data/raw-table.js';
import { errorOf, rawColumn } from '../support.js';

type Cells = readonly (number | string | null)[];
type Choice = NonNullable<EncodingChoices['encode']>[string];

const rows = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

function apply(encoder: TabularEncoder, column: RawColumn, count: number): number[][] {
  const width = featureNames(encoder).length;
  const out = new Float32Array(count * width);
  encodeFeatures(encoder, [column], rows(count), out);
  return Array.from(rows(count), (row) => [...out.subarray(row * width, (row + 1) * width)]);
}

/** Features of one column, `[rows][features]`, encoded as chosen with what its first `trainCount` rows say. */
function encode(cells: Cells, choice: Choice, trainCount = cells.length) {
  const column = rawColumn('a', cells);
  const encoder = fitEncoder([column], rows(trainCount), { encode: { a: choice } });
  return { encoder, encoding: encoder.columns[0]!, features: apply(encoder, column, cells.length) };
}

const numberChoices: Choice[] = ['standardise', 'quantile', { quantile: 'uniform' }, 'min-max', 'log', 'raw'];
const textChoices: Choice[] = ['one-hot', 'hash', { hash: 3 }, { ordinal: ['a', 'b', 'c'] }];

const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }), { nil: null });
const numbers = fc.array(number, { minLength: 4, maxLength: 40 });
const texts = fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'é'), { nil: null }), {
  minLength: 4,
  maxLength: 40,
});

describe('every encoder', () => {
  it.each(numberChoices)('of numbers learns from training rows alone: %j', (choice) => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (train, others, else_) => {
        const one = encode([...train, ...others], choice, train.length);
        const other = encode([...train, ...else_], choice, train.length);
        expect(other.encoding).toEqual(one.encoding);
        expect(other.features.slice(0, train.length)).toEqual(one.features.slice(0, train.length));
      }),
    );
  });

  it.each(textChoices)('of texts learns from training rows alone: %j', (choice) => {
    fc.assert(
      fc.property(texts, texts, texts, (train, others, else_) => {
        fc.pre([train, others, else_].every((part) => part.includes('a')));
        const one = encode([...train, ...others], choice, train.length);
        const other = encode([...train, ...else_], choice, train.length);
        expect(other.encoding).toEqual(one.encoding);
        expect(other.features.slice(0, train.length)).toEqual(one.features.slice(0, train.length));
      }),
    );
  });

  it.each(numberChoices)('of numbers gives finite features for any value that float32 has: %j', (choice) => {
    fc.assert(
      fc.property(numbers, numbers, (train, others) => {
        const cells = [...train, ...others];
        const column = rawColumn('a', cells);
        fc.pre(column.kind === 'number');
        const { encoding, features } = encode(cells, choice, train.length);
        // what is divided by a spread of nearly nothing is not finite, which the data set refuses by column and row
        const spread =
          'deviation' in encoding ? encoding.deviation : 'most' in encoding ? encoding.most - encoding.least : 1;
        fc.pre(spread === 0 || spread > 1e-6);
        for (const feature of features.flat()) expect(Number.isFinite(feature)).toBe(true);
      }),
    );
  });

  it('is JSON', () => {
    for (const choice of numberChoices) {
      const { encoder } = encode([1, null, 5, 2], choice);
      expect(JSON.parse(JSON.stringify(encoder))).toEqual(encoder);
    }
  });

  it('refuses texts where numbers are needed, by column, kind and example', async () => {
    for (const choice of numberChoices) {
      const error = await errorOf('DATA_ENCODER_INPUT', () => encode(['red', 'blue'], choice));
      expect(error.message).toMatch(/must hold numbers, and "a" holds "red"/);
    }
  });

  it('that is chosen for a column that is not there is refused', async () => {
    const wrong = () => fitEncoder([rawColumn('age', [1, 2])], rows(2), { encode: { agee: 'log' } });
    expect((await errorOf('DATA_COLUMN_UNKNOWN', wrong)).message).toContain('"age"');
  });
});

describe('what can be inverted', () => {
  const spread = fc
    .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
      minLength: 3,
      maxLength: 40,
    })
    .filter((values) => {
      const sorted = [...values].sort((a, b) => a - b);
      return sorted.every((value, i) => i === 0 || value - sorted[i - 1]! > 1);
    });

  it('is: numbers keep their order and their distance', () => {
    fc.assert(
      fc.property(spread, (values) => {
        const back = {
          standardise: (x: number, e: { mean: number; deviation: number }) => x * e.deviation + e.mean,
          'min-max': (x: number, e: { least: number; most: number }) => e.least + x * (e.most - e.least),
          log: (x: number, e: { mean: number; deviation: number }) => {
            const l = x * e.deviation + e.mean;
            return Math.sign(l) * Math.expm1(Math.abs(l));
          },
        };
        for (const [kind, invert] of Object.entries(back)) {
          const { encoding, features } = encode(values, kind as Choice);
          for (const [row, [x]] of features.entries()) {
            const found = (invert as (x: number, e: unknown) => number)(x!, encoding);
            expect(Math.abs(found - values[row]!)).toBeLessThanOrEqual(1e-5 * 1e6 * 16);
          }
        }
      }),
    );
  });

  it('is: quantiles keep order, strictly within the training rows', () => {
    fc.assert(
      fc.property(spread, (values) => {
        const { features } = encode(values, { quantile: 'uniform' });
        const order = rows(values.length).sort((a, b) => values[a]! - values[b]!);
        for (let i = 1; i < order.length; i++)
          expect(features[order[i]!]![0]).toBeGreaterThan(features[order[i - 1]!]![0]!);
      }),
    );
  });

  it('is: categories, one-hot and by number', () => {
    fc.assert(
      fc.property(texts, (cells) => {
        fc.pre(cells.some((cell) => cell !== null));
        const { encoding, features } = encode(cells, 'one-hot');
        const { categories } = encoding as { categories: string[] };
        expect(features.map((row) => categories[row.indexOf(1)] ?? null)).toEqual(cells);
      }),
    );
  });
});

describe('quantile', () => {
  // scikit-learn 1.5, QuantileTransformer(n_quantiles=5).fit([[1], [2], [2], [2], [10]]), by hand: ranks 0, ½ (three ties), 1
  it('gives ties the middle of their ranks, and the ends to what lies beyond', () => {
    const { features } = encode([1, 2, 2, 2, 10, 0, 11, 6, 1.5], { quantile: 'uniform' }, 5);
    expect(features.flat()).toEqual([0, 0.5, 0.5, 0.5, 1, 0, 1, 0.875, 0.125]);
  });

  it('is normal over the training rows, within 5.2 deviations', () => {
    const values = Array.from({ length: 2001 }, (_, i) => Math.exp(i / 100));
    const x = encode([...values, 1e300], 'quantile', 2001).features.flat();
    const inner = x.slice(200, 1801);
    expect(x[1000]).toBeCloseTo(0, 3);
    expect(x[2001]).toBeCloseTo(5.1993375821928165, 6);
    // Φ⁻¹ of the rank (i / 2000)
    expect(inner[0]).toBeCloseTo(-1.2815515655446004, 3);
    expect(inner.at(-1)).toBeCloseTo(1.2815515655446004, 3);
  });

  it('is in the middle where it is missing or constant, with a feature that says missing', () => {
    expect(encode([1, null, 3], { quantile: 'uniform' }).features).toEqual([
      [0, 0],
      [0.5, 1],
      [1, 0],
    ]);
    expect(encode([4, 4, 4, 9], 'quantile', 3).features.flat()).toEqual([0, 0, 0, 0]);
  });
});

describe('the smallest numbers that there are', () => {
  it('are still apart', () => {
    const cells = [-5e-324, 0, 5e-324];
    expect(encode(cells, 'min-max').features.flat()).toEqual([0, 0.5, 1]);
    expect(encode([-5e-324, 5e-324, 0], { quantile: 'uniform' }, 2).features.flat()).toEqual([0, 1, 0.5]);
  });
});

describe('min-max and log', () => {
  it('have known answers', () => {
    expect(encode([-1, 1, 3, 5], 'min-max', 3).features.flat()).toEqual([0, 0.5, 1, 1.5]);
    const e = Math.E - 1;
    expect(encode([-e, e], 'log').encoding).toMatchObject({ mean: 0, deviation: 1 });
    expect(encode([-1.7e308, 1.7e308], 'min-max').features.flat()).toEqual([0, 1]);
  });
});

describe('raw', () => {
  it('is the number itself, and 0 where it is missing, with a feature that says so', () => {
    expect(encode([3, -70_000, 0.5], 'raw').features).toEqual([[3], [-70_000], [0.5]]);
    expect(encode([3, null], 'raw').features).toEqual([
      [3, 0],
      [0, 1],
    ]);
  });
});

describe('hashing', () => {
  it('has a bucket for every text, the same in every table, and none where it is missing', () => {
    const one = encode(['red', 'blue', null, 'green'], { hash: 8 }, 2);
    const other = encode(['green', 'red'], { hash: 8 });
    expect(one.features.map((row) => row.reduce((a, b) => a + b))).toEqual([1, 1, 0, 1]);
    expect(other.features[1]).toEqual(one.features[0]);
    expect(other.features[0]).toEqual(one.features[3]);
  });

  it('has known buckets: a model that was saved keeps its meaning', () => {
    const { features } = encode(['red', 'blue', 'green', '1'], { hash: 64 });
    expect(features.map((row) => row.indexOf(1))).toMatchInlineSnapshot(`
      [
        16,
        11,
        48,
        38,
      ]
    `);
  });

  it('spreads texts evenly', () => {
    const many = Array.from({ length: 6400 }, (_, i) => `text ${i}`);
    const { features } = encode(many, 'hash');
    const counts = new Array<number>(64).fill(0);
    for (const row of features) counts[row.indexOf(1)]!++;
    // each is binomial(6400, 1/64), deviation 9.9: six of them, failing with probability 1e-7
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(60);
  });
});

describe('an index of categories', () => {
  const encodeIndices = (cells: Cells, trainCount: number) => {
    const column = rawColumn('a', cells);
    const encoder = fitEncoder([column], rows(trainCount), { categories: 'index', encode: { a: 'index' } });
    const out = new Int32Array(cells.length);
    encodeCategories(encoder, [column], rows(cells.length), out);
    return { encoder, indices: [...out] };
  };

  it('counts from 1, in order of code units; 0 is missing or unseen', () => {
    const { encoder, indices } = encodeIndices(['red', 'blue', null, 'red', 'green'], 4);
    expect(indices).toEqual([2, 1, 0, 2, 0]);
    expect(categoryColumns(encoder)).toEqual([{ name: 'a', size: 3 }]);
    expect(featureNames(encoder)).toEqual([]);
  });

  it('takes numbers for texts', () => {
    expect(encodeIndices([10, 9, 10, null, 3], 3).indices).toEqual([1, 2, 1, 0, 0]);
  });
});

describe('ordinal', () => {
  it('is the place in the order, and the middle where there is none', () => {
    const { features } = encode(['low', 'high', 'mid', null, 'odd'], { ordinal: ['low', 'mid', 'high'] }, 3);
    expect(features.flat()).toEqual([0, 1, 0.5, 0.5, 0.5]);
    expect(encode(['low', null], { ordinal: ['low', 'high'] }).features).toEqual([
      [0, 0],
      [0.5, 1],
    ]);
  });

  it('refuses an order that has nothing to do with the column', async () => {
    const error = await errorOf('DATA_ENCODER_INPUT', () => encode(['x', 'y'], { ordinal: ['low', 'high'] }));
    expect(error.message).toContain('"low", "high"');
  });
});

describe('a date', () => {
  it('is a moment, and its place in year, week and day', () => {
    const { encoder, features } = encode(['2024-01-01', '2024-07-01T12:00', '2025-01-01', null], 'date');
    expect(featureNames(encoder)).toEqual([
      'a',
      'a year sin',
      'a year cos',
      'a week sin',
      'a week cos',
      'a day sin',
      'a day cos',
      'a is missing',
    ]);
    const [first, middle, last, missing] = features as [number[], number[], number[], number[]];
    expect(first[0]! + last[0]!).toBeLessThan(1);
    // both New Year's days begin the year; 1 January 2024 was a Monday
    for (const day of [first, last]) expect(day.slice(1, 3)).toEqual([0, 1]);
    expect(first.slice(3, 5)).toEqual([0, 1]);
    expect(middle[2]).toBeLessThan(-0.99);
    expect(middle[6]).toBeCloseTo(-1, 6);
    expect(missing).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('is refused where it is none, with its row', async () => {
    const error = await errorOf('DATA_ENCODER_INPUT', () => encode(['2024-01-01', '2024-02-30'], 'date'));
    expect(error.message).toContain('"2024-02-30" in row 2');
  });

  it('takes milliseconds', () => {
    const text = encode(['2024-03-01', '2024-05-09'], 'date').features;
    const ms = encode([Date.UTC(2024, 2, 1), Date.UTC(2024, 4, 9)], 'date').features;
    expect(ms).toEqual(text);
  });
});
