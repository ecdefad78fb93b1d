import fc from 'fast-check';
import { type ColumnType, type ColumnView, rowSize, type SharedDataset } from '../../src/data/index.js';
import { layOutDataset } from '../../src/data/shared-layout.js';

const value: Record<ColumnType, fc.Arbitrary<number>> = {
  uint8: fc.integer({ min: 0, max: 255 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  float32: fc.float(),
};

/** Data sets of any shape, type, contents (also NaN, infinities, -0) and splits, with rows in no split. */
export const anyDataset: fc.Arbitrary<SharedDataset> = fc
  .record({
    rowCount: fc.integer({ min: 1, max: 40 }),
    x: fc.constantFrom<ColumnType>('uint8', 'int32', 'float32'),
    rowShape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    y: fc.constantFrom<ColumnType>('int32', 'float32'),
    name: fc.string(),
  })
  .chain((shape) => {
    const count = shape.rowCount * rowSize(shape.rowShape);
    return fc.record({
      shape: fc.constant(shape),
      x: fc.array(value[shape.x], { minLength: count, maxLength: count }),
      y: fc.array(value[shape.y], { minLength: shape.rowCount, maxLength: shape.rowCount }),
      split: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: shape.rowCount, maxLength: shape.rowCount }),
    });
  })
  .map(({ shape, x, y, split }) => {
    const rowsOf = (code: number) => Int32Array.from(split.flatMap((found, row) => (found === code ? [row] : [])));
    const required = { train: rowsOf(1), validation: rowsOf(2) };
    const test = rowsOf(3);
    const fill = (values: readonly number[]) => (view: ColumnView) => view.set(values);
    return layOutDataset({
      name: shape.name,
      rowCount: shape.rowCount,
      columns: [
        { name: 'x', type: shape.x, rowShape: shape.rowShape, fill: fill(x) },
        { name: 'y', type: shape.y, rowShape: [], fill: fill(y) },
      ],
      features: { column: 'x', scale: 1 / 255, offset: -0.5 },
      target:
        shape.y === 'int32'
          ? { column: 'y', kind: 'class', classes: ['a', 'b'] }
          : { column: 'y', kind: 'number', mean: 0.5, deviation: 2 },
      splits: test.length === 0 ? required : { ...required, test },
      droppedRowCount: 0,
    });
  });

/** Four rows of two features. */
export function fourRows(
  change: { name?: string; x?: readonly number[]; classes?: readonly string[] } = {},
): SharedDataset {
  return layOutDataset({
    name: change.name ?? 'four',
    rowCount: 4,
    columns: [
      { name: 'x', type: 'float32', rowShape: [2], fill: (view) => view.set(change.x ?? [1, 2, 3, 4, 5, 6, 7, 8]) },
      { name: 'y', type: 'int32', rowShape: [], fill: (view) => view.set([0, 1, 0, 1]) },
    ],
    features: { column: 'x', scale: 1, offset: 0, names: ['a', 'b'] },
    target: { column: 'y', kind: 'class', classes: change.classes ?? ['no', 'yes'] },
    splits: { train: Int32Array.of(0, 1, 2), validation: Int32Array.of(3) },
    droppedRowCount: 0,
  });
}
