import { errors } from '../errors.js';
import type { RawColumn, RawNumberColumn } from '../raw-table.js';
import type { EncoderKind, Place } from './encoder.js';

/**
 * The column as numbers.
 *
 * @throws DATA_ENCODER_INPUT if it holds texts.
 */
export function numberColumn(column: RawColumn, kind: EncoderKind): RawNumberColumn {
  if (column.kind === 'number') return column;
  const { name, firstText, texts } = column;
  const example = firstText === undefined ? `"${texts[0] ?? ''}"` : `"${firstText.text}" in row ${firstText.row}`;
  throw errors.DATA_ENCODER_INPUT({ column: name, kind, must: 'numbers', example });
}

/** Names of a number's features: itself and, where it is missing in some training row, a feature that says so. */
export function numberNames({ column, hasMissing }: { column: string; hasMissing: boolean }): string[] {
  return hasMissing ? [column, `${column} is missing`] : [column];
}

/**
 * Writes one feature a row, and 1 into the next one where the value is missing and that has a feature.
 *
 * @param missing the feature of a missing value: one in the middle of what `scale` gives
 */
export function writeNumbers(
  values: ArrayLike<number>,
  { out, rows, stride, feature }: Place,
  { hasMissing, missing }: { hasMissing: boolean; missing: number },
  scale: (value: number) => number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    const at = i * stride + feature;
    if (!Number.isNaN(value)) {
      out[at] = scale(value);
      continue;
    }
    out[at] = missing;
    if (hasMissing) out[at + 1] = 1;
  }
}

/** The values that are known in these rows. */
export function knownValues(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  const known = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) if (!Number.isNaN(values[row])) known[count++] = values[row]!;
  return known.subarray(0, count);
}
