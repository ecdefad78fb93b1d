import { errors } from './errors.js';
import { type RawColumn, type RawNumberColumn, type RawTextColumn, textExample } from './raw-table.js';

export type Task = 'classification' | 'regression';

/** Distinct integers up to which a column of integers is taken for classes, unless the task is given. */
const integerClassLimit = 50;

/** Classes that a classification may have. */
const classLimit = 1_000;

/** The target of the rows in which it is known. */
export type EncodedTarget = {
  /** Numbers of those rows in the source, ascending. */
  readonly rows: Int32Array;
} & (
  | { readonly kind: 'class'; readonly classes: readonly string[]; readonly codes: Int32Array }
  | { readonly kind: 'number'; readonly values: Float32Array }
);

/**
 * Turns a column into a target. Texts become classes, in order of code units. Integers with at most 50 distinct values
 * become classes, in ascending order. Other numbers stay numbers, as float32. `task` overrides which of the two numbers
 * become. Rows in which the target is missing are left out.
 *
 * @throws DATA_TARGET_ALL_MISSING, DATA_TARGET_ONE_CLASS, DATA_TARGET_TOO_MANY_CLASSES, DATA_TARGET_NOT_NUMBER, and
 * DATA_NUMBER_NOT_FINITE for a number that is too large for float32.
 */
export function encodeTarget(column: RawColumn, task?: Task): EncodedTarget {
  const rows = knownRows(column);
  if (rows.length === 0) {
    const count = column.kind === 'text' ? column.codes.length : column.values.length;
    throw errors.DATA_TARGET_ALL_MISSING({ column: column.name, rows: count });
  }
  if (column.kind === 'text') {
    if (task === 'regression') throw notNumber(column);
    return classesOfTexts(column, rows);
  }
  const isClass = task === undefined ? isIntegerClass(column, rows) : task === 'classification';
  return isClass ? classesOfNumbers(column, rows) : numbers(column, rows);
}

function knownRows(column: RawColumn): Int32Array {
  const isKnown =
    column.kind === 'text'
      ? (row: number) => column.codes[row] !== -1
      : (row: number) => !Number.isNaN(column.values[row]);
  const count = column.kind === 'text' ? column.codes.length : column.values.length;
  const rows = new Int32Array(count);
  let known = 0;
  for (let row = 0; row < count; row++) if (isKnown(row)) rows[known++] = row;
  return rows.slice(0, known);
}

function notNumber(column: RawTextColumn): Error {
  const { firstText, texts, name } = column;
  const example = firstText === undefined ? `"${texts[0]}"` : `"${firstText.text}" in row ${firstText.row}`;
  return errors.DATA_TARGET_NOT_NUMBER({ column: name, example });
}

function classesOfTexts(column: RawTextColumn, rows: Int32Array): EncodedTarget {
  const { name, codes, texts, firstText } = column;
  if (texts.length > classLimit) {
    const count = String(texts.length);
    throw errors.DATA_TARGET_TOO_MANY_CLASSES({ column: name, count, limit: classLimit, ...textExample(firstText) });
  }
  const classes = [...texts].sort();
  const classOf = new Map(classes.map((text, code) => [text, code]));
  const classOfCode = texts.map((text) => classOf.get(text)!);
  return checked(name, { kind: 'class', rows, classes, codes: rows.map((row) => classOfCode[codes[row]!]!) });
}

/** Distinct values of the rows; stops looking once there are more than `limit`. */
function distinctValues({ values }: RawNumberColumn, rows: Int32Array, limit: number): Set<number> {
  const distinct = new Set<number>();
  for (const row of rows) {
    distinct.add(values[row]!);
    if (distinct.size > limit) break;
  }
  return distinct;
}

function isIntegerClass(column: RawNumberColumn, rows: Int32Array): boolean {
  const distinct = distinctValues(column, rows, integerClassLimit);
  return distinct.size <= integerClassLimit && [...distinct].every(Number.isInteger);
}

function classesOfNumbers(column: RawNumberColumn, rows: Int32Array): EncodedTarget {
  const distinct = distinctValues(column, rows, classLimit);
  if (distinct.size > classLimit) {
    const count = `more than ${classLimit}`;
    throw errors.DATA_TARGET_TOO_MANY_CLASSES({ column: column.name, count, limit: classLimit });
  }
  const sorted = [...distinct].sort((a, b) => a - b);
  const classOf = new Map(sorted.map((value, code) => [value, code]));
  const codes = rows.map((row) => classOf.get(column.values[row]!)!);
  return checked(column.name, { kind: 'class', rows, classes: sorted.map(String), codes });
}

function checked(column: string, target: EncodedTarget & { kind: 'class' }): EncodedTarget {
  if (target.classes.length < 2) throw errors.DATA_TARGET_ONE_CLASS({ column, value: target.classes[0]! });
  return target;
}

function numbers(column: RawNumberColumn, rows: Int32Array): EncodedTarget {
  const values = Float32Array.from(rows, (row) => column.values[row]!);
  const infinite = values.findIndex((value) => !Number.isFinite(value));
  if (infinite !== -1) {
    const row = rows[infinite]!;
    const value = `${column.values[row]}, which is too large for float32,`;
    throw errors.DATA_NUMBER_NOT_FINITE({ column: column.name, row: row + 1, value });
  }
  return { kind: 'number', rows, values };
}
