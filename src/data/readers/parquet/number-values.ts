import type { NumberType } from './value-type.js';

/** Copies of values at an address where they can be read as what they are. Each thread has its own. */
let aligned = new ArrayBuffer(1 << 18);

/** Bytes of a value. */
function bytesOf({ stored }: NumberType): number {
  if (stored === 'INT96') return 12;
  return stored === 'INT32' || stored === 'FLOAT' ? 4 : 8;
}

/**
 * Decodes `count` values of the encoding PLAIN to `out[from]` and on.
 *
 * @param start of the values in `bytes`
 * @returns whether some are not finite
 * @throws Error if there are fewer
 */
export function readPlainNumbers(
  type: NumberType,
  bytes: Uint8Array,
  start: number,
  count: number,
  out: Float64Array,
  from: number,
): boolean {
  const byteCount = count * bytesOf(type);
  if (start + byteCount > bytes.length) throw new Error('a page ends before its values do');
  if (aligned.byteLength < byteCount) aligned = new ArrayBuffer(byteCount * 2);
  new Uint8Array(aligned).set(bytes.subarray(start, start + byteCount));
  if (type.stored === 'DOUBLE') return copyFloats(new Float64Array(aligned, 0, count), out, from);
  if (type.stored === 'FLOAT') return copySingles(new Float32Array(aligned, 0, count), out, from);
  if (type.stored === 'INT96') {
    copyMoments(count, out, from);
    return false;
  }
  if (type.stored === 'INT32') {
    if (type.isUnsigned) copyUnsigned(new Uint32Array(aligned, 0, count), out, from);
    else copyIntegers(new Int32Array(aligned, 0, count), out, from);
  } else copyWide(count, type.isUnsigned, out, from);
  if (type.isDecimal && type.stored === 'INT64') divideDecimals(out, from, count, type.divisor);
  else if (type.divisor !== 1) divide(out, from, count, type.divisor);
  return false;
}

// One function for each type of array: one for all of them would look at the type for each value.

function copyFloats(values: Float64Array, out: Float64Array, from: number): boolean {
  let differences = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    out[from + i] = value;
    // NaN for what is not finite
    differences += value - value;
  }
  return differences !== 0;
}

function copySingles(values: Float32Array, out: Float64Array, from: number): boolean {
  let differences = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    out[from + i] = value;
    differences += value - value;
  }
  return differences !== 0;
}

function copyIntegers(values: Int32Array, out: Float64Array, from: number): void {
  for (let i = 0; i < values.length; i++) out[from + i] = values[i]!;
}

function copyUnsigned(values: Uint32Array, out: Float64Array, from: number): void {
  for (let i = 0; i < values.length; i++) out[from + i] = values[i]!;
}

/** By halves of 32 bits: a double of each and their sum, which is rounded once, as a conversion of the whole is. */
function copyWide(count: number, isUnsigned: boolean, out: Float64Array, from: number): void {
  const low = new Uint32Array(aligned, 0, count * 2);
  const high = new Int32Array(aligned, 0, count * 2);
  if (isUnsigned) for (let i = 0; i < count; i++) out[from + i] = low[2 * i + 1]! * 2 ** 32 + low[2 * i]!;
  else for (let i = 0; i < count; i++) out[from + i] = high[2 * i + 1]! * 2 ** 32 + low[2 * i]!;
}

/** The Julian day of 1970-01-01. */
const julianEpoch = 2_440_588;

/** Nanoseconds of a day, 64 bits, and the day, 32 bits, to seconds since 1970. A count of nanoseconds since then would end in 2262. */
function copyMoments(count: number, out: Float64Array, from: number): void {
  const words = new Uint32Array(aligned, 0, count * 3);
  const days = new Int32Array(aligned, 0, count * 3);
  for (let i = 0; i < count; i++) {
    const nanoseconds = days[3 * i + 1]! * 2 ** 32 + words[3 * i]!;
    out[from + i] = (days[3 * i + 2]! - julianEpoch) * 86_400 + nanoseconds / 1e9;
  }
}

function divide(out: Float64Array, from: number, count: number, divisor: number): void {
  for (let i = from; i < from + count; i++) out[i] = out[i]! / divisor;
}

/** A quotient of integers that are doubles is rounded once, as the decimal's text would be; larger ones become that text. */
function divideDecimals(out: Float64Array, from: number, count: number, divisor: number): void {
  const exact = new BigInt64Array(aligned, 0, count);
  const scale = Math.round(Math.log10(divisor));
  for (let i = 0; i < count; i++) {
    const value = out[from + i]!;
    out[from + i] = Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value / divisor : Number(`${exact[i]}e-${scale}`);
  }
}
