import { isUtf8 } from 'node:buffer';
import { errors } from '../errors.js';
import {
  checkIgnored,
  NumberColumnBuilder,
  type RawColumn,
  type RawNumberColumn,
  type RawTable,
  TextColumnBuilder,
} from '../raw-table.js';
import { BlockMemory, cutIntoBlocks } from './csv/blocks.js';
import { encodingError } from './csv/encoding.js';
import { dateOnly, inUnit, readIsoDate } from './csv/iso-date.js';
import { openUtf8, textFile } from './csv/text-source.js';
import { dataFileSize } from './data-file.js';
import { parseJsonExactly } from './json-integers.js';
import { MemoryLimit } from './memory-limit.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

/** Bytes of a line. */
const lineLimit = 32 << 20;

/** What a row takes in a column: a number and the code of a text, each with room to grow. */
const bytesOfRow = 24;

/** Roughly what a column takes that has no rows. */
const bytesOfColumn = 1024;

/**
 * Reads JSON lines: one object a line; blank lines are skipped; compressed if the name ends in `.gz` or `.zst`. Columns are all keys,
 * in order of appearance; a key that a line lacks, and `null`, are missing. A column of numbers is a number, one of ISO dates is a date,
 * booleans and strings are texts; where they are mixed, all are texts, as JSON writes them.
 *
 * @throws DATA_JSON_MALFORMED; DATA_COLUMN_TYPE for a column that has objects or arrays.
 */
export const readJsonLines: TableReader = async (path, options) => {
  const columns = new Map<string, JsonColumn>();
  const ignored = new Set(options.ignore);
  const limit = new MemoryLimit(path, options.memoryLimitBytes);
  const seen = new Set<string>();
  let rowCount = 0;
  await forEachObject(path, options, (row) => {
    for (const name of Object.keys(row)) {
      const value = row[name];
      seen.add(name);
      if (ignored.has(name)) continue;
      let column = columns.get(name);
      if (column === undefined) {
        limit.take(bytesOfColumn + rowCount * bytesOfRow);
        column = new JsonColumn(path, name, limit, options.texts?.includes(name) === true);
        columns.set(name, column);
      }
      column.push(rowCount, value);
    }
    rowCount++;
    limit.take(columns.size * bytesOfRow);
    if (rowCount % 1000 === 0) options.onRows?.(rowCount);
    return true;
  });
  if (rowCount === 0) throw errors.DATA_NO_ROWS({ path });
  checkIgnored(options.ignore, [...seen]);
  const table: RawTable = { path, rowCount, columns: [...columns.values()].map((column) => column.finish(rowCount)) };
  return table;
};

/** Keys of the first object. */
export async function jsonLinesColumnNames(path: string): Promise<string[]> {
  let names: string[] = [];
  await forEachObject(path, { ignore: [] }, (row) => {
    names = Object.keys(row);
    return false;
  });
  return names;
}

/** Keys of all objects, in order of appearance: the columns of the table that `readJsonLines` makes. */
export async function everyJsonLinesName(path: string, options: Partial<TableReadOptions>): Promise<string[]> {
  const names = new Set<string>();
  await forEachObject(path, { ignore: [], ...options }, (row) => {
    for (const name of Object.keys(row)) names.add(name);
    return true;
  });
  return [...names];
}

/** Calls `take` with each object, until it returns false. */
async function forEachObject(
  path: string,
  options: TableReadOptions,
  take: (row: Readonly<Record<string, unknown>>) => boolean,
): Promise<void> {
  const text = await openUtf8(textFile(path, await dataFileSize(path)), options.encoding);
  const tooLong = () =>
    errors.DATA_JSON_MALFORMED({ path, line: 1, reason: `a line has more than ${lineLimit} bytes` });
  let line = 0;
  const memory = new BlockMemory();
  for await (const { bytes } of cutIntoBlocks(text.chunks, 10, lineLimit, tooLong, undefined, memory)) {
    if (!isUtf8(bytes)) throw encodingError(path, `has bytes that are not UTF-8 from line ${line + 1} on`);
    const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let start = 0; start < block.length; ) {
      const end = block.indexOf(10, start);
      const json = block.toString('utf8', start, end).trim();
      line++;
      start = end + 1;
      if (json !== '' && !take(parsed(path, line, json))) return;
    }
    memory.give(bytes);
  }
}

function parsed(path: string, line: number, json: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJsonExactly(json);
  } catch (cause) {
    throw errors.DATA_JSON_MALFORMED({ path, line, reason: (cause as Error).message.slice(0, 100) }, cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw errors.DATA_JSON_MALFORMED({ path, line, reason: `it is ${JSON.stringify(value).slice(0, 40)}` });
}

type Scalar = string | number | boolean | bigint;

/** Numbers until the first text comes; from then on texts, too, since numbers beside texts are texts. */
class JsonColumn {
  readonly #numbers: NumberColumnBuilder;
  #texts: TextColumnBuilder | undefined;
  #hasNumbers = false;
  #firstText: { text: string; row: number } | undefined;
  /** By their rows: numbers that are rounded, as they are spelt, in case that texts follow. */
  readonly #rounded = new Map<number, string>();

  /** @param isText whether it is one of texts from its first row on */
  constructor(
    private readonly path: string,
    private readonly name: string,
    private readonly limit: MemoryLimit,
    isText: boolean,
  ) {
    this.#numbers = new NumberColumnBuilder(name);
    if (isText) this.#texts = new TextColumnBuilder(name);
  }

  push(row: number, value: unknown): void {
    this.#fill(row);
    if (value === null) this.#pushMissing();
    else if (typeof value === 'object') {
      const type = Array.isArray(value) ? 'array (nested)' : 'object (nested)';
      throw errors.DATA_COLUMN_TYPE({ path: this.path, column: this.name, type });
    } else this.#pushScalar(row, value as Scalar);
  }

  finish(rowCount: number): RawColumn {
    this.#fill(rowCount);
    if (this.#texts === undefined) {
      return this.#rounded.size === 0 ? this.#numbers.finish() : { ...this.#numbers.finish(), isRounded: true };
    }
    const texts = this.#texts.finish(this.#hasNumbers ? this.#firstText : undefined);
    return this.#hasNumbers ? texts : (dates(texts) ?? texts);
  }

  #pushScalar(row: number, value: Scalar): void {
    if (typeof value === 'number' || typeof value === 'bigint') {
      this.#hasNumbers = true;
      this.#numbers.push(Number(value));
      if (typeof value === 'bigint' && this.#texts === undefined) {
        this.limit.takeTexts(1, String(value).length);
        this.#rounded.set(row, String(value));
      }
    } else {
      this.#texts ??= this.#spelt();
      this.#firstText ??= { text: String(value), row: row + 1 };
      this.#numbers.pushMissing();
    }
    if (this.#texts?.push(String(value))) this.limit.takeTexts(1, String(value).length);
  }

  /** The rows so far as texts, as JSON writes them. */
  #spelt(): TextColumnBuilder {
    const texts = new TextColumnBuilder(this.name);
    for (const [row, value] of this.#numbers.finish().values.entries()) {
      if (Number.isNaN(value)) texts.pushMissing();
      else texts.push(this.#rounded.get(row) ?? String(value));
    }
    return texts;
  }

  #pushMissing(): void {
    this.#numbers.pushMissing();
    this.#texts?.pushMissing();
  }

  /** Rows before `row` that lack the key. */
  #fill(row: number): void {
    while (this.#numbers.length < row) this.#pushMissing();
  }
}

/** The column as dates, if all its texts are; `undefined` otherwise. */
function dates(column: Extract<RawColumn, { kind: 'text' }>): RawNumberColumn | undefined {
  const sink = { seconds: 0 };
  const seconds: number[] = [];
  let daysOnly = true;
  for (const text of column.texts) {
    const bytes = Buffer.from(text);
    const what = readIsoDate(bytes, 0, bytes.length, sink);
    if (what === 0) return undefined;
    if (what !== dateOnly) daysOnly = false;
    seconds.push(sink.seconds);
  }
  const unit = daysOnly ? 'days' : 'seconds';
  const values = Float64Array.from(column.codes, (code) => (code === -1 ? Number.NaN : inUnit(seconds[code]!, unit)));
  return { kind: 'number', name: column.name, values, unit };
}
