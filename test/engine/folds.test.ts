import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { loadFolds } from '../../src/data/index.js';
import type { SegmentOutcome } from '../../src/engine/engine.js';
import {
  combineFolds,
  foldKey,
  foldMetricNames,
  foldsTracedAlike,
  packStates,
  unpackState,
} from '../../src/engine/folds.js';
import { seedKey } from '../../src/random/index.js';

const noMemory = () => null;
const bytes = (...values: number[]) => Uint8Array.from(values);
const done = (value: number, mark: number): SegmentOutcome => ({
  outcome: 'done',
  loss: value,
  metrics: { valLoss: value, valAccuracy: 1 - value },
  state: bytes(mark),
  seconds: 2,
});
const pack = (states: Uint8Array[]) => packStates(states, noMemory);

describe('the states of folds', () => {
  it('come back as they were, of any lengths, where their memory was used before as well', () => {
    const states = [bytes(1, 2, 3), new Uint8Array(65).fill(7), bytes(9)];
    const packed = pack(states);
    const again = packStates(
      states.map((state) => state.map((value) => value + 1)),
      (size) => {
        expect(size).toBe(packed.byteLength);
        return packed;
      },
    );
    expect(again).toBe(packed);
    states.forEach((state, fold) => {
      const read = unpackState(again, fold, states.length);
      expect([...read]).toEqual([...state].map((value) => value + 1));
      // in place, where a native library takes them without a copy
      expect(read.buffer).toBe(packed.buffer);
      expect(read.byteOffset % 64).toBe(0);
    });
  });

  it('are read from a file, wherever its bytes lie', () => {
    const packed = pack([bytes(1, 2, 3), bytes(4)]);
    const elsewhere = new Uint8Array(packed.byteLength + 16).subarray(16);
    elsewhere.set(packed);
    expect([...unpackState(elsewhere, 1, 2)]).toEqual([4]);
  });
});

describe('the results of folds', () => {
  it('are means, and the sample standard deviation of each metric', () => {
    const combined = combineFolds([done(0.1, 1), done(0.2, 2), done(0.6, 3)], pack);
    expect(combined).toMatchObject({ outcome: 'done', loss: 0.3, seconds: 6 });
    const { metrics, state } = combined as SegmentOutcome & { readonly outcome: 'done' };
    expect(Object.keys(metrics)).toEqual(foldMetricNames(['valLoss', 'valAccuracy'], 3));
    expect(metrics.valLoss).toBeCloseTo(0.3, 12);
    // ((0.2² + 0.1² + 0.3²) / 2)^½
    expect(metrics.valLossDeviation).toBeCloseTo(Math.sqrt(0.07), 12);
    expect(metrics.valAccuracy).toBeCloseTo(0.7, 12);
    expect([...unpackState(state, 2, 3)]).toEqual([3]);
  });

  it('are those of the first fold that did not end well', () => {
    const diverged = (message: string): SegmentOutcome => ({ outcome: 'diverged', message, seconds: 1 });
    const failed: SegmentOutcome = { outcome: 'failed', attempts: 3, code: 'X', message: 'lost' };
    expect(combineFolds([done(1, 1), diverged('first'), diverged('second')], pack)).toMatchObject({
      outcome: 'diverged',
      message: 'fold 1: first',
    });
    expect(combineFolds([diverged('first'), failed], pack)).toEqual({ ...failed, message: 'fold 1: lost' });
    expect(combineFolds([failed, { outcome: 'cancelled' }], pack)).toEqual({ outcome: 'cancelled' });
  });
});

it('folds that differ in their rows alone are traced once', async () => {
  const load = (more: object) =>
    loadFolds({ name: 'spirals', ...more }, { cacheDirectory: tmpdir(), baseDirectory: tmpdir() });
  const [fold] = await load({});
  const rows = { ...fold!, splits: { ...fold!.splits, train: { ...fold!.splits.train, count: 7 } } };
  const features = { ...fold!, features: { ...fold!.features, names: ['other'] } };
  const shapes = { ...fold!, columns: fold!.columns.map((column) => ({ ...column, rowShape: [9] })) };
  expect(foldsTracedAlike([fold!, rows, features, rows, shapes, features])).toEqual([0, 0, 2, 0, 4, 2]);
  expect(foldsTracedAlike([fold!])).toEqual([0]);
});

it('a study without folds keeps its keys, and folds have keys of their own', () => {
  expect(foldKey(7, 0, 1)).toEqual(seedKey(7));
  expect(foldMetricNames(['valLoss'], 1)).toEqual(['valLoss']);
  const keys = [0, 1, 2].map((fold) => foldKey(7, fold, 3).join());
  expect(new Set([...keys, seedKey(7).join()]).size).toBe(4);
});
