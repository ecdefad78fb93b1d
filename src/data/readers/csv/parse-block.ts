import { type BlockColumn, BlockColumnBuilder, type ColumnPlan, state } from './block-column.js';
import { isSpace } from './cell.js';
import { CellArrays, CellBlock } from './cell-memory.js';
import { exactPowers } from './decimal.js';
import { MissingSpellings } from './missing.js';

/** What a block of delimited text is parsed with. Structured-cloneable. */
export interface BlockSyntax {
  /** One byte. */
  readonly delimiter: number;
  /** What ends a record: 10, or 13 in files of old; a carriage return before it belongs to it. */
  readonly newline: number;
  /** Between a number's whole and its fraction: 46 or 44. */
  readonly decimal: number;
  /** Further spellings of a missing value. */
  readonly missing: readonly string[];
  /** One for each column of the header. */
  readonly plan: readonly ColumnPlan[];
}

/** Why text is not well-formed; `line` counts from 0 within the block. */
export interface BlockFault {
  readonly line: number;
  readonly reason: string;
}

export interface ParsedBlock {
  readonly rowCount: number;
  readonly lineCount: number;
  /** Bytes up to the end of the last whole record: less than all where the block ends within quotes. */
  readonly consumed: number;
  readonly columns: readonly BlockColumn[];
  readonly fault?: BlockFault;
  /** The memory that the columns' cells lie in, where it is to be used again. */
  readonly cells?: SharedArrayBuffer;
}

/**
 * Parses the records in `bytes`, whose last byte must end a line. A record that is not whole, since its last cell's quotes are still open,
 * is left over. Numbers are read from the bytes, without a string each; a column in which texts follow numbers is
 * read again, so that texts are spelt as they were written.
 *
 * @param arrays to be used again for the next block
 * @param cells where the columns' cells are put; by default into arrays of their own
 */
export function parseBlock(
  bytes: Uint8Array,
  syntax: BlockSyntax,
  arrays = new CellArrays(),
  cells?: SharedArrayBuffer,
): ParsedBlock {
  const block = cells && new CellBlock(cells);
  const first = new BlockParser(bytes, syntax, arrays);
  const parsed = first.parse(block);
  if (parsed.fault !== undefined || !first.columns.some((column) => column.lostTexts)) return parsed;
  const lost = first.columns.map((column) => column.lostTexts);
  const plan = lost.map((isLost): ColumnPlan => (isLost ? 'text' : 'skip'));
  const again = new BlockParser(bytes, { ...syntax, plan }, arrays).parse(block);
  const columns = parsed.columns.map((column, i) =>
    lost[i] ? { ...again.columns[i]!, firstText: column.firstText } : column,
  );
  return { ...parsed, columns };
}

/** The cells of the first record, and how many bytes it and the blank lines before it take; `undefined` where it is not whole. */
export function parseHeader(
  bytes: Uint8Array,
  syntax: Omit<BlockSyntax, 'plan'>,
): { cells: string[]; consumed: number; lineCount: number; fault?: BlockFault } | undefined {
  const parser = new BlockParser(bytes, { ...syntax, plan: [] }, new CellArrays());
  return parser.header();
}

const quote = 34;
const carriageReturn = 13;

class BlockParser {
  readonly columns: BlockColumnBuilder[];
  readonly #delimiter: number;
  readonly #newline: number;
  readonly #decimal: number;
  readonly #end: number;
  #at = 0;
  #row = 0;
  #capacity: number;
  #line = 0;
  #fault: BlockFault | undefined;
  /** Where the cell that {@link #findCell} found lies: in `#source`, from `#from` to `#to`. */
  #source: Uint8Array;
  #from = 0;
  #to = 0;
  /** Quoted cells with quotes in them. */
  #unquoted = new Uint8Array(0);

  constructor(
    private readonly bytes: Uint8Array,
    { delimiter, newline, decimal, plan, missing }: BlockSyntax,
    arrays: CellArrays,
  ) {
    this.#delimiter = delimiter;
    this.#newline = newline;
    this.#decimal = decimal;
    this.#end = bytes.length;
    this.#source = bytes;
    this.#capacity = rowsExpected(bytes, newline);
    const spellings = new MissingSpellings(missing);
    this.columns = plan.map((one) => new BlockColumnBuilder(one, this.#capacity, spellings, decimal, arrays));
  }

  parse(block: CellBlock | undefined): ParsedBlock {
    const consumed = this.#parseRecords();
    const columns = this.columns.map((column) => column.finish(this.#row, block));
    const result = { rowCount: this.#row, lineCount: this.#line, consumed, columns };
    return this.#fault === undefined ? result : { ...result, fault: this.#fault };
  }

  /**
   * Reads records until there are no more, or one is not whole, or there is a fault.
   *
   * One long function, since it runs for every cell: numbers are read here, with all that the loop needs in local variables, and
   * everything else by {@link #findCell} and the column.
   *
   * @returns where the last whole record ends
   */
  #parseRecords(): number {
    const { bytes, columns } = this;
    const delimiter = this.#delimiter;
    const newline = this.#newline;
    const decimal = this.#decimal;
    const end = this.#end;
    const last = columns.length - 1;
    let at = 0;
    let row = 0;
    while (at < end) {
      const start = at;
      const line = this.#line;
      const first = bytes[at]!;
      if (first === newline || (first === carriageReturn && bytes[at + 1] === newline)) {
        at += first === newline ? 1 : 2;
        this.#line = line + 1;
        continue;
      }
      if (row === this.#capacity) this.#grow();
      for (let i = 0; i <= last; i++) {
        const column = columns[i]!;
        let byte = 0;
        let isRead = false;
        if (column.state === state.number) {
          // up to nine digits before the point and six after it: integers, and their quotient is rounded correctly
          let to = at;
          byte = bytes[to]!;
          const isNegative = byte === 45;
          if (isNegative) byte = bytes[++to]!;
          const from = to;
          let whole = 0;
          while (byte >= 48 && byte <= 57) {
            whole = (Math.imul(whole, 10) + byte - 48) | 0;
            byte = bytes[++to]!;
          }
          const wholeDigits = to - from;
          let fraction = 0;
          let fractionDigits = 0;
          if (byte === decimal) {
            const point = ++to;
            byte = bytes[to]!;
            while (byte >= 48 && byte <= 57) {
              fraction = (Math.imul(fraction, 10) + byte - 48) | 0;
              byte = bytes[++to]!;
            }
            fractionDigits = to - point;
          }
          const isEnded =
            byte === delimiter || byte === newline || (byte === carriageReturn && bytes[to + 1] === newline);
          if (isEnded && wholeDigits <= 9 && fractionDigits <= 6) {
            if (wholeDigits + fractionDigits > 0) {
              const power = exactPowers[fractionDigits]!;
              const value = fractionDigits === 0 ? whole : (whole * power + fraction) / power;
              column.values[row] = isNegative ? -value : value;
              column.hasNumbers = true;
              isRead = true;
              at = to;
            } else if (to === at) {
              // empty
              column.values[row] = Number.NaN;
              isRead = true;
            }
          }
        }
        if (!isRead) {
          this.#at = at;
          if (!this.#findCell()) {
            this.#row = row;
            if (this.#fault === undefined) this.#line = line;
            return start;
          }
          column.push(row, this.#source, this.#from, this.#to);
          at = this.#at;
          byte = bytes[at]!;
        }
        // between cells stands a delimiter, after the last one the line ends
        if (byte === delimiter && i < last) at++;
        else if (byte !== delimiter && i === last) {
          at += byte === newline ? 1 : 2;
          this.#line++;
        } else {
          this.#at = at;
          this.#row = row;
          this.#findRaggedness(i, line);
          return start;
        }
      }
      row++;
    }
    this.#row = row;
    return at;
  }

  header() {
    while (this.#at < this.#end && this.#skipBlankLine());
    if (this.#at === this.#end) return undefined;
    const cells: string[] = [];
    for (;;) {
      if (!this.#findCell()) {
        const fault = this.#fault;
        return fault && { cells, consumed: 0, lineCount: this.#line, fault };
      }
      const { buffer, byteOffset } = this.#source;
      cells.push(Buffer.from(buffer, byteOffset + this.#from, this.#to - this.#from).toString('utf8'));
      if (this.#endsRecord()) return { cells, consumed: this.#at, lineCount: this.#line };
    }
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const column of this.columns) column.grow(this.#capacity);
  }

  #skipBlankLine(): boolean {
    const { bytes } = this;
    let at = this.#at;
    if (bytes[at] === carriageReturn && bytes[at + 1] === this.#newline) at++;
    if (bytes[at] !== this.#newline) return false;
    this.#at = at + 1;
    this.#line++;
    return true;
  }

  /** Steps over what ends a cell, and says whether it ends the record, too. */
  #endsRecord(): boolean {
    const byte = this.bytes[this.#at++]!;
    if (byte === this.#delimiter) return false;
    if (byte === carriageReturn && byte !== this.#newline) this.#at++;
    this.#line++;
    return true;
  }

  /** Says how many cells a record has that ends after cell `i`, or goes on there; one that is not whole yet is no fault. */
  #findRaggedness(i: number, line: number): void {
    let cells = i + 1;
    while (!this.#endsRecord()) {
      if (!this.#findCell()) {
        if (this.#fault === undefined) this.#line = line;
        return;
      }
      cells++;
    }
    const reason = `has ${cells} cells, and the header has ${this.columns.length}`;
    this.#fault = { line: this.#line - 1, reason };
  }

  /** Finds the cell that starts here and steps to what ends it; false where its quotes stay open, or there is a fault. */
  #findCell(): boolean {
    const { bytes } = this;
    let at = this.#at;
    while (isSpace(bytes[at]!) && !this.#endsCell(at)) at++;
    if (bytes[at] === quote) return this.#findQuoted(at + 1);
    this.#source = bytes;
    this.#from = at;
    const delimiter = this.#delimiter;
    const newline = this.#newline;
    let byte = bytes[at]!;
    while (byte !== delimiter && byte !== newline) byte = bytes[++at]!;
    if (byte === newline && at > this.#from && bytes[at - 1] === carriageReturn) at--;
    this.#at = at;
    while (at > this.#from && isSpace(bytes[at - 1]!)) at--;
    this.#to = at;
    return true;
  }

  #endsCell(at: number): boolean {
    const byte = this.bytes[at]!;
    if (byte === this.#delimiter || byte === this.#newline) return true;
    return byte === carriageReturn && this.bytes[at + 1] === this.#newline;
  }

  #findQuoted(start: number): boolean {
    const { bytes } = this;
    const end = this.#end;
    let at = start;
    let doubled = 0;
    for (;;) {
      let byte = at < end ? bytes[at]! : quote;
      while (byte !== quote) {
        if (byte === this.#newline) this.#line++;
        byte = ++at < end ? bytes[at]! : quote;
      }
      if (at >= end) return false;
      if (bytes[at + 1] !== quote) break;
      doubled++;
      at += 2;
    }
    this.#source = bytes;
    this.#from = start;
    this.#to = at;
    if (doubled > 0) this.#unquote(start, at);
    at++;
    while (isSpace(bytes[at]!) && !this.#endsCell(at)) at++;
    this.#at = at;
    if (this.#endsCell(at)) return true;
    this.#fault = {
      line: this.#line,
      reason: 'has text after the quote that closes a cell; quotes within are written twice',
    };
    return false;
  }

  #unquote(start: number, end: number): void {
    if (this.#unquoted.length < end - start) this.#unquoted = new Uint8Array((end - start) * 2);
    let length = 0;
    for (let at = start; at < end; at++) {
      this.#unquoted[length++] = this.bytes[at]!;
      if (this.bytes[at] === quote) at++;
    }
    this.#source = this.#unquoted;
    this.#from = 0;
    this.#to = length;
  }
}

/** Rows of a block, if they all are as long as its first; a tenth more, to rarely need more room. */
function rowsExpected(bytes: Uint8Array, newline: number): number {
  const first = bytes.indexOf(newline) + 1;
  return Math.max(16, Math.ceil((bytes.length / Math.max(first, 2)) * 1.1));
}
