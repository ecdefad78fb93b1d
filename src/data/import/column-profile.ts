import type { RawColumn, RawNumberColumn, RawTextColumn } from '../raw-table.js';

/** What a column's cells say of it, before anything is decided. */
export interface ColumnProfile {
  readonly name: string;
  readonly missing: number;
  /** Distinct values, without missing ones. */
  readonly distinct: number;
  readonly numbers?: NumberProfile;
  readonly texts?: TextProfile;
}

/** Of the values that are not missing; all 0 where there are none. */
export interface NumberProfile {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  readonly isInteger: boolean;
  /** Whether each value is the one before plus 1. */
  readonly isCounter: boolean;
}

export interface TextProfile {
  /** Rows of each text, by code. */
  readonly counts: Int32Array;
  /** Mean length of the distinct texts, in UTF-16 units, and the mean number of words. */
  readonly meanLength: number;
  readonly meanWords: number;
}

/** @param sorted as long as the column: its numbers are sorted there */
export function profileOf(column: RawColumn, sorted: Float64Array): ColumnProfile {
  return column.kind === 'number' ? profileNumbers(column, sorted) : profileTexts(column);
}

function profileNumbers({ name, values }: RawNumberColumn, sorted: Float64Array): ColumnProfile {
  sorted.set(values);
  // NaN sorts to the end
  sorted.sort();
  let known = sorted.length;
  while (known > 0 && Number.isNaN(sorted[known - 1])) known--;
  let distinct = known === 0 ? 0 : 1;
  let sum = 0;
  let isInteger = true;
  for (let i = 0; i < known; i++) {
    const value = sorted[i]!;
    if (i > 0 && value !== sorted[i - 1]) distinct++;
    sum += value;
    if (isInteger && !Number.isInteger(value)) isInteger = false;
  }
  const numbers: NumberProfile = {
    min: known === 0 ? 0 : sorted[0]!,
    max: known === 0 ? 0 : sorted[known - 1]!,
    mean: known === 0 ? 0 : sum / known,
    median: known === 0 ? 0 : (sorted[(known - 1) >> 1]! + sorted[known >> 1]!) / 2,
    isInteger: isInteger && known > 0,
    isCounter: isCounter(values),
  };
  return { name, missing: values.length - known, distinct, numbers };
}

function isCounter(values: Float64Array): boolean {
  for (let row = 1; row < values.length; row++) if (values[row] !== values[row - 1]! + 1) return false;
  return values.length > 1;
}

function profileTexts({ name, codes, texts }: RawTextColumn): ColumnProfile {
  const counts = new Int32Array(texts.length);
  let missing = 0;
  for (const code of codes) {
    if (code >= 0) counts[code]!++;
    else missing++;
  }
  let length = 0;
  let words = 0;
  let distinct = 0;
  texts.forEach((text, code) => {
    if (counts[code] === 0) return;
    distinct++;
    length += text.length;
    words += text.split(/\s+/).length;
  });
  const divisor = Math.max(1, distinct);
  return {
    name,
    missing,
    distinct,
    texts: { counts, meanLength: length / divisor, meanWords: words / divisor },
  };
}
