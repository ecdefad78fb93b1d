import { z } from 'zod';
import { columnKinds } from './column-kind.js';
import { imagesSchema } from './images-schema.js';
import { textSchema } from './text-schema.js';

const text = z.string();
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');

const columnSchema = z.strictObject({
  name: text,
  kind: z.enum(columnKinds),
  /** Columns that are left out are not in the Arrow file. */
  role: z.enum(['target', 'feature', 'left out']),
  missing: count,
  distinct: count,
  /** Why it is of its kind, where that is not obvious. */
  note: text.optional(),
  /** What a date counts since 1970-01-01 00:00 UTC; `duration`: seconds, since nothing. */
  unit: z.enum(['days', 'seconds', 'duration']).optional(),
  range: z.strictObject({ min: z.number(), max: z.number(), mean: z.number(), median: z.number() }).optional(),
  /** The most frequent ones, at most ten. */
  categories: z.array(z.strictObject({ text, count })).optional(),
  /** Texts of an ordinal, least first. */
  order: z.array(text).optional(),
});

const warningSchema = z.strictObject({
  code: z.enum([
    'target-missing',
    'imbalanced',
    'duplicate-rows',
    'constant',
    'mostly-missing',
    'duplicate-column',
    'huge-category',
    'mixed',
    'rounded',
    'leak',
  ]),
  /** Absent where it is about the whole table. */
  column: text.optional(),
  text,
});

const importSchema = z.strictObject({
  rowCount: count,
  target: text,
  task: z.enum(['classification', 'regression']),
  columns: z.array(columnSchema),
  /** Rows of each class of the target; none for a regression. */
  classes: z.array(z.strictObject({ name: text, count })),
  /** Rows that repeat an earlier one. */
  duplicateRows: count,
  warnings: z.array(warningSchema),
});

const fileSchema = z.strictObject({ file: text, bytes: count, sha256 });

/** What the manifest of an import is called. */
export const manifestFile = 'manifest.json';

/** What every manifest has. */
const head = {
  format: z.literal('tfjs-tuner import'),
  version: z.literal(1),
  name: text.min(1),
  source: fileSchema,
  /** As they were given. */
  options: z.record(text, z.unknown()),
  /** Of the programs that made it. */
  versions: z.record(text, text),
  data: fileSchema,
  /** What was assumed of the source, or left out of it. */
  notes: z.array(text),
};

/** A table: the first kind of import that there was, so that it has no `kind`. */
const tableManifestSchema = z.strictObject({ ...head, kind: z.undefined().optional(), schema: importSchema });

const imagesManifestSchema = z.strictObject({
  ...head,
  kind: z.literal('images'),
  /** Of images in IDX, the file of their labels. */
  labels: fileSchema.optional(),
  schema: imagesSchema,
});

const textManifestSchema = z.strictObject({ ...head, kind: z.literal('text'), schema: textSchema });

/** What stands beside the Arrow file of an import, in {@link manifestFile}. */
export function manifestSchemaFor(value: unknown) {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (kind === 'images') return imagesManifestSchema;
  return kind === 'text' ? textManifestSchema : tableManifestSchema;
}

export type ColumnSchema = z.infer<typeof columnSchema>;
export type ImportWarning = z.infer<typeof warningSchema>;
export type ImportSchema = z.infer<typeof importSchema>;
export type TableManifest = z.infer<typeof tableManifestSchema>;
export type ImagesManifest = z.infer<typeof imagesManifestSchema>;
export type TextManifest = z.infer<typeof textManifestSchema>;
export type ImportManifest = TableManifest | ImagesManifest | TextManifest;
