import { z } from 'zod';
import { encodingSchema } from './encoders/index.js';
import type { TabularEncoder } from './feature-encoder.js';
import type { SeriesWindows } from './shared-dataset.js';

const column = z.string();

/** Version 1 knew numbers, standardised, and texts, one-hot. */
const encodingOfVersion1 = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('number'), column, mean: z.number(), deviation: z.number(), hasMissing: z.boolean() })
    .transform((encoding) => ({ ...encoding, kind: 'standardise' as const, cells: 'number' as const })),
  z
    .object({ kind: z.literal('category'), column, categories: z.array(z.string()) })
    .transform((encoding) => ({ ...encoding, kind: 'one-hot' as const, cells: 'text' as const })),
]);

/** How windows of a series are made, as JSON. */
export const seriesSchema: z.ZodType<SeriesWindows> = z.object({
  columns: z.array(z.object({ column, mean: z.number(), deviation: z.number().positive() })).min(1),
  window: z.int().min(1),
  horizon: z.int().min(1),
});

/** An encoder as JSON, of this version or an older one, which becomes one of this version. */
export const encoderSchema: z.ZodType<TabularEncoder> = z.union([
  z.object({
    version: z.literal(2),
    missing: z.array(z.string()).optional(),
    header: z.literal(false).optional(),
    columns: z.array(encodingSchema),
  }),
  z
    .object({ version: z.literal(1), columns: z.array(encodingOfVersion1) })
    .transform(({ columns }) => ({ version: 2 as const, columns })),
]);
