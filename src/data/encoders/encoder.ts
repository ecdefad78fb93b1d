import type { z } from 'zod';
import type { RawColumn } from '../raw-table.js';

/** What every fitted encoding says of itself, beside its own numbers. JSON. */
export interface EncodingBase {
  readonly kind: string;
  /** The column that it was fitted to and is applied to. */
  readonly column: string;
}

/** How a column is to be encoded, before anything was fitted: a kind, and what that kind can be told. */
export interface EncoderChoice {
  readonly kind: EncoderKind;
  /** Of `quantile`: the distribution of its features over the training rows. Default `normal`. */
  readonly output?: 'normal' | 'uniform';
  /** Of `hash`: how many features there are. Default 64. */
  readonly buckets?: number;
  /** Of `ordinal`: the categories from least to most. */
  readonly order?: readonly string[];
}

export type EncoderKind =
  | 'standardise'
  | 'quantile'
  | 'min-max'
  | 'log'
  | 'raw'
  | 'ordinal'
  | 'date'
  | 'one-hot'
  | 'hash'
  | 'index';

/** Where the features of one column go. */
export interface Place {
  /** `[rows, stride]`, zeroed. */
  readonly out: { [index: number]: number };
  /** Rows of the column that are encoded, in this order. */
  readonly rows: Int32Array;
  /** Values a row in `out`. */
  readonly stride: number;
  /** The first of the column's values in a row. */
  readonly feature: number;
}

/**
 * One way to make features of a column. What it learns comes from the rows that `fit` is given, the training rows, and from
 * nothing else. Whatever a cell holds, its features are numbers: a missing one and one that was not seen in training have their
 * own, which each member says.
 */
export interface Encoder<E extends EncodingBase> {
  /** What a fitted encoding is as JSON. */
  readonly schema: z.ZodType<E>;
  /** @throws DATA_ENCODER_INPUT, DATA_TOO_MANY_CATEGORIES */
  fit(column: RawColumn, trainRows: Int32Array, choice: EncoderChoice): E;
  /** Names of its features, in order; none where it gives the number of a category instead. */
  names(encoding: E): readonly string[];
  /** Writes `names(encoding).length` values a row (one, where it gives the number of a category). */
  write(encoding: E, column: RawColumn, place: Place): void;
}
