import { errors } from './errors.js';
import { TextDictionary } from './text-dictionary.js';

/** A column as it was read, before anything is encoded. */
export type RawColumn = RawNumberColumn | RawTextColumn;

export interface RawNumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** One value a row; NaN where it is missing. */
  readonly values: Float64Array;
  /** Given for dates and times: what the values count, since 1970-01-01 00:00 UTC; `duration`: seconds, since nothing. */
  readonly unit?: 'days' | 'seconds' | 'duration';
  /** Whether its source has whole numbers of 2^53 or more, which are the nearest double here: several may have become one. */
  readonly isRounded?: boolean;
}

export interface RawTextColumn {
  readonly kind: 'text';
  readonly name: string;
  /** One index into `texts` a row; -1 where it is missing. */
  readonly codes: Int32Array;
  /** Distinct texts, in order of appearance. */
  readonly texts: readonly string[];
  /** Whether `texts` stand in an order that means something, least first, as the source says. */
  readonly isOrdered?: boolean;
  /** Where some cells of the column were numbers: the first that is not, with its row, counted from 1. */
  readonly firstText?: { readonly text: string; readonly row: number };
}

/** Rows of a source, by column. Column names differ; every column has `rowCount` rows. */
export interface RawTable {
  /** Of the source, for messages. */
  readonly path: string;
  readonly rowCount: number;
  readonly columns: readonly RawColumn[];
}

/** Grows by doubling, so that reading n values costs O(n) whether or not n is known before. */
class GrowingArray<A extends Float64Array | Int32Array> {
  #values: A;
  #length = 0;

  constructor(
    private readonly create: (length: number) => A,
    capacity: number,
  ) {
    this.#values = create(Math.max(16, capacity));
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.create(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  /** The values, without the room to grow. */
  finish(): A {
    return this.#values.slice(0, this.#length) as A;
  }
}

/** Collects a column of numbers, row by row. */
export class NumberColumnBuilder {
  readonly #values: GrowingArray<Float64Array>;

  /** `capacity`: rows expected; more may come. */
  constructor(
    readonly name: string,
    capacity = 0,
  ) {
    this.#values = new GrowingArray((length) => new Float64Array(length), capacity);
  }

  get length(): number {
    return this.#values.length;
  }

  /** @throws DATA_NUMBER_NOT_FINITE for ±Infinity. NaN is a missing value. */
  push(value: number): void {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw errors.DATA_NUMBER_NOT_FINITE({ column: this.name, row: this.length + 1, value: String(value) });
    }
    this.#values.push(value);
  }

  pushMissing(): void {
    this.#values.push(Number.NaN);
  }

  finish(): RawNumberColumn {
    return { kind: 'number', name: this.name, values: this.#values.finish() };
  }
}

/** Collects a column of texts, row by row, each distinct text kept once. */
export class TextColumnBuilder {
  readonly #codes: GrowingArray<Int32Array>;
  readonly #dictionary = new TextDictionary();

  /** `capacity`: rows expected; more may come. */
  constructor(
    readonly name: string,
    capacity = 0,
  ) {
    this.#codes = new GrowingArray((length) => new Int32Array(length), capacity);
  }

  get length(): number {
    return this.#codes.length;
  }

  /** @returns whether the text is a new one. */
  push(text: string): boolean {
    const { length } = this.#dictionary.texts;
    this.#codes.push(this.#dictionary.codeOf(text));
    return this.#dictionary.texts.length > length;
  }

  pushMissing(): void {
    this.#codes.push(-1);
  }

  finish(firstText?: RawTextColumn['firstText']): RawTextColumn {
    const column = {
      kind: 'text',
      name: this.name,
      codes: this.#codes.finish(),
      texts: this.#dictionary.texts,
    } as const;
    return firstText === undefined ? column : { ...column, firstText };
  }
}

/**
 * Refuses names that would make a column impossible to name.
 *
 * @throws DATA_COLUMN_UNNAMED, DATA_COLUMN_DUPLICATE.
 */
export function checkColumnNames(path: string, names: readonly string[]): void {
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (name === '') throw errors.DATA_COLUMN_UNNAMED({ path, position: i + 1 });
    if (seen.has(name)) throw errors.DATA_COLUMN_DUPLICATE({ path, column: name });
    seen.add(name);
  });
}

/**
 * @throws DATA_COLUMN_UNKNOWN if one of the columns to leave out is not there.
 */
export function checkIgnored(ignored: readonly string[], columns: readonly string[]): void {
  for (const column of ignored) {
    if (!columns.includes(column)) throw errors.DATA_COLUMN_UNKNOWN({ role: 'ignored column', column, columns });
  }
}

/** What an error adds about a column of texts some cells of which are numbers. */
export function textExample(firstText: RawTextColumn['firstText']): { example?: string } {
  if (firstText === undefined) return {};
  const { text, row } = firstText;
  return { example: `; some of its cells are numbers, and the first that is not is "${text}" in row ${row}` };
}
