import { TunerError } from '../../errors/index.js';
import { type ColumnSource, fileColumns, forEachColumn, readerLimit } from '../out-of-core/column-source.js';
import type { RawColumn, RawTable } from '../raw-table.js';
import { dataFileSize } from '../readers/data-file.js';
import { defaultTableBytes } from '../readers/memory-limit.js';
import { readTableFile } from '../readers/table-file.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import { checkTexts } from '../readers/text-columns.js';
import { ScratchFile } from '../scratch-file.js';
import { type KeepCells, keepInMemory } from './arrow-file.js';
import { isIdName } from './column-kind.js';

/** The columns of a file that is imported, in memory or not. */
export interface ImportSource {
  readonly names: readonly string[];
  /** One column; it is there until the next one is asked for. */
  column(name: string): Promise<RawColumn>;
  /** Each column, in order; it is there during the call. */
  forEach(rowCount: number, use: (column: RawColumn) => void): Promise<void>;
  /** Keeps cells of columns until they are written. */
  readonly keep: KeepCells;
  close(): void;
}

export interface ImportSourceOptions extends TableReadOptions {
  /** Bytes that it may take; by default it is read whole, or where that is more than a table may be, in as much as one may. */
  readonly memory?: number;
  /** Where scratch files are. */
  readonly scratchDirectory: string;
}

/** Codes of errors of tables that are too large to be read whole. */
const tooLarge = new Set(['DATA_MEMORY_LIMIT', 'DATA_TEXTS_TOO_LARGE']);

/**
 * Opens a file of rows. Numbers of 64 bits that are named like an identifier are texts, so that no two of them become one; a note says so.
 *
 * @throws DATA_COLUMN_UNKNOWN for a column of texts that is not there, and the errors of readers
 */
export async function openImport(path: string, options: ImportSourceOptions): Promise<ImportSource> {
  const { memory } = options;
  if (memory !== undefined) return outOfCore(path, { ...options, memory });
  const limit = defaultTableBytes();
  // a limit that is given is to be refused beyond
  const isLimited = options.memoryLimitBytes !== undefined;
  if (!isLimited && (await dataFileSize(path)) > limit) return outOfCore(path, { ...options, memory: limit });
  try {
    return inMemory(await readRows(path, options));
  } catch (error) {
    if (isLimited || !(error instanceof TunerError && tooLarge.has(error.code))) throw error;
    return outOfCore(path, { ...options, memory: limit });
  }
}

async function readRows(path: string, options: TableReadOptions): Promise<RawTable> {
  const { texts = [] } = options;
  const table = await readTableFile(path, options);
  checkTexts(
    texts,
    table.columns.map(({ name }) => name),
  );
  const ids = table.columns.filter(isRoundedId).map(({ name }) => name);
  if (ids.length === 0) return table;
  for (const name of ids) options.onNote?.(idNote(name));
  return readTableFile(path, { ...options, texts: [...texts, ...ids], onNote: () => undefined });
}

function isRoundedId(column: RawColumn): boolean {
  return column.kind === 'number' && column.isRounded === true && isIdName(column.name);
}

function idNote(name: string): string {
  return `Column "${name}" has whole numbers of 2^53 and more, and is read as texts, since its name is one of an identifier.`;
}

function inMemory({ columns }: RawTable): ImportSource {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return {
    names: [...byName.keys()],
    column: async (name) => byName.get(name)!,
    forEach: async (_, use) => columns.forEach(use),
    keep: keepInMemory,
    close: () => undefined,
  };
}

type LimitedOptions = ImportSourceOptions & { readonly memory: number };

async function outOfCore(path: string, options: LimitedOptions): Promise<ImportSource> {
  const { memory, scratchDirectory, texts = [] } = options;
  const limited = { ...options, memoryLimitBytes: readerLimit(memory) };
  const source = await fileColumns(path, limited, scratchDirectory);
  try {
    checkTexts(texts, source.names);
    return new LimitedSource(path, limited, source, ScratchFile.create(scratchDirectory));
  } catch (error) {
    source.close();
    throw error;
  }
}

/** Columns that are read a few at a time, and kept in a scratch file. */
class LimitedSource implements ImportSource {
  readonly names: readonly string[];
  readonly #ids = new Set<string>();

  constructor(
    private readonly path: string,
    private readonly options: LimitedOptions,
    private readonly source: ColumnSource,
    private readonly scratch: ScratchFile,
  ) {
    this.names = source.names;
  }

  async column(name: string): Promise<RawColumn> {
    const { columns } = await this.source.read([name]);
    return this.#withTexts(columns[0]!);
  }

  async forEach(rowCount: number, use: (column: RawColumn) => void): Promise<void> {
    const { memory } = this.options;
    await forEachColumn(this.source, this.names, { rowCount, memory }, async (column) => {
      use(await this.#withTexts(column));
    });
    for (const name of this.names) if (this.#ids.has(name)) this.options.onNote?.(idNote(name));
  }

  readonly keep: KeepCells = (cells) => {
    const size = cells.BYTES_PER_ELEMENT;
    const position = this.scratch.append(cells);
    const create = cells.constructor as new (length: number) => typeof cells;
    let memory = new create(0);
    return (start, end) => {
      if (memory.length < end - start) memory = new create(end - start);
      const part = memory.subarray(0, end - start) as typeof cells;
      this.scratch.read(part, position + start * size);
      return part;
    };
  };

  close(): void {
    this.source.close();
    this.scratch.close();
  }

  /** The column, read again as texts where its numbers are an identifier's. */
  async #withTexts(column: RawColumn): Promise<RawColumn> {
    const { name } = column;
    if (!isRoundedId(column)) return column;
    this.#ids.add(name);
    const { ignore, texts = [], scratchDirectory } = this.options;
    const others = [...ignore, ...this.names.filter((other) => other !== name)];
    const reading = { ...this.options, ignore: others, texts: [...texts, name], onNote: () => undefined };
    const source = await fileColumns(this.path, reading, scratchDirectory);
    try {
      return (await source.read([name])).columns[0]!;
    } finally {
      source.close();
    }
  }
}
