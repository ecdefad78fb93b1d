import { foldIn, type Key, permutation } from '../random/index.js';
import { errors } from './errors.js';

export interface BatchOptions {
  /** Of the order: one a trial, or one a study if all trials shall see the same batches. */
  readonly key: Key;
  /** The training split: at least one row number. */
  readonly rows: Int32Array;
  /** Rows a step, at least 1. May exceed the number of rows: a batch then holds rows more than once. */
  readonly batchSize: number;
  /** The first step to fill, from 0. */
  readonly fromStep: number;
  /** Steps to fill, 0 or more. */
  readonly stepCount: number;
}

/**
 * Writes the row numbers of steps `fromStep` to `fromStep + stepCount` (not included) into `out`,
 * `[stepCount, batchSize]`.
 *
 * Row j of step s is at position p = s × batchSize + j of an endless sequence of epochs. Each epoch is a permutation of
 * all rows, keyed by its number: `foldIn(key, 'epoch', e)`. So batches straddle epochs, no row is dropped, and `out` is a
 * pure function of the arguments: any steps can be computed alone, in any order, in any thread.
 *
 * @throws DATA_BATCH_ARGUMENTS if a size is out of range or `out` is not exactly as long as needed.
 */
export function fillBatches(out: Int32Array, options: BatchOptions): void {
  checkBatches(out, options);
  const { key, rows, batchSize, fromStep } = options;
  let position = fromStep * batchSize;
  let filled = 0;
  while (filled < out.length) {
    const epoch = Math.floor(position / rows.length);
    const within = position - epoch * rows.length;
    const count = Math.min(rows.length - within, out.length - filled);
    const order = permutation(foldIn(key, 'epoch', epoch), rows.length);
    for (let i = 0; i < count; i++) out[filled + i] = rows[order.at(within + i)]!;
    filled += count;
    position += count;
  }
}

function checkBatches(out: Int32Array, { rows, batchSize, fromStep, stepCount }: BatchOptions): void {
  const check = (name: string, given: number, holds: boolean, must: string) => {
    if (!holds) throw errors.DATA_BATCH_ARGUMENTS({ name, must, given });
  };
  const atLeast = (name: string, given: number, least: number) =>
    check(name, given, Number.isSafeInteger(given) && given >= least, `an integer of at least ${least}`);
  atLeast('rows.length', rows.length, 1);
  atLeast('batchSize', batchSize, 1);
  atLeast('fromStep', fromStep, 0);
  atLeast('stepCount', stepCount, 0);
  const end = (fromStep + stepCount) * batchSize;
  check('(fromStep + stepCount) × batchSize', end, Number.isSafeInteger(end), 'at most 2^53 - 1');
  const expected = stepCount * batchSize;
  check('out.length', out.length, out.length === expected, `stepCount × batchSize = ${expected}`);
}
