import { z } from 'zod';
import { tokenKinds } from '../tokens.js';

const text = z.string();
const count = z.int().min(0);

/** What is known of an imported text. */
export const textSchema = z.strictObject({
  /** Of tokens. */
  rowCount: count,
  tokens: z.enum(tokenKinds),
  /** Of the vocabulary: all characters that occur, or the 256 bytes. */
  vocabularySize: count,
  /** Different tokens that occur. */
  distinct: count,
  lines: count,
  /** The most frequent tokens, at most ten, and the rarest, at most ten, the most frequent first. */
  frequent: z.array(z.strictObject({ token: text, count })),
  rare: z.array(z.strictObject({ token: text, count })),
  warnings: z.array(z.strictObject({ code: z.enum(['damaged', 'unseen', 'repeated']), text })),
});

export type TextSchema = z.infer<typeof textSchema>;
