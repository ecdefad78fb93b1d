import { checkColumnNames } from '../raw-table.js';
import type { ColumnPlan } from '../readers/csv/block-column.js';
import type { TextBlock } from '../readers/csv/blocks.js';
import type { Decimal } from '../readers/csv/dialect.js';
import { type BlockTaker, openText, parseText, TextLines } from '../readers/csv/open-text.js';
import { type ParsedBlock, parseBlock } from '../readers/csv/parse-block.js';
import type { TextSource } from '../readers/csv/text-source.js';
import type { Cell, RowChunk } from './cells.js';

export interface CsvRowsOptions {
  /** Rows at a time. */
  readonly chunkRows: number;
  /** Between cells; by default told from the first lines. */
  readonly delimiter?: string;
  /** Between whole and fraction of numbers; by default told from the first lines. */
  readonly decimal?: Decimal;
  /** Whether the first record names the columns; by default true. Otherwise they are `column 1`, `column 2`, … */
  readonly header?: boolean;
  /** Further spellings of a missing value. */
  readonly missing?: readonly string[];
}

/**
 * Rows of delimited text with a header, chunk by chunk, block by block of the text: read by the reader that training tables are read
 * by, every cell as the text that it is there, or `null` where it is missing.
 *
 * @throws DATA_CSV_MALFORMED, DATA_TEXT_ENCODING, DATA_COLUMN_DUPLICATE
 */
export async function* csvRows(source: TextSource, options: CsvRowsOptions): AsyncGenerator<RowChunk> {
  const { path } = source;
  const text = await openText(source, options, () => undefined);
  const { chunkRows } = options;
  const { decimal } = text.dialect;
  const begin = (header: readonly string[], lineCount: number) =>
    new Rows(path, header, lineCount, { chunkRows, decimal });
  let rows: Rows | undefined;
  for await (rows of parseText(text, { begin, parse: async (bytes, syntax) => parseBlock(bytes, syntax), ahead: 0 })) {
    yield* rows.takeWhole();
  }
  if (rows !== undefined) yield* rows.takeRest();
}

/** Rows that were parsed, until they are taken. */
class Rows implements BlockTaker {
  readonly plan: readonly ColumnPlan[];
  readonly #names: readonly string[];
  readonly #lines: TextLines;
  readonly #whole: RowChunk[] = [];
  #columns: Cell[][];
  #firstRow = 1;
  #rowCount = 0;

  constructor(
    path: string,
    header: readonly string[],
    lineCount: number,
    private readonly made: { readonly chunkRows: number; readonly decimal: Decimal },
  ) {
    // as an import names them
    this.#names = header.map((name, i) => (name === '' ? `column ${i + 1}` : name));
    checkColumnNames(path, this.#names);
    this.plan = header.map(() => 'text');
    this.#lines = new TextLines(path, lineCount);
    this.#columns = header.map(() => []);
  }

  take(parsed: ParsedBlock, block: TextBlock, left: number): void {
    this.#lines.take(parsed, block, left);
    for (let row = 0; row < parsed.rowCount; ) {
      const end = Math.min(parsed.rowCount, row + this.made.chunkRows - this.#rowCount);
      parsed.columns.forEach(({ codes, texts }, i) => {
        for (let at = row; at < end; at++) this.#columns[i]!.push(texts[codes[at]!] ?? null);
      });
      this.#rowCount += end - row;
      row = end;
      if (this.#rowCount === this.made.chunkRows) this.#finishChunk();
    }
  }

  takeWhole(): RowChunk[] {
    return this.#whole.splice(0);
  }

  takeRest(): RowChunk[] {
    if (this.#rowCount > 0) this.#finishChunk();
    return this.takeWhole();
  }

  #finishChunk(): void {
    const columns = new Map(this.#names.map((name, i) => [name, this.#columns[i]!]));
    this.#whole.push({ firstRow: this.#firstRow, rowCount: this.#rowCount, columns, decimal: this.made.decimal });
    this.#firstRow += this.#rowCount;
    this.#rowCount = 0;
    this.#columns = this.#names.map(() => []);
  }
}
