import { errors } from './errors.js';
import { momentsOf } from './moments.js';
import { type RawColumn, type RawNumberColumn, type RawTextColumn, textExample } from './raw-table.js';

/** How one column becomes features. JSON. */
type ColumnEncoding = NumberEncoding | CategoryEncoding;

interface NumberEncoding {
  readonly kind: 'number';
  readonly column: string;
  /** Of the training rows in which it is known; 0 when it is known in none. */
  readonly mean: number;
  /** Standard deviation (divided by n) of the same rows; 0 for a constant column, whose feature is 0 everywhere. */
  readonly deviation: number;
  /** Whether a second feature says 1 where the value is missing: when it is missing in some training row. */
  readonly hasMissing: boolean;
}

interface CategoryEncoding {
  readonly kind: 'category';
  readonly column: string;
  /** Those of the training rows, in order of code units; one feature each. */
  readonly categories: readonly string[];
}

/** How features are made from the columns of a table, in order. JSON, so that it can be kept with a model. */
export interface TabularEncoder {
  readonly version: 1;
  readonly columns: readonly ColumnEncoding[];
}

/** Categories that a column may have in the training rows. */
const categoryLimit = 64;

/**
 * Learns from the training rows alone how to encode each column: numbers are standardised, texts one-hot.
 *
 * @throws DATA_TOO_MANY_CATEGORIES if a column of texts has more than 64 categories in the training rows.
 */
export function fitEncoder(columns: readonly RawColumn[], trainRows: Int32Array): TabularEncoder {
  const fit = (column: RawColumn) =>
    column.kind === 'number' ? fitNumber(column, trainRows) : fitCategory(column, trainRows);
  return { version: 1, columns: columns.map(fit) };
}

function fitNumber({ name, values }: RawNumberColumn, rows: Int32Array): NumberEncoding {
  const { mean, deviation, count } = momentsOf(values, rows);
  return { kind: 'number', column: name, mean, deviation, hasMissing: count < rows.length };
}

function fitCategory({ name, codes, texts, firstText }: RawTextColumn, rows: Int32Array): CategoryEncoding {
  const seen = new Set<number>();
  for (const row of rows) seen.add(codes[row]!);
  const overflowed = seen.delete(-2);
  seen.delete(-1);
  if (seen.size > categoryLimit || overflowed) {
    const count = `${overflowed ? 'more than ' : ''}${seen.size}`;
    throw errors.DATA_TOO_MANY_CATEGORIES({ column: name, count, limit: categoryLimit, ...textExample(firstText) });
  }
  return { kind: 'category', column: name, categories: [...seen].map((code) => texts[code]!).sort() };
}

/** Names of the features, in order: `age`, `age is missing`, `colour=red`. */
export function featureNames(encoder: TabularEncoder): string[] {
  return encoder.columns.flatMap((encoding) => {
    if (encoding.kind === 'category') return encoding.categories.map((category) => `${encoding.column}=${category}`);
    return encoding.hasMissing ? [encoding.column, `${encoding.column} is missing`] : [encoding.column];
  });
}

/**
 * Writes the features of `rows` into `out`, `[rows, features]`, which must be zeroed. A number becomes (value − mean) /
 * deviation, 0 where it is missing or the column is constant; a text becomes 1 in its category's feature, and nothing
 * where it is missing or was not seen in training. `columns` must be those that the encoder was fitted to.
 */
export function encodeFeatures(
  encoder: TabularEncoder,
  columns: readonly RawColumn[],
  rows: Int32Array,
  out: Float32Array,
): void {
  const stride = featureNames(encoder).length;
  let feature = 0;
  encoder.columns.forEach((encoding, i) => {
    const column = columns[i]!;
    const place: Place = { out, rows, stride, feature };
    if (encoding.kind === 'number' && column.kind === 'number') feature += encodeNumber(encoding, column, place);
    else if (encoding.kind === 'category' && column.kind === 'text') feature += encodeCategory(encoding, column, place);
    else throw new Error(`column ${column.name} is not the one that the encoder was fitted to`);
  });
}

interface Place {
  readonly out: Float32Array;
  readonly rows: Int32Array;
  /** Features a row. */
  readonly stride: number;
  /** The first feature of the column. */
  readonly feature: number;
}

/** Returns how many features were written. */
function encodeNumber(
  encoding: NumberEncoding,
  column: RawNumberColumn,
  { out, rows, stride, feature }: Place,
): number {
  const { mean, deviation, hasMissing } = encoding;
  for (let i = 0; i < rows.length; i++) {
    const value = column.values[rows[i]!]!;
    const at = i * stride + feature;
    if (!Number.isNaN(value)) out[at] = deviation === 0 ? 0 : (value - mean) / deviation;
    else if (hasMissing) out[at + 1] = 1;
  }
  return hasMissing ? 2 : 1;
}

/** Returns how many features were written. */
function encodeCategory(
  encoding: CategoryEncoding,
  column: RawTextColumn,
  { out, rows, stride, feature }: Place,
): number {
  const featureOf = new Map(encoding.categories.map((category, i) => [category, i]));
  const featureOfCode = column.texts.map((text) => featureOf.get(text));
  for (let i = 0; i < rows.length; i++) {
    const within = featureOfCode[column.codes[rows[i]!]!];
    if (within !== undefined) out[i * stride + feature + within] = 1;
  }
  return encoding.categories.length;
}
