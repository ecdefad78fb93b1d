import { checkFeatures } from '../check-features.js';
import type { ColumnEncoding } from '../encoders/index.js';
import { errors } from '../errors.js';
import { encodeCategories, encodeFeatures, featureNames, type TabularEncoder } from '../feature-encoder.js';
import type { Preprocessing } from '../preprocessing.js';
import type { RawColumn } from '../raw-table.js';
import { MissingSpellings } from '../readers/csv/missing.js';
import { type Cell, numberOf, type RowChunk, textOf } from './cells.js';

/** Rows as a model takes them. */
export interface EncodedRows {
  readonly rowCount: number;
  /** `[rows, …shape]`; int32 where they are indices into a vocabulary. */
  readonly x: Float32Array | Int32Array;
  /** `[rows, categories]`, where the model has that input. */
  readonly categories?: Int32Array;
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

  /** @throws DATA_ROW_COLUMNS if columns are not there, DATA_ROW_CELL, DATA_ROW_SHAPE, DATA_NUMBER_NOT_FINITE */
  encode(chunk: RowChunk): EncodedRows {
    const { encoder } = this.preprocessing;
    return encoder === undefined ? this.#encodeRaw(chunk) : this.#encodeTable(chunk, encoder);
  }

  #encodeTable(chunk: RowChunk, encoder: TabularEncoder): EncodedRows {
    const { rowCount, firstRow } = chunk;
    checkColumns(chunk, encoder);
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

  #column({ columns, units, firstRow, rowCount }: RowChunk, encoding: ColumnEncoding): RawColumn {
    const { column: name, cells: kind, unit } = encoding;
    // JSON lines may lack it for a while
    const cells = columns.get(name) ?? new Array<Cell>(rowCount).fill(null);
    if (kind === 'number') {
      const reading = { missing: this.#missing, unit, given: units?.get(name) };
      const values = Float64Array.from(cells, (cell, i) =>
        numberOf(cell, { column: name, row: firstRow + i }, reading),
      );
      return { kind, name, values, ...(unit === undefined ? {} : { unit }) };
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

  /** Rows that are no rows of a table: each has its values in `x`, nested or not. */
  #encodeRaw({ columns, firstRow, rowCount }: RowChunk): EncodedRows {
    const { shape, scale, offset, vocabulary } = this.preprocessing.features;
    const cells = columns.get('x');
    if (cells === undefined) throw errors.DATA_ROW_COLUMNS({ missing: ['x'], given: [...columns.keys()] });
    const width = shape.reduce((a, b) => a * b, 1);
    const numberOfToken = vocabulary && new Map(vocabulary.map((token, index) => [token, index]));
    const x = vocabulary ? new Int32Array(rowCount * width) : new Float32Array(rowCount * width);
    for (const [i, cell] of cells.entries()) {
      const place = { column: 'x', row: firstRow + i };
      const values = numberOfToken ? tokens(cell, numberOfToken, place.row) : flat(cell);
      if (values.length !== width) throw errors.DATA_ROW_SHAPE({ row: place.row, count: values.length, shape });
      for (const [j, value] of values.entries()) {
        const number = numberOf(value, place, { missing: this.#missing });
        x[i * width + j] = vocabulary ? number : number * scale + offset;
      }
    }
    return { rowCount, x };
  }
}

function flat(cell: Cell): Cell[] {
  return Array.isArray(cell) ? (cell.flat(8) as Cell[]) : [cell];
}

/** Characters of a text, or tokens, or their numbers. */
function tokens(cell: Cell, numberOfToken: ReadonlyMap<string, number>, row: number): Cell[] {
  const list = typeof cell === 'string' ? [...cell] : flat(cell);
  return list.map((token) => {
    const index = typeof token === 'string' ? numberOfToken.get(token) : Number(token);
    if (index !== undefined && Number.isInteger(index) && index >= 0 && index < numberOfToken.size) return index;
    const must = `a token of the vocabulary or its number, below ${numberOfToken.size}`;
    throw errors.DATA_ROW_CELL({ column: 'x', row, must, given: JSON.stringify(token) });
  });
}

/** By the first rows. */
function checkColumns({ columns, firstRow }: RowChunk, encoder: TabularEncoder): void {
  if (firstRow > 1) return;
  const missing = encoder.columns.map(({ column }) => column).filter((column) => !columns.has(column));
  if (missing.length === 0) return;
  throw errors.DATA_ROW_COLUMNS({ missing, given: [...columns.keys()] });
}
