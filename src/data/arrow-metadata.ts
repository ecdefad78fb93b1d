import type { Schema } from 'apache-arrow';
import { z } from 'zod';
import { errors } from './errors.js';
import { describeIssues } from './issues.js';
import { encoderSchema, seriesSchema } from './read-encoder.js';
import type { SharedDataset } from './shared-dataset.js';

/** Key of a schema's metadata under which all that columns cannot say is kept, as JSON. */
const metadataKey = 'tfjs-tuner.dataset';

/** Key of a field's metadata under which the shape of one row is kept, as JSON, where rows are not scalars. */
export const rowShapeKey = 'rowShape';

const text = z.string();
const metadataSchema = z.object({
  version: z.literal(1),
  name: text,
  features: z.object({
    column: text,
    scale: z.number(),
    offset: z.number(),
    names: z.array(text).optional(),
    vocabulary: z.array(text).optional(),
  }),
  categories: z.object({ column: text, names: z.array(text), sizes: z.array(z.int().min(1)) }).optional(),
  target: z.discriminatedUnion('kind', [
    z.object({ column: text, kind: z.literal('class'), classes: z.array(text), label: text.optional() }),
    z.object({
      column: text,
      kind: z.literal('number'),
      mean: z.number(),
      deviation: z.number(),
      label: text.optional(),
    }),
    z.object({ kind: z.literal('none') }),
  ]),
  encoder: encoderSchema.optional(),
  series: seriesSchema.optional(),
  droppedRowCount: z.int().min(0),
  digest: text,
});

const rowShapeSchema = z.array(z.int().min(1)).min(1);

/** The part of a data set that its Arrow columns do not hold. */
export type DatasetMetadata = Pick<
  SharedDataset,
  'name' | 'features' | 'categories' | 'target' | 'encoder' | 'series' | 'droppedRowCount' | 'digest'
>;

/** Metadata of the schema of a data set's table. */
export function writeMetadata(dataset: DatasetMetadata): Map<string, string> {
  const { name, features, categories, target, encoder, series, droppedRowCount, digest } = dataset;
  const metadata = { version: 1, name, features, categories, target, encoder, series, droppedRowCount, digest };
  return new Map([[metadataKey, JSON.stringify(metadata)]]);
}

/** Whether a table says of itself that it was made of a data set. */
export function isDatasetSchema(schema: Schema): boolean {
  return schema.metadata.has(metadataKey);
}

/** @throws DATA_ARROW_FOREIGN if it is not a data set's table, or one of a later version of the format. */
export function readMetadata(schema: Schema): DatasetMetadata {
  const { version, ...metadata } = parsed(schema.metadata.get(metadataKey), metadataKey, metadataSchema);
  return metadata as DatasetMetadata;
}

/** @throws DATA_ARROW_FOREIGN if it is not the JSON of a shape. */
export function readRowShape(metadata: ReadonlyMap<string, string>): number[] {
  return parsed(metadata.get(rowShapeKey), rowShapeKey, rowShapeSchema);
}

function parsed<T>(json: string | undefined, key: string, schema: z.ZodType<T>): T {
  if (json === undefined) throw foreignTable(`its metadata lack the key ${key}`);
  const result = schema.safeParse(parseJson(json, key));
  if (!result.success) throw foreignTable(`its metadata ${key} are not valid: ${describeIssues(result.error)}`);
  return result.data;
}

function parseJson(json: string, key: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw foreignTable(`its metadata ${key} are not JSON`, cause);
  }
}

/** The error for a table that was not made of a data set. */
export function foreignTable(reason: string, cause?: unknown): Error {
  return errors.DATA_ARROW_FOREIGN({ reason }, cause);
}
