import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { z } from 'zod';
import { didYouMean } from '../errors/index.js';
import { parseByteSize } from '../files/index.js';
import { errors } from './errors.js';
import { describeIssues } from './issues.js';
import { datasetNames } from './manifest.js';
import { defaultSplitSizes, type SplitSizes } from './splits.js';

/** A fraction of the rows (0 < f < 1) or a count (an integer of at least 1). */
const splitSize = z.number().refine((size) => (size > 0 && size < 1) || (Number.isSafeInteger(size) && size >= 1), {
  error: ({ input }) => `must be a fraction between 0 and 1, or a count of at least 1, and is ${input}`,
});

const splitFields = {
  validation: splitSize.optional(),
  test: z.union([z.literal(0), splitSize]).optional(),
  seed: z.int().min(0).optional(),
};

const tableReference = z.strictObject({
  path: z.string().min(1),
  target: z.string().min(1),
  ...splitFields,
  task: z.enum(['classification', 'regression']).optional(),
  delimiter: z.string().length(1).optional(),
  ignore: z.array(z.string()).optional(),
});

const memorySize = z.union([z.number(), z.string()]).transform((given, context) => {
  const bytes = parseByteSize(given);
  if (bytes === undefined) context.addIssue(`must be bytes, or a size such as 500MB or 2GiB, and is ${given}`);
  return bytes ?? z.NEVER;
});

const writtenReference = z.strictObject({ path: z.string().min(1), memory: memorySize });

const imagesReference = z.strictObject({ images: z.string().min(1), labels: z.string().min(1), ...splitFields });

/** A file of rows: CSV, Arrow or Parquet. */
export interface TableReference extends Partial<SplitSizes> {
  readonly path: string;
  /** Column that is predicted. */
  readonly target: string;
  /** By default told from the target's values. */
  readonly task?: 'classification' | 'regression';
  /** Between cells of delimited text, one character; by default a tab for `.tsv`, else a comma. */
  readonly delimiter?: string;
  /** Columns that are left out. */
  readonly ignore?: readonly string[];
}

/** An Arrow file that was written from a data set, and the memory that it may take: if it is larger, it is streamed. */
export interface WrittenReference {
  readonly path: string;
  /** Bytes, or a size such as `500MB` (powers of 1000) or `2GiB` (powers of 1024). */
  readonly memory: number | string;
}

/** Images and labels in two IDX files, as MNIST has them, gzipped or not. */
export interface ImagesReference extends Partial<SplitSizes> {
  readonly images: string;
  readonly labels: string;
}

/**
 * What names a data set: the name of one that ships, the path of an Arrow file that was written from a data set, or files
 * of one's own with how to read and split them. JSON.
 */
export type DatasetReference = string | TableReference | WrittenReference | ImagesReference;

/**
 * Checks that a value is a reference, and makes its paths absolute, so that it means the same in any folder. Names of data
 * sets that ship stay as they are and win over files of the same name. Resolving a resolved reference changes nothing.
 *
 * @param baseDirectory where relative paths start: the folder of the sweep file.
 * @throws DATA_REFERENCE_INVALID, which says all that is wrong; DATA_DATASET_UNKNOWN for a word that is neither a name
 * nor a file. Whether other files exist is seen when they are read.
 */
export function resolveReference(value: unknown, baseDirectory: string): DatasetReference {
  const reference = parseReference(value);
  const absolute = (path: string) => resolve(baseDirectory, path);
  if (typeof reference === 'string') return resolveWord(reference, absolute(reference));
  if ('images' in reference) {
    return { ...reference, images: absolute(reference.images), labels: absolute(reference.labels) };
  }
  return { ...reference, path: absolute(reference.path) };
}

function resolveWord(word: string, path: string): string {
  const names = datasetNames();
  if (names.includes(word)) return word;
  const looksLikePath = /[\\/]/.test(word) || extname(word) !== '';
  if (!looksLikePath && !existsSync(path)) throw errors.DATA_DATASET_UNKNOWN({ name: word, known: names });
  return path;
}

function parseReference(value: unknown): DatasetReference {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.DATA_REFERENCE_INVALID({
      problems: `it must be a name or an object, and is ${JSON.stringify(value)}`,
    });
  }
  const schema = schemaFor(value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as DatasetReference;
  const known = Object.keys(schema.shape);
  const hints = Object.keys(value).flatMap((key) => (known.includes(key) ? [] : [didYouMean(key, known)]));
  throw errors.DATA_REFERENCE_INVALID({ problems: describeIssues(parsed.error) + hints.join('') });
}

function schemaFor(value: object) {
  if ('images' in value || 'labels' in value) return imagesReference;
  return 'memory' in value && !('target' in value) ? writtenReference : tableReference;
}

/** Split sizes with defaults filled in. */
export function splitSizes({ validation, test, seed }: Partial<SplitSizes>): SplitSizes {
  return {
    validation: validation ?? defaultSplitSizes.validation,
    test: test ?? defaultSplitSizes.test,
    seed: seed ?? defaultSplitSizes.seed,
  };
}

/** A file's name without its extensions: what a data set from it is called. */
export function nameOfFile(path: string): string {
  return basename(path).replace(/(\.[a-z0-9]+?)?(\.gz)?$/i, '') || basename(path);
}
