import { writeFileSync } from 'node:fs';
import { tableToIPC } from 'apache-arrow';
import { type SharedDataset, toArrow } from '../../../src/data/index.js';
import { layOutDataset } from '../../../src/data/shared-layout.js';

export interface Sizes {
  readonly rowCount: number;
  /** Split of a row. */
  readonly splitOf?: (row: number) => 'train' | 'validation' | 'test' | 'none';
}

/** A data set whose values say which row they are in: `x` is float32 [3], `small` uint8 [2], `y` int32. */
export function numberedRows({ rowCount, splitOf = (row) => (row % 5 === 0 ? 'validation' : 'train') }: Sizes) {
  const rowsOf = (split: string) => {
    return Int32Array.from(Array.from({ length: rowCount }, (_, row) => row).filter((row) => splitOf(row) === split));
  };
  const each = (width: number, value: (row: number, index: number) => number) => {
    return Array.from({ length: rowCount * width }, (_, i) => value(Math.floor(i / width), i % width));
  };
  const test = rowsOf('test');
  return layOutDataset({
    name: 'numbered',
    rowCount,
    columns: [
      { name: 'x', type: 'float32', rowShape: [3], fill: (view) => view.set(each(3, (row, i) => row + i / 4)) },
      { name: 'small', type: 'uint8', rowShape: [2], fill: (view) => view.set(each(2, (row, i) => (row + i) % 256)) },
      { name: 'y', type: 'int32', rowShape: [], fill: (view) => view.set(each(1, (row) => row % 3)) },
    ],
    features: { column: 'x', scale: 1, offset: 0 },
    target: { column: 'y', kind: 'class', classes: ['a', 'b', 'c'] },
    splits: { train: rowsOf('train'), validation: rowsOf('validation'), ...(test.length === 0 ? {} : { test }) },
    droppedRowCount: 0,
  });
}

/** Writes the data set's Arrow file, in one record batch. */
export async function writeArrow(path: string, dataset: SharedDataset): Promise<string> {
  writeFileSync(path, tableToIPC(await toArrow(dataset), 'file'));
  return path;
}
