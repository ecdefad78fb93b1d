import { dateUnitOf } from './dates.js';
import { checkChoices, choiceFor, type EncodingChoices } from './encoders/choice.js';
import { type ColumnEncoding, encoderOf } from './encoders/index.js';
import type { RawColumn } from './raw-table.js';

/** How features are made from the columns of a table, in order. JSON, so that it is kept with a model. */
export interface TabularEncoder {
  readonly version: 2;
  /** Further texts that stood for a missing value in the training table. */
  readonly missing?: readonly string[] | undefined;
  /** Given where the training rows were delimited text without a header, as new ones then are. */
  readonly header?: false | undefined;
  readonly columns: readonly ColumnEncoding[];
}

/** A column that is encoded as numbers of categories. */
export interface CategoryColumn {
  readonly name: string;
  /** Numbers are 0 to `size` - 1; 0 stands for what is missing, or was not seen in training. */
  readonly size: number;
}

/**
 * Learns from the training rows alone how to encode each column, as chosen or by default.
 *
 * @throws DATA_COLUMN_UNKNOWN for a choice of a column that is not there, and the errors of encoders.
 */
export function fitEncoder(
  columns: readonly RawColumn[],
  trainRows: Int32Array,
  choices: EncodingChoices = {},
): TabularEncoder {
  checkChoices(
    choices,
    columns.map(({ name }) => name),
  );
  return { version: 2, columns: columns.map((column) => fitColumn(column, trainRows, choices)) };
}

/** The same for one column. */
export function fitColumn(column: RawColumn, trainRows: Int32Array, choices: EncodingChoices): ColumnEncoding {
  const choice = choiceFor(column, trainRows, choices);
  const unit = dateUnitOf(column);
  const read = unit === undefined ? { cells: column.kind } : { cells: column.kind, unit };
  return { ...encoderOf(choice.kind).fit(column, trainRows, choice), ...read };
}

/** Values a row that an encoding makes: features, or one number of a category. */
export function encodedWidth(encoding: ColumnEncoding): number {
  return encoding.kind === 'index' ? 1 : encoderOf(encoding.kind).names(encoding).length;
}

/** Names of the features, in order: `age`, `age is missing`, `colour=red`. */
export function featureNames({ columns }: TabularEncoder): string[] {
  return columns.flatMap((encoding) => encoderOf(encoding.kind).names(encoding));
}

/** Columns that are kept as numbers of categories, in order. */
export function categoryColumns({ columns }: TabularEncoder): CategoryColumn[] {
  return columns.flatMap((encoding) => {
    return encoding.kind === 'index' ? [{ name: encoding.column, size: encoding.categories.length + 1 }] : [];
  });
}

/**
 * Writes the features of `rows` into `out`, `[rows, features]`, which must be zeroed.
 *
 * @param columns of the table, in any order; they must include those that the encoder was fitted to
 * @throws DATA_ENCODER_INPUT for cells that an encoder cannot read.
 */
export function encodeFeatures(
  encoder: TabularEncoder,
  columns: readonly RawColumn[],
  rows: Int32Array,
  out: Float32Array,
): void {
  const encodings = encoder.columns.filter(({ kind }) => kind !== 'index');
  encode(encodings, columns, rows, { out, stride: featureNames(encoder).length });
}

/** Writes the numbers of categories of `rows` into `out`, `[rows, categories]`. */
export function encodeCategories(
  encoder: TabularEncoder,
  columns: readonly RawColumn[],
  rows: Int32Array,
  out: Uint8Array | Int32Array,
): void {
  const encodings = encoder.columns.filter(({ kind }) => kind === 'index');
  encode(encodings, columns, rows, { out, stride: encodings.length });
}

function encode(
  encodings: readonly ColumnEncoding[],
  columns: readonly RawColumn[],
  rows: Int32Array,
  { out, stride }: { readonly out: { [index: number]: number }; readonly stride: number },
): void {
  const byName = new Map(columns.map((column) => [column.name, column]));
  let feature = 0;
  for (const encoding of encodings) {
    const column = byName.get(encoding.column);
    if (column === undefined)
      throw new Error(`the encoder was fitted to column ${encoding.column}, which is not given`);
    const encoder = encoderOf(encoding.kind);
    encoder.write(encoding, column, { out, rows, stride, feature });
    feature += encodedWidth(encoding);
  }
}
