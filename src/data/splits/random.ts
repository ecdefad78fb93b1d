import type { Key } from '../../random/index.js';
import { errors } from '../errors.js';
import { type Parts, partsOf } from './parts.js';
import { requestedCount, type SplitPlan } from './plan.js';
import { type RowClasses, shares, shuffledStrata, strataOf } from './strata.js';

/**
 * Divides rows at random. With classes each class gives its share of every split, to the row, and keeps at least one
 * training row.
 *
 * @throws DATA_SPLIT_EMPTY, DATA_CLASS_TOO_SMALL, DATA_SPLIT_TOO_LARGE
 */
export function randomSplits(key: Key, rowCount: number, plan: SplitPlan, classes?: RowClasses): Parts {
  const validation = requestedCount('validation', plan.validation, rowCount);
  const test = requestedCount('test', plan.test, rowCount);
  const strata = strataOf(rowCount, classes);
  const room = strata.map((rows) => rows.length - 1);
  const tooLarge = () =>
    errors.DATA_SPLIT_TOO_LARGE({
      validation,
      test,
      rows: rowCount,
      reserved: classes === undefined ? 1 : room.length,
    });
  const validationShares = shares(validation, strata, room);
  if (validationShares === undefined) throw tooLarge();
  const roomForTest = room.map((rows, stratum) => rows - validationShares[stratum]!);
  const testShares = shares(test, strata, roomForTest);
  if (testShares === undefined) throw tooLarge();
  return partsOf(shuffledStrata(key, strata), (position, stratum) => {
    if (position < validationShares[stratum]!) return 'validation';
    return position < validationShares[stratum]! + testShares[stratum]! ? 'test' : 'train';
  });
}
