import { z } from 'zod';
import { errors } from '../errors.js';

/** How many rows each split gets. What is neither validation nor test is for training. */
export interface SplitSizes {
  /** A fraction of the rows (0 < f < 1, rounded to the nearest count) or a count (1 or more). */
  readonly validation: number;
  /** The same, or 0 for no test split. */
  readonly test: number;
  /** Of the division; it belongs to the data set, not to a study, so that studies compare. 0 to 2^53 - 1. */
  readonly seed: number;
}

/** A fifth of the rows for validation, none for test, seed 0. */
const defaultSplitSizes: SplitSizes = { validation: 0.2, test: 0, seed: 0 };

/** How rows are told apart when they are divided. */
export interface SplitRule {
  /**
   * - `random`: each row for itself.
   * - `stratified`: the same, with each class's share in every split: what classifications do by default.
   * - `group`: rows with the same value of `column` stay together.
   * - `time`: in order of `column`, the earliest for training, the latest for test.
   */
  readonly by?: 'random' | 'stratified' | 'group' | 'time';
  /** Of `group` and `time`. It is no feature, unless `encode` names it. */
  readonly column?: string;
  /** For cross-validation: instead of `validation`, all rows but the test split are divided into so many parts, at least 2 … */
  readonly folds?: number;
  /**
   * … of which this one is for validation: 0 to `folds` - 1. Default 0. `all`: each in turn, so that a trial of a sweep is one model a fold, judged
   * by their mean.
   */
  readonly fold?: number | 'all';
}

/** How rows are divided: of folds, one is meant. */
export interface SplitPlan extends SplitSizes {
  readonly rule?: Omit<SplitRule, 'fold'> & { readonly fold?: number };
}

/** Of a data set's reference. */
export const splitRuleSchema = z
  .strictObject({
    by: z.enum(['random', 'stratified', 'group', 'time']).optional(),
    column: z.string().min(1).optional(),
    folds: z.int().min(2).optional(),
    fold: z.union([z.int().min(0), z.literal('all')]).optional(),
  })
  .superRefine(({ by, column, folds, fold }, context) => {
    const wrong = (message: string) => context.addIssue({ code: 'custom', message });
    const needsColumn = by === 'group' || by === 'time';
    if (needsColumn && column === undefined) wrong(`must name a column to split by ${by}`);
    if (!needsColumn && column !== undefined) wrong('has a column, and needs by: group or by: time to use it');
    if (by === 'time' && folds !== undefined) wrong('must not have folds by time: validation comes after training');
    if (fold !== undefined && folds === undefined) wrong('has a fold, and needs folds');
    if (typeof fold === 'number' && folds !== undefined && fold >= folds) wrong(`fold must be below folds, ${folds}`);
  }) as z.ZodType<SplitRule>;

/** The number of rows that a size stands for. @throws DATA_SPLIT_EMPTY */
export function requestedCount(split: 'validation' | 'test', requested: number, rows: number): number {
  if (split === 'test' && requested === 0) return 0;
  const count = requested < 1 ? Math.round(requested * rows) : requested;
  // The negation also refuses NaN.
  if (!(count >= 1)) throw errors.DATA_SPLIT_EMPTY({ split, requested, rows });
  return count;
}

/** A plan from the fields of a reference. @throws DATA_REFERENCE_INVALID for folds with a size for validation, and for all folds at once */
export function splitPlan(fields: Partial<SplitSizes> & { readonly splits?: SplitRule }): SplitPlan {
  const { validation, test, seed, splits: rule } = fields;
  if (rule?.folds !== undefined && validation !== undefined) {
    throw errors.DATA_REFERENCE_INVALID({ problems: 'validation must be left out with folds, which set its size' });
  }
  if (rule?.fold === 'all') {
    const problems =
      'splits.fold must be a number where one data set is wanted; all is for sweeps that train a model a fold';
    throw errors.DATA_REFERENCE_INVALID({ problems });
  }
  return {
    validation: validation ?? defaultSplitSizes.validation,
    test: test ?? defaultSplitSizes.test,
    seed: seed ?? defaultSplitSizes.seed,
    ...(rule === undefined ? {} : { rule: rule as NonNullable<SplitPlan['rule']> }),
  };
}
