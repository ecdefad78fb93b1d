import { z } from 'zod';
import { foldIn, seedKey } from '../../random/index.js';
import { byCode, textColumn } from './categories.js';
import type { Encoder } from './encoder.js';

const schema = z.object({
  kind: z.literal('hash'),
  column: z.string(),
  buckets: z.int().min(2),
  /** Of the hash: its seed. */
  key: z.int().min(0),
});

/** As many features as a column gets by default. */
const defaultBuckets = 64;

/**
 * 1 in one of a fixed number of features, by a keyed hash of column and text (Weinberger et al. 2009, "Feature hashing for large
 * scale multitask learning", without their sign): categories that were not seen in training have a feature too, and several share
 * one. Nothing where it is missing. It learns nothing from the rows.
 */
export const hashing: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, _trainRows, { buckets = defaultBuckets }) {
    return { kind: 'hash', column: column.name, buckets, key: 0 };
  },
  names: ({ column, buckets }) => Array.from({ length: buckets }, (_, bucket) => `${column}#${bucket}`),
  write({ column: name, buckets, key }, column, { out, rows, stride, feature }) {
    const texts = textColumn(column);
    const columnKey = foldIn(seedKey(key), 'hash', name);
    const ofCode = byCode(texts, (text) => foldIn(columnKey, text)[0] % buckets);
    for (let i = 0; i < rows.length; i++) {
      const bucket = ofCode(texts.codes[rows[i]!]!);
      if (bucket !== undefined) out[i * stride + feature + bucket] = 1;
    }
  },
};
