import { type Data, DataType, DateUnit, Precision, TimeUnit } from 'apache-arrow';

/** What a value of a time type is divided by to be in seconds. */
const perSecond: Readonly<Record<number, number>> = {
  [TimeUnit.SECOND]: 1,
  [TimeUnit.MILLISECOND]: 1e3,
  [TimeUnit.MICROSECOND]: 1e6,
  [TimeUnit.NANOSECOND]: 1e9,
};

/** How values of a type become numbers; `unit` as in a raw column. */
export interface NumberType {
  readonly unit?: 'days' | 'seconds' | 'duration';
  /** What each is divided by. */
  readonly divisor: number;
}

/** How a type becomes numbers; `undefined` if it does not. */
export function numberTypeOf(type: DataType): NumberType | undefined {
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isNull(type)) return { divisor: 1 };
  if (DataType.isDecimal(type)) return { divisor: 1 };
  if (DataType.isDate(type)) return { unit: 'days', divisor: type.unit === DateUnit.DAY ? 1 : 86_400_000 };
  if (DataType.isTimestamp(type)) return { unit: 'seconds', divisor: perSecond[type.unit]! };
  if (DataType.isTime(type) || DataType.isDuration(type)) return { unit: 'duration', divisor: perSecond[type.unit]! };
  return undefined;
}

/**
 * The values of a piece of a column as doubles, those that are null included; 64-bit integers as the nearest one.
 *
 * @throws Error if there are fewer values than the piece promises
 */
export function numbersOf(data: Data, { divisor }: NumberType): Float64Array {
  const { type, length } = data;
  if (DataType.isNull(type)) return new Float64Array(length).fill(Number.NaN);
  const values = data.values as ArrayLike<number> | BigInt64Array | BigUint64Array | undefined;
  const stride = DataType.isDecimal(type) ? type.bitWidth / 32 : 1;
  if (values === undefined || values.length < length * stride) throw new Error('a column has fewer values than rows');
  if (DataType.isDecimal(type)) return decimals(values as Uint32Array, length, stride, type.scale);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return wide(values, length, divisor);
  const numbers = new Float64Array(length);
  if (DataType.isFloat(type) && type.precision === Precision.HALF) {
    for (let i = 0; i < length; i++) numbers[i] = halfToNumber(values[i] as number);
    return numbers;
  }
  const plain = values as Float64Array;
  numbers.set(plain.length === length ? plain : plain.subarray(0, length));
  if (divisor !== 1) for (let i = 0; i < length; i++) numbers[i] = numbers[i]! / divisor;
  return numbers;
}

/** By halves of 32 bits: a double of each and their sum, which is rounded once, as a conversion of the whole is. */
function wide(values: BigInt64Array | BigUint64Array, length: number, divisor: number): Float64Array {
  const numbers = new Float64Array(length);
  const { buffer, byteOffset } = values;
  const low = new Uint32Array(buffer, byteOffset, length * 2);
  const high = values instanceof BigInt64Array ? new Int32Array(buffer, byteOffset, length * 2) : low;
  for (let i = 0; i < length; i++) numbers[i] = (high[2 * i + 1]! * 2 ** 32 + low[2 * i]!) / divisor;
  return numbers;
}

/** Little-endian integers of `stride` 32-bit words, in two's complement, times 10^-scale. */
function decimals(words: Uint32Array, length: number, stride: number, scale: number): Float64Array {
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    let integer = BigInt(words[(i + 1) * stride - 1]! | 0);
    for (let word = stride - 2; word >= 0; word--) integer = (integer << 32n) | BigInt(words[i * stride + word]!);
    // as text it is rounded once
    numbers[i] = Number(`${integer}e${-scale}`);
  }
  return numbers;
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
