import { z } from 'zod';
import { errors } from '../errors.js';
import { byCode, textColumn } from './categories.js';
import type { Encoder } from './encoder.js';
import { numberNames } from './numbers.js';

const schema = z.object({
  kind: z.literal('ordinal'),
  column: z.string(),
  /** From least to most, at least two. */
  order: z.array(z.string()),
  /** Whether a second feature says 1 where it is missing or not in the order: when that is so in some training row. */
  hasMissing: z.boolean(),
});

/** Its place in the order, evenly from 0 to 1; 0.5 where it is missing or not in the order. */
export const ordinal: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows, { order = [] }) {
    const { codes, texts, name } = textColumn(column);
    const known = new Set(order);
    const stranger = texts.find((text) => !known.has(text));
    if (!texts.some((text) => known.has(text)) && stranger !== undefined) {
      const must = `one of ${order.map((text) => `"${text}"`).join(', ')}`;
      throw errors.DATA_ENCODER_INPUT({ column: name, kind: 'ordinal', must, example: `"${stranger}"` });
    }
    const isKnown = texts.map((text) => known.has(text));
    const hasMissing = trainRows.some((row) => isKnown[codes[row]!] !== true);
    return { kind: 'ordinal', column: name, order: [...order], hasMissing };
  },
  names: numberNames,
  write({ order, hasMissing }, column, { out, rows, stride, feature }) {
    const texts = textColumn(column);
    const placeOf = new Map(order.map((text, index) => [text, index / (order.length - 1)]));
    const ofCode = byCode(texts, (text) => placeOf.get(text));
    for (let i = 0; i < rows.length; i++) {
      const place = ofCode(texts.codes[rows[i]!]!);
      const at = i * stride + feature;
      out[at] = place ?? 0.5;
      if (place === undefined && hasMissing) out[at + 1] = 1;
    }
  },
};
