/** The encoders, one a file: what makes features of a column. */
import { z } from 'zod';
import type { DateUnit } from '../dates.js';
import { categoryIndex } from './category-index.js';
import { dateParts } from './date-parts.js';
import type { Encoder, EncoderKind, EncodingBase } from './encoder.js';
import { hashing } from './hashing.js';
import { log } from './log.js';
import { minMax } from './min-max.js';
import { oneHot } from './one-hot.js';
import { ordinal } from './ordinal.js';
import { quantile } from './quantile.js';
import { raw } from './raw.js';
import { standardise } from './standardise.js';

const encoders = {
  standardise,
  quantile,
  'min-max': minMax,
  log,
  raw,
  ordinal,
  date: dateParts,
  'one-hot': oneHot,
  hash: hashing,
  index: categoryIndex,
} as const satisfies Readonly<Record<EncoderKind, unknown>>;

type FittedBy<E> = E extends Encoder<infer F> ? F : never;

type FittedEncoding = FittedBy<(typeof encoders)[EncoderKind]>;

/** A fitted encoding of one column, of any kind. JSON. */
export type ColumnEncoding = FittedEncoding & {
  /** What the column held when it was fitted: cells of new rows are read as that. */
  readonly cells: 'number' | 'text';
  /** Given for dates: what the numbers count, since 1970. */
  readonly unit?: DateUnit | undefined;
};

/** An encoding as JSON. */
export const encodingSchema: z.ZodType<ColumnEncoding> = z.intersection(
  z.union(Object.values(encoders).map(({ schema }) => schema) as unknown as [z.ZodType<FittedEncoding>]),
  z.object({ cells: z.enum(['number', 'text']), unit: z.enum(['days', 'seconds']).optional() }),
);

/** The encoder of a kind, for encodings of that kind. */
export function encoderOf(kind: EncoderKind): Encoder<EncodingBase & FittedEncoding> {
  return encoders[kind] as unknown as Encoder<EncodingBase & FittedEncoding>;
}

export type { EncoderChoice, EncoderKind, Place } from './encoder.js';
