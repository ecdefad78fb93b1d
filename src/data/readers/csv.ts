import { errors } from '../errors.js';
import { checkColumnNames, checkIgnored, type RawColumn, type RawTable } from '../raw-table.js';
import type { ScratchFile } from '../scratch-file.js';
import type { ColumnRoom } from './column-room.js';
import type { BlockColumn, ColumnPlan } from './csv/block-column.js';
import type { TextBlock } from './csv/blocks.js';
import { numberInCell } from './csv/cell.js';
import { CellArrays, CellMemory } from './csv/cell-memory.js';
import { ColumnTexts, firstTextOf, kindOf, mergeColumn } from './csv/merge-columns.js';
import { headerOf, type OpenedText, openText, parseText, TextLines } from './csv/open-text.js';
import { type BlockSyntax, type ParsedBlock, parseBlock } from './csv/parse-block.js';
import { storePieces } from './csv/stored-piece.js';
import { type TextSource, textBytes, textFile } from './csv/text-source.js';
import { dataFileSize } from './data-file.js';
import { MemoryLimit } from './memory-limit.js';
import { defaultThreads, ReadPool, threadsFromBytes } from './read-pool.js';
import type { TableReader, TableReadOptions } from './table-reader.js';

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
  const text = await openText(textFile(path, await dataFileSize(path)), options, () => undefined);
  for await (const block of text.blocks) return headerOf(text, block.bytes)?.names.slice() ?? [];
  return [];
}

/** Delimited text whose cells are kept in a file while it is read, once, or twice where a column turns out to be of texts. */
export interface StoredCsv {
  readonly rowCount: number;
  readonly names: readonly string[];
  /** A column as `readCsv` gives it, put into `room`. @throws DATA_NUMBER_NOT_FINITE */
  column(name: string, room: ColumnRoom): RawColumn;
}

/** Reads delimited text that need not fit into memory: what it takes are distinct texts, and the few blocks under way. */
export async function storeCsv(path: string, options: TableReadOptions, store: ScratchFile): Promise<StoredCsv> {
  const read = await readWhole(textFile(path, await dataFileSize(path)), options, store);
  const columns = new Map(read.columns.map((column) => [column.name, column]));
  return {
    rowCount: read.rowCount,
    names: [...columns.keys()],
    column: (name, room) => {
      const column = columns.get(name)!;
      return mergeColumn(column, column.firstText, { store, room });
    },
  };
}

async function readText(source: TextSource, options: TableReadOptions): Promise<RawTable> {
  const { rowCount, columns } = await readWhole(source, options);
  const merged = columns.map((column) => {
    const whole = mergeColumn(column, column.firstText);
    // not all columns twice at once
    column.pieces.length = 0;
    return whole;
  });
  return { path: source.path, rowCount, columns: merged };
}

/** The pieces of all columns, each of one kind. */
async function readWhole(source: TextSource, options: TableReadOptions, store?: ScratchFile) {
  const { path } = source;
  const reading = new CsvReading(source, options, store);
  try {
    const first = await reading.read(undefined);
    if (first.rowCount === 0) throw errors.DATA_NO_ROWS({ path });
    const lost = first.columns.map(({ pieces }) => kindOf(pieces) === 'lost');
    const firstTexts = first.columns.map(firstTextOf);
    first.columns.forEach(({ pieces }, i) => {
      if (lost[i]) pieces.length = 0;
    });
    // Numbers were kept as numbers until a text came in another block: "01" is not 1. It is rare, and cheaper to read
    // again than to keep every cell's text.
    const again = lost.includes(true) ? await reading.read(lost) : undefined;
    const columns = first.columns.map((column, i) => {
      return { ...(lost[i] ? again!.columns[i]! : column), firstText: firstTexts[i] };
    });
    for (const note of reading.notes) options.onNote?.(note);
    return { rowCount: first.rowCount, columns };
  } finally {
    await reading.close();
  }
}

interface ReadColumns {
  readonly rowCount: number;
  readonly columns: {
    readonly name: string;
    readonly pieces: BlockColumn[];
    readonly rowCounts: number[];
    readonly texts: ColumnTexts;
  }[];
}

/** Reads a text once or twice with the same threads. */
class CsvReading {
  /** What was assumed of the text. */
  readonly notes: string[] = [];
  #pool: ReadPool | undefined;
  readonly #arrays = new CellArrays();
  /** Of cells that are put into a file. */
  readonly #cells = new CellMemory();
  readonly #threads: number;
  readonly #limit: MemoryLimit;

  constructor(
    private readonly source: TextSource,
    private readonly options: TableReadOptions,
    private readonly store: ScratchFile | undefined,
  ) {
    const least = options.threadsFromBytes ?? threadsFromBytes;
    this.#threads = source.expectedBytes < least ? 1 : (options.threads ?? defaultThreads);
    this.#limit = new MemoryLimit(source.path, options.memoryLimitBytes);
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  /** @param only the columns, of those that are not ignored, that are wanted, as texts; by default all, as what they are */
  async read(only: readonly boolean[] | undefined): Promise<ReadColumns> {
    const { path } = this.source;
    const isFirst = only === undefined;
    const text = await openText(this.source, this.options, () => {
      if (isFirst) this.notes.push('Its text is not UTF-8, and is read as Windows-1252.');
    });
    if (isFirst) this.#note(text);
    const begin = (header: readonly string[], lineCount: number) => {
      if (isFirst && text.hasHeader) this.#noteHeader(header, text.dialect.decimal);
      const keep = this.store === undefined ? keepPieces : this.#storer(this.store);
      return new CsvTable(path, header, lineCount, this.options, only, this.#limit, keep);
    };
    const drop = ({ cells }: ParsedBlock) => cells && this.#cells.give(cells);
    const parsing = { begin, parse: this.#parser(), ahead: this.#threads + 1, drop };
    let table: CsvTable | undefined;
    for await (table of parseText(text, parsing));
    if (table === undefined) throw errors.DATA_NO_ROWS({ path });
    return table;
  }

  #parser(): (bytes: Uint8Array, syntax: BlockSyntax) => Promise<ParsedBlock> {
    let isFirst = true;
    return async (bytes, syntax) => {
      const cells = this.store && this.#cells.take(bytes.length, syntax.plan.length);
      const isHere = isFirst || this.#threads === 1;
      isFirst = false;
      if (!isHere) this.#pool ??= new ReadPool(this.#threads);
      const parsed = isHere
        ? parseBlock(bytes, syntax, this.#arrays, cells)
        : await this.#pool!.parseCsv(bytes, syntax, cells);
      return cells === undefined ? parsed : { ...parsed, cells };
    };
  }

  /** Puts pieces of a block into the file; their memory is for the next block. */
  #storer(store: ScratchFile): KeepPieces {
    return (pieces, cells) => {
      const stored = storePieces(pieces, cells!, store);
      this.#cells.give(cells!);
      return stored;
    };
  }

  #note({ dialect: { delimiter, decimal }, encoding }: OpenedText): void {
    const { delimiter: given } = this.options;
    const expected = /\.tsv(\.gz|\.zst)?$/i.test(this.source.path) ? '\t' : ',';
    if (given === undefined && delimiter !== expected) {
      this.notes.push(`Its cells are separated by ${JSON.stringify(delimiter)}, as its first lines show.`);
    }
    if (this.options.decimal === undefined && decimal !== '.') {
      this.notes.push('Its numbers have decimal commas, as its first lines show.');
    }
    if (this.options.encoding === undefined && encoding !== 'utf-8')
      this.notes.push(`Its text is ${encoding}, as its first bytes show.`);
  }

  /** A file without a header loses its first row. */
  #noteHeader(names: readonly string[], decimal: string): void {
    const numbers = names.filter((name) => isNumber(name, decimal));
    if (numbers.length === 0 || this.options.header === true) return;
    const some = `${numbers.slice(0, 3).join(', ')}${numbers.length > 3 ? ', …' : ''}`;
    this.notes.push(
      `Its first line is read as the names of columns, and has numbers (${some}). If it is a row: --no-header, or header: false.`,
    );
  }
}

/** What becomes of the pieces of a block, which lie in `cells` where that is given. */
type KeepPieces = (pieces: readonly BlockColumn[], cells: SharedArrayBuffer | undefined) => readonly BlockColumn[];

const keepPieces: KeepPieces = (pieces) => pieces;

/** The columns of a text, block by block. */
class CsvTable implements ReadColumns {
  readonly columns: ReadColumns['columns'];
  plan: readonly ColumnPlan[];
  rowCount = 0;
  readonly #wanted: readonly number[];
  readonly #lines: TextLines;

  constructor(
    path: string,
    header: readonly string[],
    lineCount: number,
    private readonly options: TableReadOptions,
    only: readonly boolean[] | undefined,
    private readonly limit: MemoryLimit,
    private readonly keep: KeepPieces,
  ) {
    const names = header.map((name, i) => (name === '' && options.nameUnnamed ? `column ${i + 1}` : name));
    checkColumnNames(path, names);
    checkIgnored(options.ignore, names);
    const kept = names.flatMap((name, i) => (options.ignore.includes(name) ? [] : [i]));
    this.#wanted = kept;
    this.columns = kept.map((i) => ({ name: names[i]!, pieces: [], rowCounts: [], texts: new ColumnTexts() }));
    const planned = new Map(
      kept.map((i, k) => [i, only === undefined ? this.#planOf(names[i]!) : only[k] ? 'text' : 'skip'] as const),
    );
    this.plan = names.map((_, i) => planned.get(i) ?? 'skip');
    this.#lines = new TextLines(path, lineCount);
  }

  #planOf(name: string): ColumnPlan {
    return this.options.texts?.includes(name) ? 'text' : 'auto';
  }

  take(parsed: ParsedBlock, block: TextBlock, left: number): void {
    this.#lines.take(parsed, block, left);
    const { columns, rowCount, cells } = parsed;
    const isFirst = this.rowCount === 0;
    this.rowCount += rowCount;
    const pieces = this.#wanted.map((at, k) => {
      const { piece, added, letters } = this.columns[k]!.texts.renumber(columns[at]!);
      this.limit.takeTexts(added, letters);
      return piece;
    });
    this.keep(pieces, cells).forEach((kept, k) => {
      this.limit.take(kept.values.byteLength + kept.codes.byteLength);
      this.columns[k]!.pieces.push(kept);
      this.columns[k]!.rowCounts.push(rowCount);
    });
    if (isFirst && rowCount > 0) this.plan = this.plan.map((plan, at) => nextPlan(plan, columns[at]!));
    this.options.onRows?.(this.rowCount);
  }
}

function isNumber(cell: string, decimal: string): boolean {
  const bytes = Buffer.from(cell);
  return !Number.isNaN(numberInCell(bytes, 0, bytes.length, decimal.charCodeAt(0)));
}

/** A column of texts stays one, whatever comes. */
function nextPlan(plan: ColumnPlan, { kind }: BlockColumn): ColumnPlan {
  return plan === 'auto' && (kind === 'text' || kind === 'date') ? kind : plan;
}
