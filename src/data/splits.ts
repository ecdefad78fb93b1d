/** Dividing rows into training, validation and test: one way a file in `splits/`. */
import { foldIn, seedKey } from '../random/index.js';
import { errors } from './errors.js';
import type { RawColumn } from './raw-table.js';
import type { SplitRows } from './shared-layout.js';
import { splitsByTime } from './splits/by-time.js';
import { foldSplits } from './splits/folds.js';
import { groupedSplits } from './splits/grouped.js';
import type { Parts } from './splits/parts.js';
import type { SplitPlan } from './splits/plan.js';
import { randomSplits } from './splits/random.js';
import type { RowClasses } from './splits/strata.js';

export { type SplitPlan, type SplitRule, type SplitSizes, splitPlan, splitRuleSchema } from './splits/plan.js';

/**
 * Divides rows 0 to `rowCount` - 1, at random unless it is by time, keyed by the seed alone. With classes the division is
 * stratified, unless the plan says otherwise. Each split is in ascending order of row numbers.
 *
 * @param column what the plan's rule names, one value a row
 * @throws DATA_SPLIT_EMPTY if a split would have no row, DATA_CLASS_TOO_SMALL if a class has one row only,
 * DATA_SPLIT_TOO_LARGE if too few rows would be left for training, DATA_SPLIT_GROUPS, DATA_SPLIT_TIME,
 * DATA_SPLIT_RULE if the rows lack what the rule goes by.
 */
export function splitRows(rowCount: number, plan: SplitPlan, classes?: RowClasses, column?: RawColumn): SplitRows {
  const { train, validation, test } = divide(rowCount, plan, classes, column);
  const ascending = (rows: readonly number[]) => Int32Array.from(rows).sort();
  const required = { train: ascending(train), validation: ascending(validation) };
  return test.length === 0 ? required : { ...required, test: ascending(test) };
}

function divide(rowCount: number, plan: SplitPlan, classes?: RowClasses, column?: RawColumn): Parts {
  const { by, folds } = plan.rule ?? {};
  const key = foldIn(seedKey(plan.seed), 'split');
  if (by === 'group' || by === 'time') {
    if (column === undefined) throw errors.DATA_SPLIT_RULE({ by, lacks: 'columns' });
    return by === 'group' ? groupedSplits(key, rowCount, plan, column) : splitsByTime(rowCount, plan, column);
  }
  if (by === 'stratified' && classes === undefined) throw errors.DATA_SPLIT_RULE({ by, lacks: 'classes' });
  const strata = by === 'random' ? undefined : classes;
  if (folds !== undefined) return foldSplits(key, rowCount, plan, strata);
  return randomSplits(key, rowCount, plan, strata);
}
