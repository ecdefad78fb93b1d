import type { RawColumn } from '../raw-table.js';
import type { ColumnProfile } from './column-profile.js';

/** What a column is taken for. */
export const columnKinds = ['numeric', 'categorical', 'ordinal', 'date', 'text', 'id'] as const;

export type ColumnKind = (typeof columnKinds)[number];

/** Rows from which it means something that all values differ. */
const enoughRows = 20;

/** Distinct integers of a scale such as a rating. */
const scaleLimits = { least: 3, most: 12, lowest: 0, highest: 20 } as const;

/** Words of a text on average, or its length, from which it is prose. */
const prose = { words: 4, length: 60 } as const;

/** Scales that are the same everywhere, least first, in lower case. */
const scales: readonly (readonly string[])[] = [
  ['very low', 'low', 'medium', 'high', 'very high'],
  ['very low', 'low', 'moderate', 'high', 'very high'],
  ['xxs', 'xs', 's', 'm', 'l', 'xl', 'xxl', 'xxxl'],
  ['tiny', 'small', 'medium', 'large', 'huge'],
  ['very bad', 'bad', 'fair', 'good', 'very good', 'excellent'],
  ['very poor', 'poor', 'fair', 'average', 'good', 'very good', 'excellent'],
  ['strongly disagree', 'disagree', 'neutral', 'agree', 'strongly agree'],
  ['never', 'rarely', 'sometimes', 'often', 'always'],
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  [
    'january',
    'february',
    'march',
    'april',
    'may',
    'june',
    'july',
    'august',
    'september',
    'october',
    'november',
    'december',
  ],
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
];

/** A column's kind, why where it is not obvious, and the order of an ordinal's texts, least first. */
export interface KindGuess {
  readonly kind: ColumnKind;
  readonly why?: string;
  readonly order?: readonly string[];
}

/**
 * The kind of a column, by its cells and its name:
 * - dates that a reader has found are `date`;
 * - whole numbers that all differ and count up by one, or are named like an identifier, are `id`; 3 to 12 different whole
 *   numbers that follow one another between 0 and 20 are `ordinal`; other numbers are `numeric`;
 * - texts in an order that the file states, or all of one well-known scale, are `ordinal`; texts of four words or 60 letters
 *   and more on average most of which differ are `text`; other texts of which more than 19 in 20 differ are `id`; all
 *   others are `categorical`.
 */
export function guessKind(column: RawColumn, profile: ColumnProfile, rowCount: number): KindGuess {
  return column.kind === 'number'
    ? guessNumber(column.name, column.unit, profile, rowCount)
    : guessText(column.texts, column.isOrdered === true, profile, rowCount);
}

function guessNumber(name: string, unit: string | undefined, profile: ColumnProfile, rowCount: number): KindGuess {
  const { numbers, distinct, missing } = profile;
  if (unit === 'days' || unit === 'seconds') return { kind: 'date' };
  if (numbers === undefined || !numbers.isInteger) return { kind: 'numeric' };
  if (rowCount >= enoughRows && missing === 0 && distinct === rowCount) {
    if (numbers.isCounter) return { kind: 'id', why: 'its values count the rows' };
    if (isIdName(name)) return { kind: 'id', why: 'its values all differ, and its name is one of an identifier' };
  }
  const { least, most, lowest, highest } = scaleLimits;
  const isScale = distinct >= least && distinct <= most && numbers.min >= lowest && numbers.max <= highest;
  const isGapless = numbers.max - numbers.min + 1 === distinct;
  return { kind: isScale && isGapless && rowCount >= enoughRows ? 'ordinal' : 'numeric' };
}

/** `id`, `user_id`, `userId`, `row number`, `key`, `uuid`, and what tools call an index without a name. */
export function isIdName(name: string): boolean {
  return (
    /(^|[\s_.-])(id|ids|idx|index|key|uuid|guid|number|no|nr|rownum)$/i.test(name) ||
    /[a-z](Id|ID|Key|Index)$/.test(name) ||
    /^(column \d+|unnamed: ?\d+|rownames?|pk)$/i.test(name)
  );
}

function guessText(texts: readonly string[], isOrdered: boolean, profile: ColumnProfile, rowCount: number): KindGuess {
  if (isOrdered) return { kind: 'ordinal', why: 'the file states an order', order: texts };
  const order = scaleOf(texts);
  if (order !== undefined) return { kind: 'ordinal', why: 'its texts are a well-known scale', order };
  const known = rowCount - profile.missing;
  const { meanWords, meanLength } = profile.texts!;
  const share = profile.distinct / Math.max(1, known);
  if (known >= enoughRows && share > 0.5 && (meanWords >= prose.words || meanLength >= prose.length)) {
    return { kind: 'text', why: 'its cells are prose, most of which differ' };
  }
  if (known >= enoughRows && share > 0.95) return { kind: 'id', why: 'nearly all of its texts differ' };
  return { kind: 'categorical' };
}

/** The texts in the order of the scale that has them all; at least three of it, or a scale's both ends. */
function scaleOf(texts: readonly string[]): readonly string[] | undefined {
  const lower = texts.map((text) => text.trim().toLowerCase());
  if (lower.length < 3 || new Set(lower).size < lower.length) return undefined;
  const scale = scales.find((one) => lower.every((text) => one.includes(text)));
  if (scale === undefined) return undefined;
  const ranks = new Map(texts.map((text, i) => [text, scale.indexOf(lower[i]!)]));
  return [...texts].sort((a, b) => ranks.get(a)! - ranks.get(b)!);
}
