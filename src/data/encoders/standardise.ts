import { z } from 'zod';
import { momentsOf } from '../moments.js';
import type { Encoder } from './encoder.js';
import { numberColumn, numberNames, writeNumbers } from './numbers.js';

const schema = z.object({
  kind: z.literal('standardise'),
  column: z.string(),
  /** Of the training rows in which it is known; 0 when it is known in none. */
  mean: z.number(),
  /** Standard deviation (divided by n) of the same rows; 0 for a constant column, whose feature is 0 everywhere. */
  deviation: z.number(),
  /** Whether a second feature says 1 where the value is missing: when it is missing in some training row. */
  hasMissing: z.boolean(),
});

/** (value − mean) / deviation: mean 0 and deviation 1 over the training rows. 0 where it is missing. */
export const standardise: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows) {
    const { name, values } = numberColumn(column, 'standardise');
    const { mean, deviation, count } = momentsOf(values, trainRows);
    return { kind: 'standardise', column: name, mean, deviation, hasMissing: count < trainRows.length };
  },
  names: numberNames,
  write({ mean, deviation, hasMissing }, column, place) {
    const { values } = numberColumn(column, 'standardise');
    writeNumbers(values, place, { hasMissing, missing: 0 }, (value) =>
      deviation === 0 ? 0 : (value - mean) / deviation,
    );
  },
};
