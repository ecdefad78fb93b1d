import { errors } from './errors.js';
import { encodeFeatures, featureNames, fitEncoder } from './feature-encoder.js';
import { momentsOf } from './moments.js';
import type { RawTable } from './raw-table.js';
import type { SharedDataset } from './shared-dataset.js';
import { layOutDataset } from './shared-layout.js';
import { type SplitSizes, splitRows } from './splits.js';
import { type EncodedTarget, encodeTarget, type Task } from './target.js';

export interface TabularOptions {
  readonly name: string;
  /** Column that is predicted; all others are features. */
  readonly target: string;
  /** By default told from the target's values. */
  readonly task?: Task;
  readonly splits: SplitSizes;
}

/**
 * Makes a data set of a table: column `x`, float32 `[features]`, and column `y`, int32 classes or float32 numbers. Rows
 * whose target is missing are left out and counted; the others are split (by class, for a classification), and features
 * are encoded with what the training rows say.
 *
 * @throws DATA_COLUMN_UNKNOWN, DATA_NO_FEATURES, DATA_NUMBER_NOT_FINITE for a feature that is too large once it is
 * standardised, and the errors of targets, splits and encoders.
 */
export function tabularDataset(table: RawTable, options: TabularOptions): SharedDataset {
  const target = encodeTarget(targetColumn(table, options.target), options.task);
  const rowCount = target.rows.length;
  const classes = target.kind === 'class' ? { codes: target.codes, names: target.classes } : undefined;
  const splits = splitRows(rowCount, options.splits, classes);
  const columns = table.columns.filter((column) => column.name !== options.target);
  const encoder = fitEncoder(
    columns,
    splits.train.map((row) => target.rows[row]!),
  );
  const names = featureNames(encoder);
  if (names.length === 0) throw errors.DATA_NO_FEATURES({ target: options.target });
  const dataset = layOutDataset({
    name: options.name,
    rowCount,
    columns: [
      {
        name: 'x',
        type: 'float32',
        rowShape: [names.length],
        fill: (view) => {
          encodeFeatures(encoder, columns, target.rows, view as Float32Array);
          checkFinite(view as Float32Array, names, target.rows);
        },
      },
      { ...targetValues(target), name: 'y', rowShape: [] },
    ],
    features: { column: 'x', scale: 1, offset: 0, names },
    target:
      target.kind === 'class'
        ? { column: 'y', kind: 'class', classes: target.classes }
        : { column: 'y', kind: 'number', ...unitOf(target.values, splits.train) },
    splits,
    encoder,
    droppedRowCount: table.rowCount - rowCount,
  });
  return dataset;
}

/** What models scale their predictions by. */
function unitOf(values: Float32Array, trainRows: Int32Array): { mean: number; deviation: number } {
  const { mean, deviation } = momentsOf(values, trainRows);
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

function targetColumn(table: RawTable, name: string) {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const columns = table.columns.map((candidate) => candidate.name);
  const separator = columns.length === 1 ? /[;\t|]/.exec(columns[0]!)?.[0] : undefined;
  const hint =
    separator === undefined
      ? ''
      : ` There is only one: cells may be separated by ${JSON.stringify(separator)}, to be set as delimiter.`;
  throw errors.DATA_COLUMN_UNKNOWN({ role: 'target', column: name, columns, hint });
}

function targetValues(target: EncodedTarget) {
  return target.kind === 'class'
    ? { type: 'int32' as const, fill: (view: ArrayLike<number>) => (view as Int32Array).set(target.codes) }
    : { type: 'float32' as const, fill: (view: ArrayLike<number>) => (view as Float32Array).set(target.values) };
}

/** A value far outside the training rows' range can exceed float32 once it is divided by their deviation. */
function checkFinite(x: Float32Array, names: readonly string[], rows: Int32Array): void {
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i])) continue;
    const row = rows[Math.floor(i / names.length)]! + 1;
    const value = 'a value that is too large for float32 once it is standardised';
    throw errors.DATA_NUMBER_NOT_FINITE({ column: names[i % names.length]!, row, value });
  }
}
