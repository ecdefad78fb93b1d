import { errors } from '../errors.js';
import { type RawColumn, type RawTextColumn, textExample } from '../raw-table.js';
import type { EncoderKind } from './encoder.js';

/** The column as texts: a number is the text that JavaScript writes for it. */
export function textColumn(column: RawColumn): RawTextColumn {
  if (column.kind === 'text') return column;
  const codeOf = new Map<number, number>();
  const codes = new Int32Array(column.values.length);
  for (let row = 0; row < codes.length; row++) {
    const value = column.values[row]!;
    if (Number.isNaN(value)) {
      codes[row] = -1;
      continue;
    }
    if (!codeOf.has(value)) codeOf.set(value, codeOf.size);
    codes[row] = codeOf.get(value)!;
  }
  return { kind: 'text', name: column.name, codes, texts: [...codeOf.keys()].map(String) };
}

/** The texts that occur in some rows, in order of code units. */
export function seenCategories({ codes, texts }: RawTextColumn, rows: Int32Array): string[] {
  const isSeen = new Uint8Array(texts.length);
  for (const row of rows) if (codes[row] !== -1) isSeen[codes[row]!] = 1;
  return texts.filter((_, code) => isSeen[code] === 1).sort();
}

/**
 * The categories of the training rows, in order of code units.
 *
 * @throws DATA_TOO_MANY_CATEGORIES if there are more than `limit`.
 */
export function trainCategories(column: RawTextColumn, rows: Int32Array, kind: EncoderKind, limit: number): string[] {
  const categories = seenCategories(column, rows);
  if (categories.length <= limit) return categories;
  const example = textExample(column.firstText);
  throw errors.DATA_TOO_MANY_CATEGORIES({ column: column.name, count: categories.length, limit, kind, ...example });
}

/** What `of` gives each of the column's texts, by code; asked once for each that occurs. */
export function byCode<T>({ texts }: RawTextColumn, of: (text: string) => T): (code: number) => T | undefined {
  const values = new Array<T | undefined>(texts.length);
  const isKnown = new Uint8Array(texts.length);
  return (code) => {
    if (isKnown[code] === 0) {
      isKnown[code] = 1;
      values[code] = of(texts[code]!);
    }
    return values[code];
  };
}
