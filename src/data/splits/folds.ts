import type { Key } from '../../random/index.js';
import { errors } from '../errors.js';
import { type Parts, partsOf } from './parts.js';
import { requestedCount, type SplitPlan } from './plan.js';
import { type RowClasses, shares, shuffledStrata, strataOf } from './strata.js';

/**
 * Cross-validation (Stone 1974): the test split is the same for every fold; the other rows are dealt to the folds in turn, class by
 * class where there are classes, so that the sizes of folds, and of a class in them, differ by one at most. One fold is for
 * validation, the others for training.
 *
 * @throws DATA_SPLIT_EMPTY, DATA_CLASS_TOO_SMALL, DATA_SPLIT_TOO_LARGE
 */
export function foldSplits(key: Key, rowCount: number, plan: SplitPlan, classes?: RowClasses): Parts {
  const { folds = 2, fold = 0 } = plan.rule ?? {};
  const test = requestedCount('test', plan.test, rowCount);
  const strata = strataOf(rowCount, classes);
  // of two rows of a class, one can be in the fold that is for validation
  const room = strata.map((rows) => Math.max(0, rows.length - 2));
  const testShares = shares(test, strata, room);
  if (testShares === undefined || rowCount - test < folds) {
    const validation = Math.ceil((rowCount - test) / folds);
    throw errors.DATA_SPLIT_TOO_LARGE({ validation, test, rows: rowCount, reserved: Math.max(folds, strata.length) });
  }
  let dealt = 0;
  return partsOf(shuffledStrata(key, strata), (position, stratum) => {
    if (position < testShares[stratum]!) return 'test';
    return dealt++ % folds === fold ? 'validation' : 'train';
  });
}
