/**
 * Decimal text to the nearest double, without a string: what `Number(text)` gives, from bytes.
 *
 * symbol, meaning: m, the number's digits as an integer; e, the power of ten that they are multiplied by; m = high + low, where m
 * has more digits than a double.
 */

/** Powers of ten that are exact doubles. */
export const exactPowers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Digits that a double holds exactly, whatever they are. */
const exactDigits = 15;

const zero = 48;
const nine = 57;
const splitter = 2 ** 27 + 1;

/** What rounds a · b: a · b = fl(a · b) + this, exactly. T. J. Dekker, "A floating-point technique for extending the available precision", 1971. */
function productError(a: number, b: number, product: number): number {
  const aBig = splitter * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = splitter * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/**
 * (high + low) · 10^e, correctly rounded, for 0 ≤ high + low < 2^64 with |low| at most half a unit of high's last place, and
 * |e| ≤ 22; NaN in the rare case that it cannot be told which of two doubles is nearer. The quotient (or product) is
 * computed to twice a double's precision, and accepted if its error bound, 2^-50 units of the last place and here taken as
 * 2^-30 of the correction, cannot change the rounding. D. E. Knuth's two-sum and A. Ziv's rounding test ("Fast
 * evaluation of elementary mathematical functions with correctly rounded last bit", 1991).
 */
function scaled(high: number, low: number, e: number): number {
  let first: number;
  let correction: number;
  if (e < 0) {
    const power = exactPowers[-e]!;
    first = high / power;
    const product = first * power;
    correction = (high - product - productError(first, power, product) + low) / power;
  } else {
    const power = exactPowers[e]!;
    first = high * power;
    correction = productError(high, power, first) + low * power;
  }
  const sum = first + correction;
  const rest = correction - (sum - first);
  return sum + rest * (1 + 2 ** -30) === sum ? sum : Number.NaN;
}

/**
 * The number that `bytes` from `start` to `end` (not included) spell: an optional sign, digits with at most one point among or
 * around them, an optional exponent; NaN if they spell anything else. Correctly rounded; too large is Infinity.
 *
 * @param mark what the point is, one byte
 */
export function decimalOf(bytes: Uint8Array, start: number, end: number, mark: number): number {
  const sign = bytes[start];
  let at = sign === 45 || sign === 43 ? start + 1 : start;
  // the first 15 significant digits and the 4 that follow, as integers; further ones are counted only
  let leading = 0;
  let leadingCount = 0;
  let trailing = 0;
  let trailingCount = 0;
  let digitCount = 0;
  let exponent = 0;
  let point = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === mark && point === 0) {
      point = 1;
      continue;
    }
    if (byte < zero || byte > nine) break;
    digitCount++;
    exponent -= point;
    if (leadingCount < exactDigits) {
      leading = leading * 10 + byte - zero;
      if (leading !== 0) leadingCount++;
    } else {
      if (trailingCount < 4) trailing = trailing * 10 + byte - zero;
      trailingCount++;
    }
  }
  if (digitCount === 0) return Number.NaN;
  exponent += at === end ? 0 : exponentOf(bytes, at, end);
  if (Number.isNaN(exponent)) return Number.NaN;
  const value = combined(leading, trailing, trailingCount, exponent);
  if (Number.isNaN(value)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    return Number(text.replace(String.fromCharCode(mark), '.'));
  }
  return sign === 45 ? -value : value;
}

/** (leading · 10^count + trailing) · 10^e, correctly rounded; NaN where that takes more than two doubles. */
function combined(leading: number, trailing: number, count: number, e: number): number {
  if (e < -22 || e > 22 || count > 4) return Number.NaN;
  if (count === 0) return e < 0 ? leading / exactPowers[-e]! : leading * exactPowers[e]!;
  const power = exactPowers[count]!;
  const high = leading * power;
  const sum = high + trailing;
  return scaled(sum, productError(leading, power, high) + (trailing - (sum - high)), e);
}

/** NaN if it is not `e`, an optional sign, and digits. */
function exponentOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if ((bytes[at]! | 32) !== 101) return Number.NaN;
  at++;
  const sign = bytes[at];
  if (sign === 45 || sign === 43) at++;
  if (at >= end) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < zero || byte > nine) return Number.NaN;
    exponent = Math.min(exponent * 10 + byte - zero, 100_000);
  }
  return sign === 45 ? -exponent : exponent;
}
