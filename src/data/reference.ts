import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { z } from 'zod';
import { didYouMean } from '../errors/index.js';
import { parseByteSize } from '../files/index.js';
import { type EncodingChoices, encodingFields } from './encoders/choice.js';
import { errors } from './errors.js';
import { describeIssues, inWords } from './issues.js';
import { datasetNames } from './manifest.js';
import { type Decimal, decimals } from './readers/csv/dialect.js';
import { type Encoding, encodings } from './readers/csv/encoding.js';
import { type SplitPlan, type SplitRule, type SplitSizes, splitPlan, splitRuleSchema } from './splits.js';

/** A fraction of the rows (0 < f < 1) or a count (an integer of at least 1). */
const splitSize = z.number().refine((size) => (size > 0 && size < 1) || (Number.isSafeInteger(size) && size >= 1), {
  error: ({ input }) => `must be a fraction between 0 and 1, or a count of at least 1, and is ${input}`,
});

const splitFields = {
  validation: splitSize.optional(),
  test: z.union([z.literal(0), splitSize]).optional(),
  seed: z.int().min(0).optional(),
  splits: splitRuleSchema.optional(),
};

/** One byte, which no number and no quote has. */
const delimiter = z
  .string()
  .regex(/^[\t -~]$/, 'must be one character of ASCII')
  .regex(/^[^"\r\n0-9.+-]$/, 'must not be a quote, a digit, a sign or a point');

const memorySize = z.union([z.number(), z.string()]).transform((given, context) => {
  const bytes = parseByteSize(given);
  if (bytes === undefined) context.addIssue(`must be bytes, or a size such as 500MB or 2GiB, and is ${given}`);
  return bytes ?? z.NEVER;
});

const tableReference = z.strictObject({
  path: z.string().min(1),
  target: z.string().min(1).optional(),
  memory: memorySize.optional(),
  ...splitFields,
  task: z.enum(['classification', 'regression']).optional(),
  delimiter: delimiter.optional(),
  decimal: z.enum(decimals).optional(),
  encoding: z.enum(encodings).optional(),
  missing: z.array(z.string()).optional(),
  ignore: z.array(z.string()).optional(),
  texts: z.array(z.string()).optional(),
  header: z.boolean().optional(),
  ...encodingFields,
});

const writtenReference = z.strictObject({ path: z.string().min(1), memory: memorySize });

const shippedReference = z.strictObject({ name: z.string().min(1), ...splitFields });

const imagesReference = z.strictObject({ images: z.string().min(1), labels: z.string().min(1), ...splitFields });

const windowSize = z.int().min(1);

const textReference = z.strictObject({
  text: z.string().min(1),
  context: windowSize,
  stride: windowSize.optional(),
  validation: splitSize.optional(),
  test: z.union([z.literal(0), splitSize]).optional(),
  tokens: z.enum(['characters', 'bytes']).optional(),
  vocabulary: z.string().optional(),
});

const seriesReference = z.strictObject({
  series: z.string().min(1),
  columns: z.array(z.string().min(1)).min(1).optional(),
  target: z.string().min(1),
  window: windowSize,
  horizon: windowSize.optional(),
  validation: splitSize.optional(),
  test: z.union([z.literal(0), splitSize]).optional(),
  delimiter: delimiter.optional(),
  decimal: z.enum(decimals).optional(),
});

const side = z.int().min(1).max(4096);

const folderReference = z.strictObject({
  folder: z.string().min(1),
  size: z.tuple([side, side]).optional(),
  channels: z.union([z.literal(1), z.literal(3)]).optional(),
  skipUnreadable: z.boolean().optional(),
  ...splitFields,
});

/** How a reference divides its rows. */
export interface SplitFields extends Partial<SplitSizes> {
  readonly splits?: SplitRule;
}

/** A data set that ships, divided otherwise than by default: what is left out is as its manifest says. */
export interface ShippedReference extends SplitFields {
  readonly name: string;
}

/** A file of rows, or the folder of an import: CSV, JSON lines, Arrow or Parquet. */
export interface TableReference extends SplitFields, EncodingChoices {
  readonly path: string;
  /** Column that is predicted; an import has one of its own. */
  readonly target?: string;
  /**
   * Bytes that it may take, or a size such as `500MB`: it is then encoded a few columns at a time into a file in the cache, which is streamed if
   * it is larger than that.
   */
  readonly memory?: number | string;
  /** By default told from the target's values. */
  readonly task?: 'classification' | 'regression';
  /** Between cells of delimited text, one character; by default told from the first lines. */
  readonly delimiter?: string;
  /** Between whole and fraction of numbers in delimited text; by default told from the first lines. */
  readonly decimal?: Decimal;
  /** Of text; by default told from the text: UTF-8, UTF-16, or else Windows-1252. */
  readonly encoding?: Encoding;
  /** Further cells of text that are read as missing, beside empty ones, `NA` and the like. */
  readonly missing?: readonly string[];
  /** Columns that are left out. */
  readonly ignore?: readonly string[];
  /** Columns of numbers that are read as texts, as they are spelt: postcodes, numbers of 64 bits that name something. */
  readonly texts?: readonly string[];
  /** Whether the first record of delimited text names the columns; by default true. Otherwise they are `column 1`, `column 2`, … */
  readonly header?: boolean;
}

/** An Arrow file that was written from a data set, and the memory that it may take: if it is larger, it is streamed. */
export interface WrittenReference {
  readonly path: string;
  /** Bytes, or a size such as `500MB` (powers of 1000) or `2GiB` (powers of 1024). */
  readonly memory: number | string;
}

/** Images and labels in two IDX files, as MNIST has them, gzipped or not. */
export interface ImagesReference extends SplitFields {
  readonly images: string;
  readonly labels: string;
}

/** A text, for models that predict each next token: rows are windows of it, and its last part is for validation. */
export interface TextReference {
  readonly text: string;
  /** Tokens of a window, at least 1. */
  readonly context: number;
  /** Tokens from one training window to the next, at least 1; by default `context`, so that they do not overlap. */
  readonly stride?: number;
  /** A fraction of the text (0 < f < 1) or a count of tokens, rounded up to whole windows; by default 0.1. */
  readonly validation?: number;
  /** The same, behind the part for validation; by default 0: none. */
  readonly test?: number;
  /** By default `characters`, of UTF-8. */
  readonly tokens?: 'characters' | 'bytes';
  /** Characters in the order of their numbers, each once; by default all that occur in the text, in ascending order. */
  readonly vocabulary?: string;
}

/** A table whose rows are times in their order, for models that forecast: rows of the data set are windows of it. */
export interface SeriesReference {
  readonly series: string;
  /** Columns that are read, in this order; by default all that are numbers. */
  readonly columns?: readonly string[];
  /** Column that is forecast. */
  readonly target: string;
  /** Times that are read for a forecast, at least 1. */
  readonly window: number;
  /** Times from the last one that is read to the one that is forecast, at least 1; by default 1: the next. */
  readonly horizon?: number;
  /** A fraction of the times (0 < f < 1) or a count of them, at the end; by default 0.2. */
  readonly validation?: number;
  /** The same, behind those for validation; by default 0: none. */
  readonly test?: number;
  /** Between cells of delimited text, one character. */
  readonly delimiter?: string;
  /** Between whole and fraction of numbers in delimited text; by default told from the first lines. */
  readonly decimal?: Decimal;
}

/** A folder of images with a folder for each class in it. */
export interface ImageFolderReference extends SplitFields {
  readonly folder: string;
  /** Height and width that images are stretched to; by default all must have the same. */
  readonly size?: readonly [number, number];
  /** 1 for grey, 3 for colours; by default the first image's. */
  readonly channels?: 1 | 3;
  /** Whether images that cannot be read are left out, and noted; by default they are refused. */
  readonly skipUnreadable?: boolean;
}

/**
 * What names a data set: the name of one that ships, the path of an Arrow file that was written from a data set, or files
 * of one's own with how to read and split them. JSON.
 */
export type DatasetReference =
  | string
  | ShippedReference
  | TableReference
  | ImagesReference
  | ImageFolderReference
  | TextReference
  | SeriesReference
  | WrittenReference;

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
  if ('name' in reference) return resolveShipped(reference);
  if ('folder' in reference) return { ...reference, folder: absolute(reference.folder) };
  if ('images' in reference) {
    return { ...reference, images: absolute(reference.images), labels: absolute(reference.labels) };
  }
  if ('text' in reference) return { ...reference, text: absolute(reference.text) };
  if ('series' in reference) return { ...reference, series: absolute(reference.series) };
  return { ...reference, path: absolute(reference.path) };
}

function resolveShipped(reference: ShippedReference): ShippedReference {
  const { name } = reference;
  const known = datasetNames();
  if (!known.includes(name)) throw errors.DATA_DATASET_UNKNOWN({ name, known });
  return reference;
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
  const parsed = schema.safeParse(value, { error: inWords });
  if (parsed.success) return parsed.data as DatasetReference;
  const known = Object.keys(schema.shape);
  const hints = Object.keys(value).flatMap((key) => (known.includes(key) ? [] : [didYouMean(key, known)]));
  throw errors.DATA_REFERENCE_INVALID({ problems: describeIssues(parsed.error) + hints.join('') });
}

function schemaFor(value: object) {
  if ('name' in value) return shippedReference;
  if ('images' in value || 'labels' in value) return imagesReference;
  if ('folder' in value) return folderReference;
  if ('series' in value) return seriesReference;
  if ('memory' in value && Object.keys(value).every((key) => key === 'path' || key === 'memory'))
    return writtenReference;
  return 'text' in value ? textReference : tableReference;
}

/** Split sizes with defaults filled in, and the rule by which rows are divided. */
export function splitSizes(reference: SplitFields): SplitPlan {
  return splitPlan(reference);
}

/** A file's name without its extensions: what a data set from it is called. */
export function nameOfFile(path: string): string {
  return basename(path).replace(/(\.[a-z0-9]+?)?(\.(gz|zst))?$/i, '') || basename(path);
}
