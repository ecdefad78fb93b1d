import { z } from 'zod';
import { byCode, textColumn, trainCategories } from './categories.js';
import type { Encoder } from './encoder.js';

const schema = z.object({
  kind: z.literal('index'),
  column: z.string(),
  /** Those of the training rows, in order of code units: 1 stands for the first. */
  categories: z.array(z.string()),
});

/** Each takes a row of an embedding. */
const mostCategories = 65_536;

/** The number of its category, from 1, for a model that embeds it; 0 where it is missing or was not seen in training. */
export const categoryIndex: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows) {
    const categories = trainCategories(textColumn(column), trainRows, 'index', mostCategories);
    return { kind: 'index', column: column.name, categories };
  },
  names: () => [],
  write({ categories }, column, { out, rows, stride, feature }) {
    const texts = textColumn(column);
    const numberOf = new Map(categories.map((category, index) => [category, index + 1]));
    const ofCode = byCode(texts, (text) => numberOf.get(text));
    for (let i = 0; i < rows.length; i++) out[i * stride + feature] = ofCode(texts.codes[rows[i]!]!) ?? 0;
  },
};
