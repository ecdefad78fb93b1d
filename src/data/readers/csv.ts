import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { errors } from '../errors.js';
import {
  checkColumnNames,
  checkIgnored,
  NumberColumnBuilder,
  type RawColumn,
  type RawTable,
  TextColumnBuilder,
} from '../raw-table.js';
import { dataFileSize } from './data-file.js';
import { progressInterval, type TableReader, type TableReadOptions } from './table-reader.js';
import { checkedUtf8 } from './utf8.js';

/** Cells that are read as missing, beside empty ones. Any other text is a text, and so are `None` and `?`. */
const missingCells: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL']);

function isMissing(cell: string): boolean {
  return missingCells.has(cell.trim());
}

const decimalNumber = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const infinity = /^\s*[+-]?inf(inity)?\s*$/i;

/**
 * Reads delimited text (RFC 4180; UTF-8 with or without a byte order mark; a header; cells may be quoted; blank lines
 * are skipped; spaces around cells are not part of them, unless they are quoted; gzipped if the name ends in `.gz`). A column all of whose cells
 * are decimal numbers or missing is a number; any other is text, read as it is written. Rows are not kept: memory is what
 * the columns take (8 bytes a number, 4 a text).
 */
export const readCsv: TableReader = async (path, options) => {
  await dataFileSize(path);
  return parseCsv(path, () => openFile(path), options);
};

/** The same, of text that has been read (and decompressed) already; `path` is for messages. */
export function readCsvBytes(path: string, bytes: Uint8Array, options: TableReadOptions): Promise<RawTable> {
  return parseCsv(path, () => Readable.from([bytes]), options);
}

/** Names in the header. */
export async function csvColumnNames(path: string): Promise<string[]> {
  const parser = parse({ ...syntax(delimiterOf(path, {})), to: 1 });
  const bytes = checkedUtf8(path, openFile(path) as AsyncIterable<Uint8Array>);
  try {
    for await (const record of Readable.from(bytes).pipe(parser)) return record as string[];
  } catch (cause) {
    throw readable(path, cause);
  }
  return [];
}

function openFile(path: string): NodeJS.ReadableStream {
  const stream = createReadStream(path, { highWaterMark: 2 ** 18 });
  if (!/\.gz$/i.test(path)) return stream;
  const plain = createGunzip();
  // `pipe` does not pass errors on.
  stream.on('error', (error) => plain.destroy(error));
  return stream.pipe(plain);
}

async function parseCsv(
  path: string,
  open: () => AsyncIterable<unknown>,
  options: TableReadOptions,
): Promise<RawTable> {
  const first = await readOnce(path, open(), options, new Set());
  const lost = first.columns.filter((column) => column.lostTexts).map((column) => column.name);
  // Numbers were kept as numbers until a text came: "01" is not 1. It is rare, and cheaper to read again than to keep
  // every cell's text.
  const { columns, rowCount } = lost.length === 0 ? first : await readOnce(path, open(), options, new Set(lost));
  if (rowCount === 0) throw errors.DATA_NO_ROWS({ path });
  const firstTexts = new Map(first.columns.map((column) => [column.name, column.firstText]));
  return { path, rowCount, columns: columns.map((column) => column.finish(firstTexts.get(column.name))) };
}

interface CsvTable {
  readonly columns: readonly CsvColumn[];
  readonly rowCount: number;
}

async function readOnce(
  path: string,
  bytes: AsyncIterable<unknown>,
  options: TableReadOptions,
  asText: ReadonlySet<string>,
): Promise<CsvTable> {
  let columns: (CsvColumn | undefined)[] | undefined;
  let rowCount = 0;
  const take = (cells: readonly string[]): void => {
    if (columns === undefined) {
      columns = openColumns(path, cells, options.ignore, asText);
      return;
    }
    for (let i = 0; i < cells.length; i++) columns[i]?.push(cells[i]!);
    rowCount++;
    if (rowCount % progressInterval === 0) options.onRows?.(rowCount);
  };
  await parseRecords(path, bytes, delimiterOf(path, options), take);
  if (columns === undefined) throw errors.DATA_NO_ROWS({ path });
  return { columns: columns.filter((column) => column !== undefined), rowCount };
}

function openColumns(path: string, header: readonly string[], ignore: readonly string[], asText: ReadonlySet<string>) {
  checkColumnNames(path, header);
  checkIgnored(ignore, header);
  return header.map((name) => (ignore.includes(name) ? undefined : new CsvColumn(name, asText.has(name))));
}

function delimiterOf(path: string, { delimiter }: Partial<TableReadOptions>): string {
  return delimiter ?? (/\.tsv(\.gz)?$/i.test(path) ? '\t' : ',');
}

function syntax(delimiter: string) {
  return { bom: true, delimiter, skip_empty_lines: true, trim: true };
}

async function parseRecords(
  path: string,
  bytes: AsyncIterable<unknown>,
  delimiter: string,
  take: (cells: readonly string[]) => void,
): Promise<void> {
  const parser = parse({
    ...syntax(delimiter),
    // Records are taken here and never queued.
    on_record: (cells: string[]) => {
      take(cells);
      return null;
    },
  });
  parser.resume();
  try {
    await pipeline(Readable.from(checkedUtf8(path, bytes as AsyncIterable<Uint8Array>)), parser);
  } catch (cause) {
    throw readable(path, cause);
  }
}

function readable(path: string, cause: unknown): unknown {
  if (cause instanceof CsvError) return errors.DATA_CSV_MALFORMED({ path, reason: cause.message }, cause);
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code?.startsWith('Z_')) {
    return errors.DATA_CSV_MALFORMED({ path, reason: `its gzip data are damaged or cut off (${message})` }, cause);
  }
  return cause;
}

/** A number column until a cell is neither a number nor missing, then a text column. */
class CsvColumn {
  #numbers: NumberColumnBuilder | undefined;
  #texts: TextColumnBuilder | undefined;
  #numberCount = 0;
  firstText: { readonly text: string; readonly row: number } | undefined;

  constructor(
    readonly name: string,
    asText: boolean,
  ) {
    if (asText) this.#texts = new TextColumnBuilder(name);
    else this.#numbers = new NumberColumnBuilder(name);
  }

  /** Whether numbers came before the first text, whose spelling is lost. */
  get lostTexts(): boolean {
    return this.#texts !== undefined && this.#numberCount > 0;
  }

  push(cell: string): void {
    if (this.#texts !== undefined) this.#pushText(this.#texts, cell);
    else this.#pushNumber(this.#numbers!, cell);
  }

  finish(firstText: CsvColumn['firstText']): RawColumn {
    return this.#texts?.finish(firstText) ?? this.#numbers!.finish();
  }

  #pushText(texts: TextColumnBuilder, cell: string): void {
    if (isMissing(cell)) texts.pushMissing();
    else texts.push(cell);
  }

  #pushNumber(numbers: NumberColumnBuilder, cell: string): void {
    if (decimalNumber.test(cell) || infinity.test(cell)) {
      numbers.push(infinity.test(cell) ? Number.POSITIVE_INFINITY : Number(cell));
      this.#numberCount++;
    } else if (isMissing(cell)) {
      numbers.pushMissing();
    } else {
      this.#becomeText(numbers.length, cell);
    }
  }

  #becomeText(rowsBefore: number, cell: string): void {
    this.#numbers = undefined;
    this.#texts = new TextColumnBuilder(this.name);
    if (this.#numberCount > 0) {
      this.firstText = { text: cell, row: rowsBefore + 1 };
      return;
    }
    for (let row = 0; row < rowsBefore; row++) this.#texts.pushMissing();
    this.#texts.push(cell);
  }
}
