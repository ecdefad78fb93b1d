import { checkFeatures } from './check-features.js';
import { encodeCategories, encodeFeatures, fitEncoder, type TabularEncoder } from './feature-encoder.js';
import type { RawColumn, RawTable } from './raw-table.js';
import type { ColumnView, SharedDataset } from './shared-dataset.js';
import { type DatasetParts, layOutDataset } from './shared-layout.js';
import {
  type DividedRows,
  describeTabular,
  divideRows,
  readAs,
  type TabularOptions,
  tabularColumns,
  targetColumn,
  targetValues,
} from './tabular-layout.js';

/**
 * Makes a data set of a table: column `x`, float32 `[features]`; column `categories`, uint8 or int32, where some columns are kept as
 * numbers of categories; and column `y`, int32 classes or float32 numbers. Rows whose target is missing are left out and
 * counted; the others are split (by class, for a classification, unless told otherwise), and features are encoded with what the
 * training rows say.
 *
 * @throws DATA_COLUMN_UNKNOWN, DATA_NO_FEATURES, DATA_NUMBER_NOT_FINITE for a feature that is too large once it is
 * encoded, and the errors of targets, splits and encoders.
 */
export function tabularDataset(table: RawTable, options: TabularOptions): SharedDataset {
  const names = table.columns.map(({ name }) => name);
  const divided = divideRows(names, (name) => table.columns.find((column) => column.name === name)!, options);
  const { target, splits, trainRows } = divided;
  const features = new Set(divided.features);
  const columns = table.columns.filter(({ name }) => features.has(name));
  const encoder = { ...fitEncoder(columns, trainRows, options.encoding), ...readAs(options) };
  return layOutDataset({
    ...describeTabular(divided, encoder, options),
    columns: [
      ...featureColumns(encoder, columns, divided, options.target),
      { ...targetColumn(target), fill: (view: ColumnView) => view.set(targetValues(target)) },
    ],
    splits,
    droppedRowCount: table.rowCount - target.rows.length,
  });
}

/** The columns that are made of the table's. */
function featureColumns(
  encoder: TabularEncoder,
  columns: readonly RawColumn[],
  { target: { rows } }: DividedRows,
  target: string,
): DatasetParts['columns'] {
  const { x, indices, names, isConstant } = tabularColumns(encoder, target);
  const fillFeatures = (view: ColumnView) => {
    if (isConstant) view.fill(1);
    else encodeFeatures(encoder, columns, rows, view as Float32Array);
    checkFeatures(view as Float32Array, names, (row) => rows[row]! + 1);
  };
  const fillCategories = (view: ColumnView) =>
    encodeCategories(encoder, columns, rows, view as Uint8Array | Int32Array);
  const first = { ...x, fill: fillFeatures };
  return indices === undefined ? [first] : [first, { ...indices, fill: fillCategories }];
}
