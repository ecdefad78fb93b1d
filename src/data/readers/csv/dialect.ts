/** How a text writes rows and numbers, told from its first lines. */
export interface Dialect {
  /** One character of ASCII. */
  readonly delimiter: string;
  /** 10, or 13 for texts whose lines end with it alone. */
  readonly newline: number;
  /** Between a number's whole and its fraction. */
  readonly decimal: Decimal;
}

/** A point or a comma. */
export type Decimal = (typeof decimals)[number];
export const decimals = ['.', ','] as const;

const candidates = [',', ';', '\t', '|'] as const;
const linesLookedAt = 100;

/**
 * The delimiter that splits the first hundred lines into equally many cells, at least two; of several the one that makes most, a comma before
 * others. Where none does, the one that the header has most of; a comma if it has none. Quoted text does not count.
 *
 * @param start of the text, UTF-8; its last line may be cut off
 * @param given what is not questioned
 */
export function dialectOf(start: Uint8Array, given: Partial<Pick<Dialect, 'delimiter' | 'decimal'>>): Dialect {
  const newline = start.includes(10) || !start.includes(13) ? 10 : 13;
  const delimiter = given.delimiter ?? delimiterOf(start, newline);
  return { delimiter, newline, decimal: given.decimal ?? decimalMarkOf(start, newline, delimiter) };
}

function delimiterOf(start: Uint8Array, newline: number): string {
  const counts = countsByLine(start, newline);
  const best = candidates
    .map((delimiter, i) => ({ delimiter, columns: counts.map((line) => line[i]!) }))
    .map(({ delimiter, columns }) => ({
      delimiter,
      inHeader: columns[0] ?? 0,
      isEven: columns.every((count) => count === columns[0]),
    }))
    .filter(({ inHeader }) => inHeader > 0)
    .sort((a, b) => Number(b.isEven) - Number(a.isEven) || b.inHeader - a.inHeader);
  return best[0]?.delimiter ?? ',';
}

const withComma = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;
const withPoint = /^[+-]?\d*\.\d+(e[+-]?\d+)?$/i;
/** Either of the two marks groups thousands in such a number. */
const grouped = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;

/**
 * A comma where cells are separated by something else, numbers in the first hundred lines have commas, and none has a point: numbers that may be
 * whole ones with their thousands grouped tell nothing.
 */
function decimalMarkOf(start: Uint8Array, newline: number, delimiter: string): Decimal {
  if (delimiter === ',') return '.';
  const lines = Buffer.from(start).toString('latin1').split(String.fromCharCode(newline), linesLookedAt);
  const cells = lines.flatMap((line) => line.split(delimiter)).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const telling = cells.filter((cell) => !grouped.test(cell));
  const hasCommas = telling.some((cell) => withComma.test(cell));
  return hasCommas && !telling.some((cell) => withPoint.test(cell)) ? ',' : '.';
}

/** How often each candidate stands outside of quotes, line by line; blank lines are left out. */
function countsByLine(start: Uint8Array, newline: number): number[][] {
  const codes = candidates.map((delimiter) => delimiter.charCodeAt(0));
  const lines: number[][] = [];
  let counts = codes.map(() => 0);
  let isQuoted = false;
  let isBlank = true;
  for (const byte of start) {
    if (byte === 34) isQuoted = !isQuoted;
    if (byte === newline && !isQuoted) {
      if (!isBlank) lines.push(counts);
      if (lines.length === linesLookedAt) return lines;
      counts = codes.map(() => 0);
      isBlank = true;
    } else {
      if (byte !== 13) isBlank = false;
      const i = isQuoted ? -1 : codes.indexOf(byte);
      if (i !== -1) counts[i]!++;
    }
  }
  // a text of one line, or one without a line end after the last
  if (!isBlank && lines.length === 0) lines.push(counts);
  return lines;
}
