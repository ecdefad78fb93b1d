import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWindows } from '../../src/data/text-windows.js';

const options = fc.record({
  context: fc.integer({ min: 1, max: 12 }),
  stride: fc.integer({ min: 1, max: 15 }),
  validation: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 0.9, noNaN: true })),
  test: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })),
});
const length = fc.integer({ min: 0, max: 300 });

/** Positions of the tokens that a split predicts, in the order of its windows. */
function predicted(starts: Int32Array, rows: Int32Array, context: number): number[] {
  return [...rows].flatMap((row) => Array.from({ length: context }, (_, at) => starts[row]! + at + 1));
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

describe('textWindows', () => {
  it('predicts each of the last tokens once, and at least as many as were asked for', () => {
    fc.assert(
      fc.property(length, options, (size, given) => {
        const windows = textWindows(size, given);
        if (windows === undefined) return;
        const { starts, splits } = windows;
        const counted = (part: number) => (part < 1 ? part * size : part);
        const test = splits.test === undefined ? [] : predicted(starts, splits.test, given.context);
        expect(test).toEqual(range(size - test.length, size));
        expect(test.length).toBeGreaterThanOrEqual(counted(given.test));
        const validation = predicted(starts, splits.validation, given.context);
        const end = given.test === 0 ? size : size - test.length - 1;
        expect(validation).toEqual(range(end - validation.length, end));
        expect(validation.length).toBeGreaterThanOrEqual(counted(given.validation));
        expect(validation.length).toBeLessThan(counted(given.validation) + given.context);
      }),
    );
  });

  it('never lets a window of one split reach into another, and covers the training part to its last token', () => {
    fc.assert(
      fc.property(length, options, (size, given) => {
        const windows = textWindows(size, given);
        if (windows === undefined) return;
        const { starts, splits } = windows;
        const parts = [splits.train, splits.validation, ...(splits.test === undefined ? [] : [splits.test])];
        let end = 0;
        for (const rows of parts) {
          const tokens = [...rows].flatMap((row) => range(starts[row]!, starts[row]! + given.context + 1));
          expect(Math.min(...tokens)).toBe(end);
          end = Math.max(...tokens) + 1;
        }
        expect(end).toBe(size);
        const train = [...splits.train].map((row) => starts[row]!);
        for (const [index, start] of train.slice(1).entries()) {
          expect(start - train[index]!).toBeGreaterThan(0);
          expect(start - train[index]!).toBeLessThanOrEqual(given.stride);
        }
      }),
    );
  });

  it('has none where a split would have no window', () => {
    const given = { context: 8, stride: 8, validation: 8, test: 0 };
    expect(textWindows(17, given)).toBeUndefined();
    expect(textWindows(18, given)).toMatchObject({ starts: Int32Array.of(0, 9) });
    expect(textWindows(18, { ...given, test: 1 })).toBeUndefined();
  });
});
