import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchOptions, fillBatches } from '../../src/data/index.js';
import { seedKey } from '../../src/random/index.js';
import { errorOf } from './support.js';

function batches(options: BatchOptions): Int32Array {
  const out = new Int32Array(options.stepCount * options.batchSize).fill(-1);
  fillBatches(out, options);
  return out;
}

/** Row numbers that are neither contiguous nor start at 0, as those of a training split. */
const trainingRows = (count: number) => Int32Array.from({ length: count }, (_, i) => 3 * i + 5);

const arbitrary = fc.record({
  seed: fc.nat(),
  rowCount: fc.integer({ min: 1, max: 60 }),
  batchSize: fc.integer({ min: 1, max: 100 }),
  steps: fc.integer({ min: 1, max: 30 }),
});

describe('fillBatches', () => {
  it('makes each epoch a permutation of the rows, whatever the batch size', () => {
    fc.assert(
      fc.property(arbitrary, ({ seed, rowCount, batchSize, steps }) => {
        const rows = trainingRows(rowCount);
        const all = batches({ key: seedKey(seed), rows, batchSize, fromStep: 0, stepCount: steps });
        for (let start = 0; start < all.length; start += rowCount) {
          const epoch = all.slice(start, start + rowCount);
          expect(new Set(epoch).size).toBe(epoch.length);
          if (epoch.length === rowCount) expect(epoch.sort()).toEqual(rows);
          else expect([...epoch].every((row) => rows.includes(row))).toBe(true);
        }
      }),
    );
  });

  it('computes any steps alone as it computes them among all', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.nat(), ({ seed, rowCount, batchSize, steps }, a, b) => {
        const [fromStep, toStep] = [a % (steps + 1), b % (steps + 1)].sort((x, y) => x - y) as [number, number];
        const common = { key: seedKey(seed), rows: trainingRows(rowCount), batchSize };
        const all = batches({ ...common, fromStep: 0, stepCount: steps });
        const part = batches({ ...common, fromStep, stepCount: toStep - fromStep });
        expect(part).toEqual(all.slice(fromStep * batchSize, toStep * batchSize));
      }),
    );
  });

  it('gives the same positions the same rows for every batch size', () => {
    const common = { key: seedKey(3), rows: trainingRows(50), fromStep: 0 };
    const one = batches({ ...common, batchSize: 1, stepCount: 240 });
    expect(batches({ ...common, batchSize: 16, stepCount: 15 })).toEqual(one);
  });

  it('orders epochs and keys differently', () => {
    const rows = trainingRows(100);
    const first = batches({ key: seedKey(1), rows, batchSize: 100, fromStep: 0, stepCount: 1 });
    const second = batches({ key: seedKey(1), rows, batchSize: 100, fromStep: 1, stepCount: 1 });
    const other = batches({ key: seedKey(2), rows, batchSize: 100, fromStep: 0, stepCount: 1 });
    expect(second).not.toEqual(first);
    expect(other).not.toEqual(first);
    expect(first).not.toEqual(rows);
  });

  it('draws a known order, which never changes', () => {
    const out = batches({ key: seedKey(7), rows: trainingRows(6), batchSize: 4, fromStep: 1, stepCount: 2 });
    expect([...out]).toEqual([17, 8, 11, 8, 5, 14, 20, 17]);
  });

  it('repeats the only row of one row', () => {
    const out = batches({ key: seedKey(0), rows: Int32Array.of(42), batchSize: 3, fromStep: 5, stepCount: 2 });
    expect([...out]).toEqual([42, 42, 42, 42, 42, 42]);
  });

  it('computes a step of a long run of a large split at once', () => {
    const rows = Int32Array.from({ length: 1_000_000 }, (_, i) => i);
    const out = batches({ key: seedKey(0), rows, batchSize: 64, fromStep: 2 ** 40, stepCount: 2 });
    expect(new Set(out).size).toBe(128);
    expect(Math.max(...out)).toBeGreaterThan(500_000);
  });

  it('fills nothing for no steps', () => {
    expect(batches({ key: seedKey(0), rows: trainingRows(2), batchSize: 3, fromStep: 0, stepCount: 0 }).length).toBe(0);
  });

  it.each([
    ['no rows', { rows: new Int32Array(0) }, 'rows.length'],
    ['no batch', { batchSize: 0 }, 'batchSize'],
    ['a fractional batch', { batchSize: 2.5 }, 'batchSize'],
    ['a NaN batch', { batchSize: Number.NaN }, 'batchSize'],
    ['a negative step', { fromStep: -1 }, 'fromStep'],
    ['a step past 2^53', { fromStep: Number.MAX_SAFE_INTEGER }, 'fromStep + stepCount'],
    ['a short output', { stepCount: 3 }, 'out.length'],
  ])('refuses %s', async (_, change, name) => {
    const options = { key: seedKey(0), rows: trainingRows(5), batchSize: 2, fromStep: 0, stepCount: 2, ...change };
    const error = await errorOf('DATA_BATCH_ARGUMENTS', () => fillBatches(new Int32Array(4), options));
    expect(error.message).toContain(name);
  });
});
