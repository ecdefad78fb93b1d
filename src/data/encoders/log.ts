import { z } from 'zod';
import { momentsOf } from '../moments.js';
import type { Encoder } from './encoder.js';
import { numberColumn, numberNames, writeNumbers } from './numbers.js';

const schema = z.object({
  kind: z.literal('log'),
  column: z.string(),
  /** Of the logarithms of the training rows in which the value is known. */
  mean: z.number(),
  deviation: z.number(),
  hasMissing: z.boolean(),
});

/** log(1 + |value|) with the value's sign: close to the value near 0, and to its logarithm far from it; any number has one. */
const signedLog = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value));

/** The signed logarithm, standardised: for amounts, counts and incomes. 0 where it is missing. */
export const log: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows) {
    const { name, values } = numberColumn(column, 'log');
    const { mean, deviation, count } = momentsOf(values.map(signedLog), trainRows);
    return { kind: 'log', column: name, mean, deviation, hasMissing: count < trainRows.length };
  },
  names: numberNames,
  write({ mean, deviation, hasMissing }, column, place) {
    const { values } = numberColumn(column, 'log');
    writeNumbers(values, place, { hasMissing, missing: 0 }, (value) =>
      deviation === 0 ? 0 : (signedLog(value) - mean) / deviation,
    );
  },
};
