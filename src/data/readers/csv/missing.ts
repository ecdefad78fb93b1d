import { isSpace } from './cell.js';

/** Cells that are read as missing, beside empty ones. Any other text is a text, and so are `None` and `?`. */
const defaultSpellings: readonly string[] = [
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '<NA>',
  'NaN',
  'nan',
  '-NaN',
  '-nan',
  'null',
  'NULL',
  '\\N',
];

/** Spellings of a missing value. Spaces around a cell do not matter, nor do quotes. */
export class MissingSpellings {
  readonly #byFirst: (readonly Buffer[] | undefined)[] = new Array(256).fill(undefined);
  readonly #longest: number;

  /** @param further spellings, beside the empty cell and the usual ones */
  constructor(further: readonly string[]) {
    const all = [...new Set([...defaultSpellings, ...further.map((text) => text.trim())])].filter(
      (text) => text !== '',
    );
    const spellings = all.map((text) => Buffer.from(text));
    for (const spelling of spellings) this.#byFirst[spelling[0]!] = [...(this.#byFirst[spelling[0]!] ?? []), spelling];
    this.#longest = Math.max(...spellings.map((spelling) => spelling.length));
  }

  /** Whether the bytes from `start` to `end` (not included) are one, or nothing but spaces. */
  includes(bytes: Uint8Array, start: number, end: number): boolean {
    let [from, to] = [start, end];
    while (from < to && isSpace(bytes[from]!)) from++;
    if (from === to) return true;
    const candidates = this.#byFirst[bytes[from]!];
    if (candidates === undefined) return false;
    while (isSpace(bytes[to - 1]!)) to--;
    return to - from <= this.#longest && candidates.some((spelling) => isSame(spelling, bytes, from, to));
  }
}

function isSame(spelling: Buffer, bytes: Uint8Array, start: number, end: number): boolean {
  if (spelling.length !== end - start) return false;
  for (let i = 0; i < spelling.length; i++) if (spelling[i] !== bytes[start + i]) return false;
  return true;
}
