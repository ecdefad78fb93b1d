import { isAscii, isUtf8 } from 'node:buffer';
import { errors } from '../errors.js';
import { checkColumnNames, checkIgnored, type RawTable } from '../raw-table.js';
import type { BlockColumn, ColumnPlan } from './csv/block-column.js';
import { cutIntoBlocks, joined, type TextBlock } from './csv/blocks.js';
import { type Dialect, dialectOf } from './csv/dialect.js';
import { censusOf, type Encoding, encodingError } from './csv/encoding.js';
import { firstTextOf, kindOf, mergeColumn } from './csv/merge-columns.js';
import { OrderedBlocks } from './csv/ordered-blocks.js';
import { type BlockSyntax, type ParsedBlock, parseBlock, parseHeader } from './csv/parse-block.js';
import { openUtf8, type TextSource, textBytes, textFile } from './csv/text-source.js';
import { dataFileSize } from './data-file.js';
import { bytesOfText, MemoryLimit } from './memory-limit.js';
import { defaultThreads, ReadPool } from './read-pool.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

/** Bytes of text from which it is worth starting threads. */
const threadsFrom = 12 << 20;

/** Bytes of a record: what is longer is a quote that nobody closed, or no text. */
const recordLimit = 16 << 20;

/**
 * Reads delimited text (RFC 4180; a header; cells may be quoted; blank lines are skipped; spaces around cells are not part of
 * them, unless they are quoted; UTF-8, UTF-16 or Windows-1252; compressed if the name ends in `.gz` or `.zst`). A column all of whose cells
 * are decimal numbers or missing is a number, one of ISO dates is a date; any other is text, read as it is written. Memory is
 * what the columns take (8 bytes a number, 4 a text), and the few blocks under way.
 */
export const readCsv: TableReader = async (path, options) =>
  readText(textFile(path, await dataFileSize(path)), options);

/** The same, of text that has been read (and decompressed) already; `path` is for messages. */
export function readCsvBytes(path: string, bytes: Uint8Array, options: TableReadOptions): Promise<RawTable> {
  return readText(textBytes(path, bytes), options);
}

/** Names in the header. */
export async function csvColumnNames(path: string, options: Partial<TableReadOptions> = {}): Promise<string[]> {
  const text = await openText(textFile(path, await dataFileSize(path)), { ignore: [], ...options }, undefined);
  for await (const block of text.blocks) return headerOf(path, block.bytes, text.syntax)?.cells ?? [];
  return [];
}

async function readText(source: TextSource, options: TableReadOptions): Promise<RawTable> {
  try {
    return await readIn(source, options, options.encoding);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    const table = await readIn(source, options, 'windows-1252');
    options.onNote?.('Its text is not UTF-8, and is read as Windows-1252.');
    return table;
  }
}

async function readIn(
  source: TextSource,
  options: TableReadOptions,
  encoding: Encoding | undefined,
): Promise<RawTable> {
  const { path } = source;
  const reading = new CsvReading(source, options, encoding);
  try {
    const first = await reading.read(undefined);
    if (first.rowCount === 0) throw errors.DATA_NO_ROWS({ path });
    const lost = first.columns.map(({ pieces }) => kindOf(pieces) === 'lost');
    // Numbers were kept as numbers until a text came in another block: "01" is not 1. It is rare, and cheaper to read
    // again than to keep every cell's text.
    const again = lost.includes(true) ? await reading.read(lost) : undefined;
    const columns = first.columns.map((column, i) => {
      const firstText = firstTextOf(column);
      return mergeColumn(lost[i] ? again!.columns[i]! : column, firstText);
    });
    for (const note of reading.notes) options.onNote?.(note);
    return { path, rowCount: first.rowCount, columns };
  } finally {
    await reading.close();
  }
}

/** Thrown within this file: the text has bytes that are not UTF-8, and all of them can be Windows-1252. */
class NotUtf8 extends Error {}

interface Text {
  readonly blocks: AsyncIterable<TextBlock>;
  readonly syntax: Omit<BlockSyntax, 'plan'>;
  readonly dialect: Dialect;
  readonly encoding: Encoding;
}

async function openText(source: TextSource, options: TableReadOptions, encoding: Encoding | undefined): Promise<Text> {
  const { path } = source;
  const text = await openUtf8(source, encoding);
  const given = options.delimiter ?? (/\.tsv(\.gz|\.zst)?$/i.test(path) ? '\t' : undefined);
  const dialect = dialectOf(text.start, given);
  const tooLong = () => malformed(path, `a line has more than ${recordLimit} bytes`);
  const blocks = checked(
    path,
    cutIntoBlocks(text.chunks, dialect.newline, recordLimit, tooLong),
    encoding === undefined,
  );
  const { delimiter, newline } = dialect;
  const syntax = { delimiter: delimiter.charCodeAt(0), newline, missing: options.missing ?? [] };
  return { blocks, syntax, dialect, encoding: text.encoding };
}

/**
 * Passes blocks on that are text.
 *
 * @throws DATA_TEXT_ENCODING, and NotUtf8 where another encoding may be guessed
 */
async function* checked(path: string, blocks: AsyncIterable<TextBlock>, mayGuess: boolean): AsyncGenerator<TextBlock> {
  let before = 0;
  let hasMultibyte = false;
  for await (const block of blocks) {
    const { bytes, isLast } = block;
    const zero = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(0);
    if (zero !== -1) throw encodingError(path, `has a zero byte at ${before + zero}: it is not text`);
    if (!isUtf8(bytes)) {
      const census = censusOf(bytes);
      const isCut = isLast && census.isCutOff;
      if (mayGuess && !isCut && !hasMultibyte && !census.hasMultibyte && !census.hasControl) throw new NotUtf8();
      const what = isCut ? 'ends within a character' : 'has bytes that are not';
      throw encodingError(path, `${what} (UTF-8 up to byte ${before + census.invalidAt})`);
    }
    hasMultibyte ||= !isAscii(bytes);
    before += bytes.length;
    yield block;
  }
}

function headerOf(path: string, bytes: Uint8Array, syntax: Omit<BlockSyntax, 'plan'>) {
  const header = parseHeader(bytes, syntax);
  if (header?.fault !== undefined) throw malformed(path, `line ${header.fault.line + 1} ${header.fault.reason}`);
  return header;
}

function malformed(path: string, reason: string): Error {
  return errors.DATA_CSV_MALFORMED({ path, reason });
}

interface ReadColumns {
  readonly rowCount: number;
  readonly columns: { readonly name: string; readonly pieces: BlockColumn[]; readonly rowCounts: number[] }[];
}

/** Reads a text once or twice with the same threads. */
class CsvReading {
  /** What was assumed of the text. */
  readonly notes: string[] = [];
  #pool: ReadPool | undefined;
  readonly #threads: number;
  readonly #limit: MemoryLimit;

  constructor(
    private readonly source: TextSource,
    private readonly options: TableReadOptions,
    private readonly encoding: Encoding | undefined,
  ) {
    this.#threads = source.expectedBytes < threadsFrom ? 1 : (options.threads ?? defaultThreads);
    this.#limit = new MemoryLimit(source.path, options.memoryLimitBytes);
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  /** @param only the columns, of those that are not ignored, that are wanted, as texts; by default all, as what they are */
  async read(only: readonly boolean[] | undefined): Promise<ReadColumns> {
    const { path } = this.source;
    const text = await openText(this.source, this.options, this.encoding);
    if (only === undefined) this.#note(text);
    let table: CsvTable | undefined;
    let ordered: OrderedBlocks | undefined;
    for await (const block of text.blocks) {
      if (table === undefined || ordered === undefined) {
        const header = headerOf(path, block.bytes, text.syntax);
        if (header === undefined) {
          if (block.isLast)
            throw block.bytes.length > 1 && block.bytes.includes(34)
              ? unclosed(path, 1)
              : errors.DATA_NO_ROWS({ path });
          throw unclosed(path, 1);
        }
        table = new CsvTable(path, header.cells, header.lineCount, this.options, only, this.#limit);
        const rest = joined([block.bytes.subarray(header.consumed)]);
        // the first block is parsed alone: what its columns are saves the others a second look
        const first = { bytes: rest, isLast: block.isLast };
        ordered = this.#order(table, text.syntax);
        if (rest.length > 0) {
          await ordered.add(first);
          await ordered.finish();
        }
      } else {
        await ordered.add(block);
      }
    }
    await ordered?.finish();
    if (table === undefined) throw errors.DATA_NO_ROWS({ path });
    return table;
  }

  #order(table: CsvTable, syntax: Omit<BlockSyntax, 'plan'>): OrderedBlocks {
    let isFirst = true;
    const parse = async (bytes: Uint8Array): Promise<ParsedBlock> => {
      const full = { ...syntax, plan: table.plan };
      if (isFirst || this.#threads === 1) {
        isFirst = false;
        return parseBlock(bytes, full);
      }
      this.#pool ??= new ReadPool(this.#threads);
      return this.#pool.parseCsv(bytes, full);
    };
    return new OrderedBlocks(parse, (parsed, block, left) => table.take(parsed, block, left), this.#threads + 1);
  }

  #note({ dialect: { delimiter }, encoding }: Text): void {
    const { delimiter: given } = this.options;
    const expected = /\.tsv(\.gz|\.zst)?$/i.test(this.source.path) ? '\t' : ',';
    if (given === undefined && delimiter !== expected) {
      this.notes.push(`Its cells are separated by ${JSON.stringify(delimiter)}, as its first lines show.`);
    }
    if (this.encoding === undefined && encoding !== 'utf-8')
      this.notes.push(`Its text is ${encoding}, as its first bytes show.`);
  }
}

/** The columns of a text, block by block. */
class CsvTable implements ReadColumns {
  readonly columns: ReadColumns['columns'];
  plan: readonly ColumnPlan[];
  rowCount = 0;
  readonly #wanted: readonly number[];
  #lines: number;

  constructor(
    private readonly path: string,
    header: readonly string[],
    lineCount: number,
    private readonly options: TableReadOptions,
    only: readonly boolean[] | undefined,
    private readonly limit: MemoryLimit,
  ) {
    const names = header.map((name, i) => (name === '' && options.nameUnnamed ? `column ${i + 1}` : name));
    checkColumnNames(path, names);
    checkIgnored(options.ignore, names);
    const kept = names.flatMap((name, i) => (options.ignore.includes(name) ? [] : [i]));
    this.#wanted = kept;
    this.columns = kept.map((i) => ({ name: names[i]!, pieces: [], rowCounts: [] }));
    const planned = new Map(kept.map((i, k) => [i, only === undefined ? 'auto' : only[k] ? 'text' : 'skip'] as const));
    this.plan = names.map((_, i) => planned.get(i) ?? 'skip');
    this.#lines = lineCount;
  }

  take(parsed: ParsedBlock, { isLast }: TextBlock, left: number): void {
    const { fault, columns, rowCount } = parsed;
    if (fault !== undefined) throw malformed(this.path, `line ${this.#lines + fault.line + 1} ${fault.reason}`);
    if (left > 0 && (isLast || left > recordLimit)) throw unclosed(this.path, this.#lines + parsed.lineCount + 1);
    this.#lines += parsed.lineCount;
    const isFirst = this.rowCount === 0;
    this.rowCount += rowCount;
    this.#wanted.forEach((at, k) => {
      const piece = columns[at]!;
      const letters = piece.texts.reduce((sum, text) => sum + text.length, 0);
      this.limit.take(piece.values.byteLength + piece.codes.byteLength + piece.texts.length * bytesOfText + letters);
      this.columns[k]!.pieces.push(piece);
      this.columns[k]!.rowCounts.push(rowCount);
    });
    if (isFirst && rowCount > 0) this.plan = this.plan.map((plan, at) => nextPlan(plan, columns[at]!));
    this.options.onRows?.(this.rowCount);
  }
}

/** A column of texts stays one, whatever comes. */
function nextPlan(plan: ColumnPlan, { kind }: BlockColumn): ColumnPlan {
  return plan === 'auto' && (kind === 'text' || kind === 'date') ? kind : plan;
}

function unclosed(path: string, line: number): Error {
  return malformed(path, `a quote that is opened in line ${line} or soon after is not closed`);
}
