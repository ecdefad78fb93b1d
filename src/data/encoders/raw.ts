import { z } from 'zod';
import type { Encoder } from './encoder.js';
import { knownValues, numberColumn, numberNames, writeNumbers } from './numbers.js';

const schema = z.object({
  kind: z.literal('raw'),
  column: z.string(),
  /** Whether a second feature says 1 where the value is missing: when it is missing in some training row. */
  hasMissing: z.boolean(),
});

/** The number itself, for models that scale what they are given or look it up: tokens of an embedding, pixels. 0 where it is missing. */
export const raw: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows) {
    const { name, values } = numberColumn(column, 'raw');
    return { kind: 'raw', column: name, hasMissing: knownValues(values, trainRows).length < trainRows.length };
  },
  names: numberNames,
  write({ hasMissing }, column, place) {
    const { values } = numberColumn(column, 'raw');
    writeNumbers(values, place, { hasMissing, missing: 0 }, (value) => value);
  },
};
