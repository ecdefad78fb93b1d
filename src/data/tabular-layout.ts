/** How a data set of a table is divided, and what its columns are: the same whether the table is in memory or not. */
import type { EncodingChoices } from './encoders/choice.js';
import { errors } from './errors.js';
import { categoryColumns, featureNames, type TabularEncoder } from './feature-encoder.js';
import { momentsOf } from './moments.js';
import type { RawColumn } from './raw-table.js';
import type { SharedColumn, SharedDataset } from './shared-dataset.js';
import type { SplitRows } from './shared-layout.js';
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

/** How the training rows were read, as far as new rows have to be read the same way: kept with the encoder. */
export function readAs({ missing, header }: TabularOptions): Pick<TabularEncoder, 'missing' | 'header'> {
  return { ...(missing === undefined ? {} : { missing }), ...(header === undefined ? {} : { header }) };
}

/** Rows of a table that have a target, and how they are divided. */
export interface DividedRows {
  readonly target: EncodedTarget;
  readonly splits: SplitRows;
  /** Numbers of the training rows in the table, ascending. */
  readonly trainRows: Int32Array;
  /** Names of the columns that features are made of, in order. */
  readonly features: readonly string[];
}

/** Columns that have to be read before anything is encoded: the target, and what splits go by. */
export function dividingColumns(names: readonly string[], { target, splits }: TabularOptions): string[] {
  const rule = splits.rule?.column;
  checkColumn(names, 'target', target);
  if (rule !== undefined) checkColumn(names, 'column to split by', rule);
  return rule === undefined || rule === target ? [target] : [target, rule];
}

/**
 * Divides a table's rows, those without a target left out.
 *
 * @param names of the table's columns, in order
 * @param columnOf gives a column of {@link dividingColumns}
 * @throws DATA_COLUMN_UNKNOWN, and the errors of targets and splits
 */
export function divideRows(
  names: readonly string[],
  columnOf: (name: string) => RawColumn,
  options: TabularOptions,
): DividedRows {
  const { splits: plan, encoding = {} } = options;
  dividingColumns(names, options);
  const target = encodeTarget(columnOf(options.target), options.task);
  const rule = plan.rule?.column;
  const classes = target.kind === 'class' ? { codes: target.codes, names: target.classes } : undefined;
  const splitBy = rule === undefined ? undefined : pickRows(columnOf(rule), target.rows);
  const splits = splitRows(target.rows.length, plan, classes, splitBy);
  const unnamed = Object.hasOwn(encoding.encode ?? {}, rule ?? '') ? undefined : rule;
  return {
    target,
    splits,
    trainRows: splits.train.map((row) => target.rows[row]!),
    features: names.filter((name) => name !== options.target && name !== unnamed),
  };
}

/** A column with some of its rows alone, in the order given. */
function pickRows(column: RawColumn, rows: Int32Array): RawColumn {
  if (column.kind === 'number') return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
  return { ...column, codes: rows.map((row) => column.codes[row]!) };
}

type ColumnShape = Pick<SharedColumn, 'name' | 'type' | 'rowShape'>;

/** The columns that hold features. */
export interface TabularColumns {
  readonly x: ColumnShape;
  /** Given where some columns are kept as numbers of categories. */
  readonly indices?: ColumnShape;
  /** Of the features in `x`. */
  readonly names: readonly string[];
  /** Whether `x` is 1 everywhere, since all columns are kept as numbers of categories. */
  readonly isConstant: boolean;
}

/** The name of the one feature of a table all of whose columns are kept as numbers of categories. */
const onlyFeature = 'constant';

/** @throws DATA_NO_FEATURES */
export function tabularColumns(encoder: TabularEncoder, target: string): TabularColumns {
  const encoded = featureNames(encoder);
  const sizes = categoryColumns(encoder).map(({ size }) => size);
  if (encoded.length + sizes.length === 0) throw errors.DATA_NO_FEATURES({ target });
  const isConstant = encoded.length === 0;
  const names = isConstant ? [onlyFeature] : encoded;
  const x = { name: 'x', type: 'float32', rowShape: [names.length] } as const;
  if (sizes.length === 0) return { x, names, isConstant };
  const type = sizes.every((size) => size <= 256) ? 'uint8' : 'int32';
  return { x, names, isConstant, indices: { name: 'categories', type, rowShape: [sizes.length] } };
}

/** What a data set of a table says of itself, beside its columns and splits. */
export function describeTabular({ target, splits }: DividedRows, encoder: TabularEncoder, options: TabularOptions) {
  const { names } = tabularColumns(encoder, options.target);
  const categories = categoryColumns(encoder);
  const described = {
    column: 'categories',
    names: categories.map(({ name }) => name),
    sizes: categories.map(({ size }) => size),
  };
  return {
    name: options.name,
    rowCount: target.rows.length,
    features: { column: 'x', scale: 1, offset: 0, names },
    ...(categories.length === 0 ? {} : { categories: described }),
    target: { ...describeTarget(target, splits.train), label: options.target },
    encoder,
  } satisfies Partial<SharedDataset>;
}

/** The column of the target: int32 classes or float32 numbers. */
export function targetColumn({ kind }: EncodedTarget): ColumnShape {
  return { name: 'y', type: kind === 'class' ? 'int32' : 'float32', rowShape: [] };
}

export function targetValues(target: EncodedTarget): Int32Array | Float32Array {
  return target.kind === 'class' ? target.codes : target.values;
}

function describeTarget(target: EncodedTarget, trainRows: Int32Array) {
  if (target.kind === 'class') return { column: 'y', kind: 'class', classes: target.classes } as const;
  const { mean, deviation } = momentsOf(target.values, trainRows);
  // what models scale their predictions by
  return { column: 'y', kind: 'number', mean, deviation: deviation === 0 ? 1 : deviation } as const;
}

function checkColumn(columns: readonly string[], role: string, name: string): void {
  if (columns.includes(name)) return;
  const separator = columns.length === 1 ? /[;\t|]/.exec(columns[0]!)?.[0] : undefined;
  const hint =
    separator === undefined
      ? ''
      : ` There is only one: cells may be separated by ${JSON.stringify(separator)}, to be set as delimiter.`;
  throw errors.DATA_COLUMN_UNKNOWN({ role, column: name, columns, hint });
}
