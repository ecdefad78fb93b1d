import { type BlockColumn, BlockColumnBuilder, type ColumnPlan, isSpace, state } from './block-column.js';
import { exactDigits, exactPowers } from './decimal.js';
import { MissingSpellings } from './missing.js';

/** What a block of delimited text is parsed with. Structured-cloneable. */
export interface BlockSyntax {
  /** One byte. */
  readonly delimiter: number;
  /** What ends a record: 10, or 13 in files of old; a carriage return before it belongs to it. */
  readonly newline: number;
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
}

/**
 * Parses the records in `bytes`, whose last byte must end a line. A record that is not whole, since its last cell's quotes are still open,
 * is left over. Numbers are read from the bytes, without a string each; a column in which texts follow numbers is
 * read again, so that texts are spelt as they were written.
 */
export function parseBlock(bytes: Uint8Array, syntax: BlockSyntax): ParsedBlock {
  const first = new BlockParser(bytes, syntax);
  const parsed = first.parse();
  if (parsed.fault !== undefined || !first.columns.some((column) => column.lostTexts)) return parsed;
  const lost = first.columns.map((column) => column.lostTexts);
  const plan = lost.map((isLost): ColumnPlan => (isLost ? 'text' : 'skip'));
  const again = new BlockParser(bytes, { ...syntax, plan }).parse();
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
  const parser = new BlockParser(bytes, { ...syntax, plan: [] });
  return parser.header();
}

const quote = 34;
const carriageReturn = 13;

class BlockParser {
  readonly columns: BlockColumnBuilder[];
  readonly #delimiter: number;
  readonly #newline: number;
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
    { delimiter, newline, plan, missing }: BlockSyntax,
  ) {
    this.#delimiter = delimiter;
    this.#newline = newline;
    this.#end = bytes.length;
    this.#source = bytes;
    this.#capacity = rowsExpected(bytes, newline);
    const spellings = new MissingSpellings(missing);
    this.columns = plan.map((one) => new BlockColumnBuilder(one, this.#capacity, spellings));
  }

  parse(): ParsedBlock {
    let consumed = 0;
    while (this.#at < this.#end) {
      if (this.#skipBlankLine()) {
        consumed = this.#at;
        continue;
      }
      const line = this.#line;
      if (this.#row === this.#capacity) this.#grow();
      if (!this.#parseRecord()) {
        this.#line = line;
        break;
      }
      this.#row++;
      consumed = this.#at;
    }
    const columns = this.columns.map((column) => column.finish(this.#row));
    const result = { rowCount: this.#row, lineCount: this.#line, consumed, columns };
    return this.#fault === undefined ? result : { ...result, fault: this.#fault };
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

  /** Whether a whole record was read. */
  #parseRecord(): boolean {
    const { columns } = this;
    const last = columns.length - 1;
    for (let i = 0; i <= last; i++) {
      const column = columns[i]!;
      if (column.state !== state.number || !this.#number(column)) {
        if (!this.#findCell()) return false;
        column.push(this.#row, this.#source, this.#from, this.#to);
      }
      // between cells stands a delimiter, after the last one the line ends
      if (this.#endsRecord() !== (i === last)) return this.#raggedRecord(i);
    }
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

  /** `i`: the cell after which the record ended too early, or went on. */
  #raggedRecord(i: number): false {
    const ended = i < this.columns.length - 1;
    let cells = i + 1;
    if (!ended) {
      do {
        if (!this.#findCell()) return false;
        cells++;
      } while (!this.#endsRecord());
    }
    const line = this.#line - 1;
    this.#fault = { line, reason: `has ${cells} cells, and the header has ${this.columns.length}` };
    return false;
  }

  /** A number that is not quoted and has few digits; otherwise nothing happens, and it returns false. */
  #number(column: BlockColumnBuilder): boolean {
    const { bytes } = this;
    let at = this.#at;
    let byte = bytes[at]!;
    const isNegative = byte === 45;
    if (isNegative) byte = bytes[++at]!;
    const start = at;
    let mantissa = 0;
    let exponent = 0;
    let digits = 0;
    while (byte >= 48 && byte <= 57) {
      mantissa = mantissa * 10 + (byte - 48);
      byte = bytes[++at]!;
    }
    digits = at - start;
    if (byte === 46) {
      const point = at;
      byte = bytes[++at]!;
      while (byte >= 48 && byte <= 57) {
        mantissa = mantissa * 10 + (byte - 48);
        byte = bytes[++at]!;
      }
      exponent = at - point - 1;
      digits += exponent;
    }
    if (digits > exactDigits) return false;
    if (byte !== this.#delimiter && byte !== this.#newline) {
      if (byte !== carriageReturn || bytes[at + 1] !== this.#newline) return false;
    }
    if (digits === 0) {
      // an empty cell, not a sign or a point alone
      if (at !== this.#at) return false;
      column.values[this.#row] = Number.NaN;
      return true;
    }
    const value = exponent === 0 ? mantissa : mantissa / exactPowers[exponent]!;
    column.values[this.#row] = isNegative ? -value : value;
    column.numberCount++;
    this.#at = at;
    return true;
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
