import type { SchemaElement, TimeUnit } from 'hyparquet';
import type { RawNumberColumn } from '../../raw-table.js';

/** How a column's values are stored and what they become. Structured-cloneable. */
export type ValueType = NumberType | { readonly kind: 'text' } | { readonly kind: 'boolean' };

export interface NumberType {
  readonly kind: 'number';
  readonly stored: 'INT32' | 'INT64' | 'INT96' | 'FLOAT' | 'DOUBLE';
  readonly isUnsigned: boolean;
  /** What each is divided by, a power of ten; a decimal's quotient is rounded once. */
  readonly divisor: number;
  readonly isDecimal: boolean;
  readonly unit: RawNumberColumn['unit'];
}

const perSecond: Readonly<Record<TimeUnit, number>> = { MILLIS: 1e3, MICROS: 1e6, NANOS: 1e9 };

/** Powers of ten up to this one are doubles. */
const exactScale = 22;

/**
 * The type of a column's values; `undefined` if they are not decoded here. The column is flat and of a kind that can be read.
 *
 * @param isText whether bytes without an annotation are texts
 */
export function valueTypeOf(element: SchemaElement, isText: boolean): ValueType | undefined {
  const { type } = element;
  if (type === 'BOOLEAN') return { kind: 'boolean' };
  if (type === 'BYTE_ARRAY') return isText || isAnnotatedText(element) ? { kind: 'text' } : undefined;
  if (type === 'FLOAT' || type === 'DOUBLE') return annotationOf(element) === undefined ? number(type) : undefined;
  // what Impala, Hive and Spark write of moments: nanoseconds of a day, and the day's number in Julian's calendar
  if (type === 'INT96') return number(type, { unit: 'seconds' });
  if (type === 'INT32' || type === 'INT64') return integerType(element, type);
  return undefined;
}

function number(stored: NumberType['stored'], more: Partial<NumberType> = {}): NumberType {
  return { kind: 'number', stored, isUnsigned: false, divisor: 1, isDecimal: false, unit: undefined, ...more };
}

function annotationOf({ converted_type, logical_type }: SchemaElement): string | undefined {
  return logical_type?.type ?? converted_type;
}

function isAnnotatedText(element: SchemaElement): boolean {
  return ['STRING', 'UTF8', 'ENUM'].includes(annotationOf(element) ?? '');
}

/** Files of old have converted types only, new ones logical types as well. */
function integerType({ logical_type, converted_type, scale }: SchemaElement, stored: 'INT32' | 'INT64') {
  if (logical_type !== undefined) {
    const { type } = logical_type;
    if (type === 'INTEGER') return number(stored, { isUnsigned: !logical_type.isSigned });
    if (type === 'DATE') return number(stored, { unit: 'days' });
    if (type === 'TIME') return number(stored, { unit: 'duration', divisor: perSecond[logical_type.unit] });
    if (type === 'TIMESTAMP') return number(stored, { unit: 'seconds', divisor: perSecond[logical_type.unit] });
    return type === 'DECIMAL' ? decimal(stored, logical_type.scale) : undefined;
  }
  if (converted_type === undefined || /^INT_\d+$/.test(converted_type)) return number(stored);
  if (/^UINT_\d+$/.test(converted_type)) return number(stored, { isUnsigned: true });
  if (converted_type === 'DATE') return number(stored, { unit: 'days' });
  const time = /^(TIME|TIMESTAMP)_(MILLIS|MICROS)$/.exec(converted_type);
  if (time !== null) {
    const unit = time[1] === 'TIME' ? 'duration' : 'seconds';
    return number(stored, { unit, divisor: perSecond[time[2] as TimeUnit] });
  }
  return converted_type === 'DECIMAL' ? decimal(stored, scale) : undefined;
}

function decimal(stored: 'INT32' | 'INT64', scale = 0): NumberType | undefined {
  if (!(scale >= 0 && scale <= exactScale)) return undefined;
  return number(stored, { divisor: 10 ** scale, isDecimal: true });
}
