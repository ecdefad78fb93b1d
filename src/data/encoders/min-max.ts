import { z } from 'zod';
import type { Encoder } from './encoder.js';
import { knownValues, numberColumn, numberNames, writeNumbers } from './numbers.js';

const schema = z.object({
  kind: z.literal('min-max'),
  column: z.string(),
  /** Of the training rows in which it is known; 0 when it is known in none. */
  least: z.number(),
  most: z.number(),
  hasMissing: z.boolean(),
});

/**
 * 0 for the least value of the training rows, 1 for the largest, in proportion between and beyond. 0.5 where it is missing, or
 * the column is constant in training.
 */
export const minMax: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows) {
    const { name, values } = numberColumn(column, 'min-max');
    const known = knownValues(values, trainRows);
    const hasMissing = known.length < trainRows.length;
    if (known.length === 0) return { kind: 'min-max', column: name, least: 0, most: 0, hasMissing };
    const least = known.reduce((a, b) => Math.min(a, b));
    const most = known.reduce((a, b) => Math.max(a, b));
    return { kind: 'min-max', column: name, least, most, hasMissing };
  },
  names: numberNames,
  write({ least, most, hasMissing }, column, place) {
    const { values } = numberColumn(column, 'min-max');
    // halved, so that no difference overflows
    const range = most / 2 - least / 2;
    writeNumbers(values, place, { hasMissing, missing: 0.5 }, (value) =>
      range === 0 ? 0.5 : (value / 2 - least / 2) / range,
    );
  },
};
