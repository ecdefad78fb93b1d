import { instants } from '../dates.js';
import { errors } from '../errors.js';
import type { RawColumn } from '../raw-table.js';
import type { Parts } from './parts.js';
import { requestedCount, type SplitPlan } from './plan.js';

/**
 * Divides rows by when they were: training first, then validation, test last. Rows of one moment are in one split: where a border
 * would part them, they go to the later one. The seed plays no part.
 *
 * @param column numbers, or texts that are ISO 8601 dates
 * @throws DATA_SPLIT_TIME if a row's time is missing or unreadable, DATA_SPLIT_EMPTY, DATA_SPLIT_TOO_LARGE
 */
export function splitsByTime(rowCount: number, plan: SplitPlan, column: RawColumn): Parts {
  const validation = requestedCount('validation', plan.validation, rowCount);
  const test = requestedCount('test', plan.test, rowCount);
  const times = timesOf(column);
  const order = Array.from({ length: rowCount }, (_, row) => row).sort((a, b) => times[a]! - times[b]! || a - b);
  const testStart = borderAt(order, times, rowCount - test);
  const validationStart = borderAt(order, times, testStart - validation);
  if (validationStart < 1) throw errors.DATA_SPLIT_TOO_LARGE({ validation, test, rows: rowCount, reserved: 1 });
  return {
    train: order.slice(0, validationStart),
    validation: order.slice(validationStart, testStart),
    test: order.slice(testStart),
  };
}

/** The last place at or before `position` where the moment changes. */
function borderAt(order: readonly number[], times: Float64Array, position: number): number {
  let border = position;
  while (border > 0 && border < order.length && times[order[border]!] === times[order[border - 1]!]) border--;
  return border;
}

function timesOf(column: RawColumn): Float64Array {
  const times = instants(column);
  const unknown = times.findIndex((time) => Number.isNaN(time));
  if (unknown === -1) return times;
  const text = column.kind === 'text' ? column.texts[column.codes[unknown]!] : undefined;
  const given = text === undefined ? 'none' : `"${text}"`;
  throw errors.DATA_SPLIT_TIME({ column: column.name, row: unknown + 1, given });
}
