import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFeatures, featureNames, fitEncoder } from '../../src/data/feature-encoder.js';
import { errorOf, rawColumn } from './support.js';

type Cells = readonly (number | string | null)[];

const rows = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

/** Features by name, `[rows]` each, of an encoder fitted to the first `trainCount` rows. */
function encode(columns: Readonly<Record<string, Cells>>, trainCount?: number) {
  const raw = Object.entries(columns).map(([name, cells]) => rawColumn(name, cells));
  const count = Object.values(columns)[0]!.length;
  const encoder = fitEncoder(raw, rows(trainCount ?? count));
  const names = featureNames(encoder);
  const out = new Float32Array(count * names.length);
  encodeFeatures(encoder, raw, rows(count), out);
  const features = Object.fromEntries(
    names.map((name, feature) => [name, Array.from(rows(count), (row) => out[row * names.length + feature]!)]),
  );
  return { encoder, features };
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });

describe('a number', () => {
  it('has mean 0 and deviation 1 over the training rows, whatever its unit', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 50 }), (values) => {
        const { encoder, features } = encode({ a: values });
        const x = features.a!;
        if (new Set(values.map((value) => value + 0)).size === 1) {
          expect(x.every((value) => value === 0)).toBe(true);
          return;
        }
        const [encoding] = encoder.columns;
        const mean = x.reduce((sum, value) => sum + value / x.length, 0);
        const square = x.reduce((sum, value) => sum + value ** 2 / x.length, 0);
        const { deviation } = encoding as { deviation: number };
        // Of values that differ in their last digits only, or are the smallest that there are, the mean is rounded itself.
        fc.pre(deviation > 1e-8 * Math.max(...values.map(Math.abs)) && deviation > 1e-290);
        expect(mean).toBeCloseTo(0, 4);
        expect(square).toBeCloseTo(1, 4);
      }),
    );
  });

  it('has known mean and deviation', () => {
    const { encoder, features } = encode({ a: [2, 4, 4, 4, 5, 5, 7, 9] });
    expect(encoder.columns).toEqual([
      { kind: 'standardise', column: 'a', mean: 5, deviation: 2, hasMissing: false, cells: 'number' },
    ]);
    expect(features).toEqual({ a: [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2] });
  });

  it('is encoded with what the training rows say, and nothing of the others', () => {
    const { features } = encode({ a: [0, 2, 1000] }, 2);
    expect(features.a).toEqual([-1, 1, 999]);
    const other = encode({ a: [0, 2, -5] }, 2);
    expect(other.features.a!.slice(0, 2)).toEqual([-1, 1]);
  });

  it('is the mean where it is missing, with a feature that says so', () => {
    const { features } = encode({ a: [1, null, 3] });
    expect(features).toEqual({ a: [-1, 0, 1], 'a is missing': [0, 1, 0] });
  });

  it('has no such feature if it is missing outside the training rows only', () => {
    expect(encode({ a: [1, 3, null] }, 2).features).toEqual({ a: [-1, 1, 0] });
  });

  it('is 0 where it is constant in training, without dividing by 0', () => {
    // 0.1 × 3 / 3 is not 0.1: a mean that is summed up differs from the constant.
    expect(encode({ a: [0.1, 0.1, 0.1, 5] }, 3).features.a).toEqual([0, 0, 0, 0]);
  });

  it('is 0 and missing where it is never known in training', () => {
    const { encoder, features } = encode({ a: [null, null, 7] }, 2);
    expect(encoder.columns).toEqual([
      { kind: 'standardise', column: 'a', mean: 0, deviation: 0, hasMissing: true, cells: 'number' },
    ]);
    expect(features).toEqual({ a: [0, 0, 0], 'a is missing': [1, 1, 0] });
  });

  it('survives values whose squares overflow or vanish', () => {
    expect(encode({ a: [-1e200, 1e200] }).features.a).toEqual([-1, 1]);
    expect(encode({ a: [-1e-300, 1e-300] }).features.a).toEqual([-1, 1]);
  });
});

describe('a text', () => {
  it('is 1 in the feature of its category, in order of code units', () => {
    const { features } = encode({ colour: ['red', 'blue', 'ärmel', 'red'] });
    expect(Object.entries(features)).toEqual([
      ['colour=blue', [0, 1, 0, 0]],
      ['colour=red', [1, 0, 0, 1]],
      ['colour=ärmel', [0, 0, 1, 0]],
    ]);
  });

  it('is all zeros where it is missing, or was not seen in training', () => {
    const { features } = encode({ colour: ['red', null, 'blue', 'red'] }, 2);
    expect(features).toEqual({ 'colour=red': [1, 0, 0, 1] });
  });

  it('may have 64 categories in training, and any number outside', () => {
    const many = Array.from({ length: 200 }, (_, i) => `c${i}`);
    expect(Object.keys(encode({ a: many }, 64).features).length).toBe(64);
  });

  it('is hashed with 65', () => {
    const many = Array.from({ length: 65 }, (_, i) => `c${i}`);
    const { encoder, features } = encode({ 'customer id': many });
    expect(encoder.columns[0]).toMatchObject({ kind: 'hash', buckets: 64 });
    expect(Object.keys(features)).toHaveLength(64);
  });

  it('is a date with 65 that are all dates', () => {
    const days = Array.from({ length: 80 }, (_, i) => new Date(86_400_000 * i).toISOString().slice(0, 10));
    expect(encode({ day: days }).encoder.columns[0]!.kind).toBe('date');
    expect(encode({ day: [...days, 'today'] }).encoder.columns[0]!.kind).toBe('hash');
  });

  it('is refused with the first cell that keeps its column from being numbers', async () => {
    const texts = Array.from({ length: 1001 }, (_, i) => `${i}`);
    const column = { kind: 'text', name: 'age', texts, codes: rows(1001) } as const;
    const example = { firstText: { text: '12 years', row: 71 } };
    const error = await errorOf('DATA_TOO_MANY_CATEGORIES', () =>
      fitEncoder([{ ...column, ...example }], rows(1001), { categories: 'one-hot' }),
    );
    expect(error.message).toContain('"12 years" in row 71');
    expect(error.message).toContain('has 1001');
    expect(error.todo).toContain('ignore: ["age"]');
  });
});

describe('an encoder', () => {
  it('is JSON and encodes the same afterwards', () => {
    const columns = [rawColumn('a', [0.1, null, 0.3]), rawColumn('b', ['x', 'y', null])];
    const encoder = fitEncoder(columns, rows(3));
    const copy = JSON.parse(JSON.stringify(encoder));
    expect(copy).toEqual(encoder);
    const [one, other] = [new Float32Array(12), new Float32Array(12)];
    encodeFeatures(encoder, columns, rows(3), one);
    encodeFeatures(copy, columns, rows(3), other);
    expect(other).toEqual(one);
    expect(one.some((value) => value !== 0)).toBe(true);
  });

  it('encodes the rows it is given, in their order', () => {
    const columns = [rawColumn('a', [2, 4])];
    const out = new Float32Array(3);
    encodeFeatures(fitEncoder(columns, rows(2)), columns, Int32Array.of(1, 0, 1), out);
    expect([...out]).toEqual([1, -1, 1]);
  });

  it('finds its columns by name', () => {
    const columns = [rawColumn('a', [2, 4]), rawColumn('b', ['x', 'y'])];
    const encoder = fitEncoder(columns, rows(2));
    const [one, other] = [new Float32Array(6), new Float32Array(6)];
    encodeFeatures(encoder, columns, rows(2), one);
    encodeFeatures(encoder, [...columns].reverse(), rows(2), other);
    expect(other).toEqual(one);
    expect(() => encodeFeatures(encoder, [columns[0]!], rows(2), other)).toThrow('fitted to column b');
  });

  it('refuses columns of another kind', async () => {
    const encoder = fitEncoder([rawColumn('a', [1, 2])], rows(2));
    const encodeTexts = () => encodeFeatures(encoder, [rawColumn('a', ['x', 'y'])], rows(2), new Float32Array(2));
    const error = await errorOf('DATA_ENCODER_INPUT', encodeTexts);
    expect(error.message).toContain('"a" holds "x"');
  });
});
