import { z } from 'zod';
import { byCode, textColumn, trainCategories } from './categories.js';
import type { Encoder } from './encoder.js';

const schema = z.object({
  kind: z.literal('one-hot'),
  column: z.string(),
  /** Those of the training rows, in order of code units; one feature each. */
  categories: z.array(z.string()),
});

/** Each takes a feature, 4 bytes a row. */
const mostCategories = 1_000;

/** 1 in the feature of its category, and nothing where it is missing or was not seen in training. */
export const oneHot: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows) {
    const categories = trainCategories(textColumn(column), trainRows, 'one-hot', mostCategories);
    return { kind: 'one-hot', column: column.name, categories };
  },
  names: ({ column, categories }) => categories.map((category) => `${column}=${category}`),
  write({ categories }, column, { out, rows, stride, feature }) {
    const texts = textColumn(column);
    const featureOf = new Map(categories.map((category, index) => [category, index]));
    const ofCode = byCode(texts, (text) => featureOf.get(text));
    for (let i = 0; i < rows.length; i++) {
      const within = ofCode(texts.codes[rows[i]!]!);
      if (within !== undefined) out[i * stride + feature + within] = 1;
    }
  },
};
