import { errors } from './errors.js';

/**
 * A value far outside the training rows' range can exceed float32 once it is encoded.
 *
 * @param x `[rows, names]`
 * @param numberOf a row's number in its source, counted from 1
 * @throws DATA_NUMBER_NOT_FINITE
 */
export function checkFeatures(x: Float32Array, names: readonly string[], numberOf: (row: number) => number): void {
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i])) continue;
    const value = 'a value that is too large for float32 once it is encoded';
    throw errors.DATA_NUMBER_NOT_FINITE({
      column: names[i % names.length]!,
      row: numberOf(Math.floor(i / names.length)),
      value,
    });
  }
}
