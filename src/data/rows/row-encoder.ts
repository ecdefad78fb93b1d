import { checkFeatures } from '../check-features.js';
import type { ColumnEncoding } from '../encoders/index.js';
import { errors } from '../errors.js';
import { encodeCategories, encodeFeatures, featureNames, type TabularEncoder } from '../feature-encoder.js';
import type { Preprocessing } from '../preprocessing.js';
import type { RawColumn } from '../raw-table.js';
import { MissingSpellings } from '../readers/csv/missing.js';
import type { SeriesWindows } from '../shared-dataset.js';
import { type Cell, numberOf, type RowChunk, textOf } from './cells.js';
import { tokenCodes } from './token-codes.js';

/** Rows as a model takes them. */
export interface EncodedRows {
  readonly rowCount: number;
  /** `[rows, …shape]`; int32 where they are indices into a vocabulary. */
  readonly x: Float32Array | Int32Array;
  /** `[rows, categories]`, where the model has that input. */
  readonly categories?: Int32Array;
  /** Tokens of each row, where `x` is tokens: behind them it is filled up with token 0. */
  readonly lengths?: Int32Array;
}

/** Categories that were not seen in training, of one column. */
export interface Unseen {
  readonly column: string;
  readonly rows: number;
  /** The first one. */
  readonly example: string;
}

/** Encodes new rows as the training rows were. */
export class RowEncoder {
  readonly #unseen = new Map<string, { rows: number; example: string }>();

  readonly #missing: MissingSpellings;

  constructor(private readonly preprocessing: Preprocessing) {
    this.#missing = new MissingSpellings(preprocessing.encoder?.missing ?? []);
  }

  /** Columns whose texts were not seen in training, so far. Their rows are encoded as the column's encoder says. */
  get unseen(): Unseen[] {
    return [...this.#unseen].map(([column, seen]) => ({ column, ...seen }));
  }

  /**
   * A chunk of a series is one window, and gives one row.
   *
   * @throws DATA_ROW_COLUMNS if columns are not there, DATA_ROW_CELL, DATA_ROW_SHAPE, DATA_NUMBER_NOT_FINITE
   */
  encode(chunk: RowChunk): EncodedRows {
    const { encoder, series, features } = this.preprocessing;
    if (encoder !== undefined) return this.#encodeTable(chunk, encoder);
    if (series !== undefined) return encodeWindow(chunk, series, this.#missing);
    const cells = chunk.columns.get('x');
    if (cells === undefined) throw errors.DATA_ROW_COLUMNS({ missing: ['x'], given: [...chunk.columns.keys()] });
    if (features.vocabulary !== undefined) return encodeTokens(cells, chunk, features.shape, features.vocabulary);
    return encodeValues(cells, chunk, features, this.#missing);
  }

  #encodeTable(chunk: RowChunk, encoder: TabularEncoder): EncodedRows {
    const { rowCount, firstRow } = chunk;
    const wanted = encoder.columns.map(({ column }) => column);
    // by the first rows
    if (firstRow === 1) checkColumns(chunk, wanted);
    const columns = encoder.columns.map((encoding) => this.#column(chunk, encoding));
    const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
    const names = featureNames(encoder);
    const width = this.preprocessing.features.shape.reduce((a, b) => a * b, 1);
    const x = new Float32Array(rowCount * width);
    if (names.length === 0) x.fill(1);
    else encodeFeatures(encoder, columns, rows, x);
    checkFeatures(x, this.preprocessing.features.names ?? names, (row) => firstRow + row);
    const { categories } = this.preprocessing;
    if (categories === undefined) return { rowCount, x };
    const numbers = new Int32Array(rowCount * categories.names.length);
    encodeCategories(encoder, columns, rows, numbers);
    return { rowCount, x, categories: numbers };
  }

  #column({ columns, units, decimal, firstRow, rowCount }: RowChunk, encoding: ColumnEncoding): RawColumn {
    const { column: name, cells: kind, unit } = encoding;
    // JSON lines may lack it for a while
    const cells = columns.get(name) ?? new Array<Cell>(rowCount).fill(null);
    if (kind === 'number') {
      const reading = { missing: this.#missing, unit, given: units?.get(name), decimal };
      const values = Float64Array.from(cells, (cell, i) =>
        numberOf(cell, { column: name, row: firstRow + i }, reading),
      );
      return unit === undefined ? { kind, name, values } : { kind, name, values, unit };
    }
    const texts = cells.map((cell, i) => textOf(cell, { column: name, row: firstRow + i }));
    this.#note(encoding, texts);
    const distinct = [...new Set(texts.filter((text) => text !== null))];
    const codeOf = new Map<string | null, number>(distinct.map((text, code) => [text, code]));
    return { kind, name, texts: distinct, codes: Int32Array.from(texts, (text) => codeOf.get(text) ?? -1) };
  }

  #note(encoding: ColumnEncoding, texts: readonly (string | null)[]): void {
    const known = 'categories' in encoding ? encoding.categories : 'order' in encoding ? encoding.order : undefined;
    if (known === undefined) return;
    const seen = new Set(known);
    const strange = texts.filter((text) => text !== null && !seen.has(text));
    if (strange.length === 0) return;
    const before = this.#unseen.get(encoding.column);
    const example = before?.example ?? strange[0]!;
    this.#unseen.set(encoding.column, { rows: (before?.rows ?? 0) + strange.length, example });
  }
}

/** Rows that are no rows of a table: each has its values in `x`, nested or not. */
function encodeValues(
  cells: readonly Cell[],
  { firstRow, rowCount, decimal }: RowChunk,
  { shape, scale, offset }: Preprocessing['features'],
  missing: MissingSpellings,
): EncodedRows {
  const width = shape.reduce((a, b) => a * b, 1);
  const x = new Float32Array(rowCount * width);
  for (const [i, cell] of cells.entries()) {
    const place = { column: 'x', row: firstRow + i };
    const values = flat(cell);
    if (values.length !== width) throw errors.DATA_ROW_SHAPE({ row: place.row, count: values.length, shape });
    for (let j = 0; j < width; j++)
      x[i * width + j] = numberOf(values[j]!, place, { missing, decimal }) * scale + offset;
  }
  return { rowCount, x };
}

function flat(cell: Cell): Uint8Array | Cell[] {
  if (cell instanceof Uint8Array) return cell;
  return Array.isArray(cell) ? (cell.flat(8) as Cell[]) : [cell];
}

function checkColumns({ columns }: RowChunk, wanted: readonly string[]): void {
  const missing = wanted.filter((column) => !columns.has(column));
  if (missing.length === 0) return;
  throw errors.DATA_ROW_COLUMNS({ missing, given: [...columns.keys()] });
}

/** One row: as many times as a forecast reads. */
function encodeWindow(chunk: RowChunk, { columns }: SeriesWindows, missing: MissingSpellings): EncodedRows {
  const { rowCount: times, firstRow, decimal } = chunk;
  checkColumns(
    chunk,
    columns.map(({ column }) => column),
  );
  const x = new Float32Array(times * columns.length);
  for (const [index, { column, mean, deviation }] of columns.entries()) {
    for (const [time, cell] of chunk.columns.get(column)!.entries()) {
      const place = { column, row: firstRow + time };
      const value = numberOf(cell, place, { missing, decimal });
      if (Number.isNaN(value)) throw errors.DATA_ROW_CELL({ ...place, must: 'a number at every time', given: 'none' });
      x[time * columns.length + index] = (value - mean) / deviation;
    }
  }
  const names = columns.map(({ column }) => column);
  checkFeatures(x, names, (time) => firstRow + time);
  return { rowCount: 1, x };
}

/** The last tokens of each row, as many as a model reads, or fewer. */
function encodeTokens(
  cells: readonly Cell[],
  { firstRow, rowCount }: RowChunk,
  shape: readonly number[],
  vocabulary: readonly string[],
): EncodedRows {
  const context = shape.reduce((a, b) => a * b, 1);
  const x = new Int32Array(rowCount * context);
  const codes = cells.map((cell, i) => tokenCodes(cell, vocabulary, firstRow + i));
  const lengths = Int32Array.from(codes, (row) => Math.min(row.length, context));
  for (const [i, row] of codes.entries()) {
    if (row.length === 0) throw errors.DATA_ROW_SHAPE({ row: firstRow + i, count: 0, shape });
    x.set(row.slice(-context), i * context);
  }
  return { rowCount, x, lengths };
}
