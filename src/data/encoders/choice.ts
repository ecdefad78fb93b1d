import { z } from 'zod';
import { dateUnitOf, parseDate } from '../dates.js';
import { errors } from '../errors.js';
import type { RawColumn } from '../raw-table.js';
import { seenCategories } from './categories.js';
import type { EncoderChoice } from './encoder.js';

/** Encoders that need to be told nothing. */
const plainKinds = ['standardise', 'quantile', 'min-max', 'log', 'date', 'one-hot', 'hash', 'index'] as const;

const numberKinds = ['standardise', 'quantile', 'min-max', 'log'] as const;
const categoryKinds = ['one-hot', 'hash', 'index'] as const;

const orderSchema = z
  .array(z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .min(2)
  .refine((order) => new Set(order).size === order.length, { error: 'must not name a category twice' });

const choiceSchema = z.union([
  z.enum(plainKinds),
  z.strictObject({ quantile: z.enum(['normal', 'uniform']) }),
  z.strictObject({ hash: z.int().min(2).max(65_536) }),
  z.strictObject({ ordinal: orderSchema }),
]);

/** How columns are encoded, in a data set's reference. */
export const encodingFields = {
  encode: z.record(z.string(), choiceSchema).optional(),
  numbers: z.enum(numberKinds).optional(),
  categories: z.enum(categoryKinds).optional(),
};

/** How columns are to be encoded. All of it is optional. */
export interface EncodingChoices {
  /** By column: the name of an encoder, or `{ quantile: uniform }`, `{ hash: 128 }` (buckets), `{ ordinal: [low, high] }`. */
  readonly encode?: Readonly<Record<string, z.infer<typeof choiceSchema>>>;
  /** Of columns of numbers that `encode` does not name. Default: `standardise`. */
  readonly numbers?: (typeof numberKinds)[number];
  /** Of columns of texts that `encode` does not name. Default: see {@link choiceFor}. */
  readonly categories?: (typeof categoryKinds)[number];
}

/** Categories in the training rows up to which a column of texts is encoded one-hot, unless something else is chosen. */
const oneHotLimit = 64;

/** @throws DATA_COLUMN_UNKNOWN if a column that is named is not among the features. */
export function checkChoices({ encode = {} }: EncodingChoices, columns: readonly string[]): void {
  for (const column of Object.keys(encode)) {
    if (!columns.includes(column)) throw errors.DATA_COLUMN_UNKNOWN({ role: 'encoded column', column, columns });
  }
}

/**
 * How a column is encoded. What is chosen for it by name comes first; then dates that a reader has found are dates, and what is chosen
 * for its type counts. Otherwise numbers are standardised; texts in an order that their source states (or that an import found) are
 * ordinal; others are one-hot with at most 64 categories in the training rows, dates where all of them are ISO 8601 dates, and else hashed.
 */
export function choiceFor(column: RawColumn, trainRows: Int32Array, choices: EncodingChoices): EncoderChoice {
  const named = Object.hasOwn(choices.encode ?? {}, column.name) ? choices.encode![column.name] : undefined;
  if (named !== undefined) return normalised(named);
  if (dateUnitOf(column) !== undefined) return { kind: 'date' };
  if (column.kind === 'number') return { kind: choices.numbers ?? 'standardise' };
  if (choices.categories !== undefined) return { kind: choices.categories };
  if (column.isOrdered && column.texts.length > 1) return { kind: 'ordinal', order: column.texts };
  if (seenCategories(column, trainRows).length <= oneHotLimit) return { kind: 'one-hot' };
  return { kind: column.texts.every((text) => !Number.isNaN(parseDate(text))) ? 'date' : 'hash' };
}

function normalised(choice: z.infer<typeof choiceSchema>): EncoderChoice {
  if (typeof choice === 'string') return { kind: choice };
  if ('quantile' in choice) return { kind: 'quantile', output: choice.quantile };
  if ('hash' in choice) return { kind: 'hash', buckets: choice.hash };
  return { kind: 'ordinal', order: choice.ordinal };
}
