import { checkFeatures } from './check-features.js';
import type { EncodingChoices } from './encoders/choice.js';
import { errors } from './errors.js';
import {
  categoryColumns,
  encodeCategories,
  encodeFeatures,
  featureNames,
  fitEncoder,
  type TabularEncoder,
} from './feature-encoder.js';
import { momentsOf } from './moments.js';
import type { RawColumn, RawTable } from './raw-table.js';
import type { SharedDataset } from './shared-dataset.js';
import { type DatasetParts, layOutDataset } from './shared-layout.js';
import { type SplitPlan, splitRows } from './splits.js';
import { type EncodedTarget, encodeTarget, type Task } from './target.js';

export interface TabularOptions {
  readonly name: string;
  /** Column that is predicted; all others are features. */
  readonly target: string;
  /** By default told from the target's values. */
  readonly task?: Task;
  readonly splits: SplitPlan;
  readonly encoding?: EncodingChoices;
  /** Further texts that were read as missing; kept for new rows. */
  readonly missing?: readonly string[];
  /** Given where the training rows were delimited text without a header; kept for new rows. */
  readonly header?: false;
}

/** The name of the one feature of a table all of whose columns are kept as numbers of categories. */
const onlyFeature = 'constant';

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
  const { encoding = {}, splits: plan } = options;
  const target = encodeTarget(columnOf(table, 'target', options.target), options.task);
  const rowCount = target.rows.length;
  const classes = target.kind === 'class' ? { codes: target.codes, names: target.classes } : undefined;
  const splits = splitRows(rowCount, plan, classes, splitColumn(table, target.rows, plan));
  const unnamed = Object.hasOwn(encoding.encode ?? {}, plan.rule?.column ?? '') ? undefined : plan.rule?.column;
  const columns = table.columns.filter(({ name }) => name !== options.target && name !== unnamed);
  const { missing, header } = options;
  const fitted = fitEncoder(
    columns,
    splits.train.map((row) => target.rows[row]!),
    encoding,
  );
  const read = { ...(missing === undefined ? {} : { missing }), ...(header === undefined ? {} : { header }) };
  const encoder = { ...fitted, ...read };
  const features = featureColumns(encoder, columns, target.rows, options.target);
  return layOutDataset({
    name: options.name,
    rowCount,
    ...features,
    columns: [...features.columns, { ...targetValues(target), name: 'y', rowShape: [] }],
    target: { ...describeTarget(target, splits.train), label: options.target },
    splits,
    encoder,
    droppedRowCount: table.rowCount - rowCount,
  });
}

/** What splits go by, of the rows that have a target. */
function splitColumn(table: RawTable, rows: Int32Array, { rule }: SplitPlan): RawColumn | undefined {
  if (rule?.column === undefined) return undefined;
  const column = columnOf(table, 'column to split by', rule.column);
  if (column.kind === 'number') return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
  return { ...column, codes: rows.map((row) => column.codes[row]!) };
}

/** The columns that are made of the table's, and how they are read. */
function featureColumns(
  encoder: TabularEncoder,
  columns: readonly RawColumn[],
  rows: Int32Array,
  target: string,
): Pick<DatasetParts, 'columns' | 'features' | 'categories'> {
  const encoded = featureNames(encoder);
  const categories = categoryColumns(encoder);
  if (encoded.length + categories.length === 0) throw errors.DATA_NO_FEATURES({ target });
  const names = encoded.length === 0 ? [onlyFeature] : encoded;
  const fillFeatures = (x: Float32Array) => {
    if (encoded.length === 0) x.fill(1);
    else encodeFeatures(encoder, columns, rows, x);
    checkFeatures(x, names, (row) => rows[row]! + 1);
  };
  const x = {
    name: 'x',
    type: 'float32' as const,
    rowShape: [names.length],
    fill: (view: ArrayLike<number>) => fillFeatures(view as Float32Array),
  };
  const features = { column: 'x', scale: 1, offset: 0, names };
  if (categories.length === 0) return { columns: [x], features };
  const sizes = categories.map(({ size }) => size);
  const indices = {
    name: 'categories',
    type: sizes.every((size) => size <= 256) ? ('uint8' as const) : ('int32' as const),
    rowShape: [sizes.length],
    fill: (view: ArrayLike<number>) => encodeCategories(encoder, columns, rows, view as Uint8Array | Int32Array),
  };
  return {
    columns: [x, indices],
    features,
    categories: { column: 'categories', names: categories.map(({ name }) => name), sizes },
  };
}

function describeTarget(target: EncodedTarget, trainRows: Int32Array) {
  if (target.kind === 'class') return { column: 'y', kind: 'class', classes: target.classes } as const;
  const { mean, deviation } = momentsOf(target.values, trainRows);
  // what models scale their predictions by
  return { column: 'y', kind: 'number', mean, deviation: deviation === 0 ? 1 : deviation } as const;
}

function columnOf(table: RawTable, role: string, name: string): RawColumn {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const columns = table.columns.map((candidate) => candidate.name);
  const separator = columns.length === 1 ? /[;\t|]/.exec(columns[0]!)?.[0] : undefined;
  const hint =
    separator === undefined
      ? ''
      : ` There is only one: cells may be separated by ${JSON.stringify(separator)}, to be set as delimiter.`;
  throw errors.DATA_COLUMN_UNKNOWN({ role, column: name, columns, hint });
}

function targetValues(target: EncodedTarget) {
  return target.kind === 'class'
    ? { type: 'int32' as const, fill: (view: ArrayLike<number>) => (view as Int32Array).set(target.codes) }
    : { type: 'float32' as const, fill: (view: ArrayLike<number>) => (view as Float32Array).set(target.values) };
}
