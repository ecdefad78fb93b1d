import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnView, splitView } from '../../src/data/index.js';
import { splitEntries } from '../../src/data/shared-dataset.js';
import { anyDataset, fourRows } from './small-datasets.js';
import { errorOf } from './support.js';

describe('a shared data set', () => {
  it('has every column and split on a 64-byte boundary, none overlapping', () => {
    fc.assert(
      fc.property(anyDataset, (dataset) => {
        const views = [
          ...dataset.columns.map((column) => columnView(dataset, column.name)),
          ...splitEntries(dataset.splits).map(([split]) => splitView(dataset, split)),
        ];
        let end = 0;
        for (const view of views) {
          expect(view.byteOffset % 64).toBe(0);
          expect(view.byteOffset).toBeGreaterThanOrEqual(end);
          expect(view.buffer).toBe(dataset.buffer);
          end = view.byteOffset + view.byteLength;
        }
        expect(end).toBeLessThanOrEqual(dataset.buffer.byteLength);
      }),
    );
  });

  it('has views that are the memory, not copies', () => {
    const dataset = fourRows();
    const [one, other] = [columnView(dataset, 'x'), columnView(dataset, 'x')];
    one[3] = 99;
    expect(other[3]).toBe(99);
  });

  it('survives structured cloning with the same memory', () => {
    const dataset = fourRows();
    const clone = structuredClone(dataset);
    columnView(clone, 'x')[0] = 77;
    expect(columnView(dataset, 'x')[0]).toBe(77);
  });

  it('names the columns there are when asked for another', async () => {
    const error = await errorOf('DATA_SHARED_COLUMN', () => columnView(fourRows(), 'z'));
    expect(error.message).toContain('"x", "y"');
  });

  it('refuses a split that it does not have', async () => {
    const error = await errorOf('DATA_SHARED_SPLIT', () => splitView(fourRows(), 'test'));
    expect(error.message).toContain('no test split');
  });

  it('refuses what no memory can hold', async () => {
    const { allocateShared } = await import('../../src/data/index.js');
    const error = await errorOf('DATA_TOO_LARGE', () => allocateShared(2 ** 52));
    expect(error.message).toContain(String(2 ** 52));
  });
});

describe('its digest', () => {
  it('is the SHA-256 of schema, columns and splits, in this order', () => {
    const schema =
      '["dataset 1",4,[["x","float32",[2]],["y","int32",[]]],["x",1,0,["a","b"]],["y","class",["no","yes"]],' +
      '[["train",3],["validation",1]]]';
    const expected = createHash('sha256')
      .update(schema)
      .update(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8))
      .update(Int32Array.of(0, 1, 0, 1))
      .update(Int32Array.of(0, 1, 2))
      .update(Int32Array.of(3));
    expect(fourRows().digest).toBe(expected.digest('hex'));
  });

  it('ignores the name and notices a value, a class and the sign of zero', () => {
    const { digest } = fourRows();
    expect(fourRows({ name: 'other' }).digest).toBe(digest);
    expect(fourRows({ classes: ['no', 'yes!'] }).digest).not.toBe(digest);
    const zero = fourRows({ x: [0, 2, 3, 4, 5, 6, 7, 8] }).digest;
    const negativeZero = fourRows({ x: [-0, 2, 3, 4, 5, 6, 7, 8] }).digest;
    expect(new Set([digest, zero, negativeZero]).size).toBe(3);
  });
});
