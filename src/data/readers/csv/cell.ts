/** What a cell of text is: the same for columns that are trained on and for new rows. */
import { decimalOf } from './decimal.js';

/**
 * The number that a cell spells, with or without spaces around it: a decimal, or `inf` or `infinity` in any case, with or without a sign, which is
 * Infinity, a value that callers refuse; NaN for anything else.
 *
 * @param mark between whole and fraction, one byte
 */
export function numberInCell(bytes: Uint8Array, start: number, end: number, mark: number): number {
  const value = decimalOf(bytes, start, end, mark);
  if (!Number.isNaN(value)) return value;
  let [from, to] = [start, end];
  while (from < to && isSpace(bytes[from]!)) from++;
  while (from < to && isSpace(bytes[to - 1]!)) to--;
  const spelt = from === start && to === end ? value : decimalOf(bytes, from, to, mark);
  if (!Number.isNaN(spelt)) return spelt;
  return isInfinity(bytes, from, to) ? Number.POSITIVE_INFINITY : Number.NaN;
}

export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

function isInfinity(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 3 || end - start > 9) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  return /^[+-]?inf(inity)?$/i.test(text);
}
