import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errors } from '../errors.js';
import { describeIssues } from '../issues.js';
import type { RawTable } from '../raw-table.js';
import { dataFileSize } from '../readers/data-file.js';
import { readTableFile, tableColumnNames } from '../readers/table-file.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import { fingerprint } from './fingerprint.js';
import { type ImportManifest, importManifestSchema, manifestFile } from './schema.js';

/** An imported table that was found: its folder and its manifest. */
export interface FoundImport {
  readonly folder: string;
  readonly manifest: ImportManifest;
}

/**
 * The import that a path names: its folder, or the manifest in it; `undefined` if it names something else.
 *
 * @throws DATA_IMPORT_INVALID for a manifest that is damaged, or of a later version.
 */
export async function findImport(path: string): Promise<FoundImport | undefined> {
  const status = await stat(path).catch(() => undefined);
  const isManifest = basename(path) === manifestFile;
  if (status === undefined || !(status.isDirectory() || isManifest)) return undefined;
  const folder = status.isDirectory() ? path : dirname(path);
  const json = await readFile(join(folder, manifestFile), 'utf8').catch(() => undefined);
  if (json === undefined) return undefined;
  return { folder, manifest: parsed(join(folder, manifestFile), json) };
}

function parsed(path: string, json: string): ImportManifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw errors.DATA_IMPORT_INVALID({ path, problems: (cause as Error).message }, cause);
  }
  const result = importManifestSchema.safeParse(value);
  if (!result.success) throw errors.DATA_IMPORT_INVALID({ path, problems: describeIssues(result.error) });
  if (basename(result.data.data.file) !== result.data.data.file) {
    throw errors.DATA_IMPORT_INVALID({ path, problems: 'data.file must be the name of a file beside it' });
  }
  return result.data;
}

/**
 * The rows of an import.
 *
 * @throws DATA_IMPORT_CHANGED if the file is not of the size that the manifest says, and the errors of the Arrow reader.
 */
export async function readImport(
  { folder, manifest }: FoundImport,
  options: Pick<TableReadOptions, 'ignore' | 'onRows' | 'memoryLimitBytes'>,
): Promise<RawTable> {
  const path = join(folder, manifest.data.file);
  const bytes = await dataFileSize(path);
  if (bytes !== manifest.data.bytes) {
    throw errors.DATA_IMPORT_CHANGED({ path, expected: `${manifest.data.bytes} bytes`, actual: `${bytes}` });
  }
  const table = await readTableFile(path, options, 'arrow');
  if (table.rowCount === manifest.schema.rowCount) return table;
  const { rowCount } = manifest.schema;
  throw errors.DATA_IMPORT_CHANGED({ path, expected: `${rowCount} rows`, actual: `${table.rowCount}` });
}

/**
 * Checks that an import is what its manifest says: the Arrow file byte for byte, and the rows and columns in it.
 *
 * @throws DATA_IMPORT_MISSING, DATA_IMPORT_INVALID, DATA_IMPORT_CHANGED, and the errors of the Arrow reader.
 */
export async function verifyImport(path: string): Promise<FoundImport> {
  const found = await findImport(path);
  if (found === undefined) throw errors.DATA_IMPORT_MISSING({ path });
  const { folder, manifest } = found;
  const data = join(folder, manifest.data.file);
  await dataFileSize(data);
  const { sha256 } = await fingerprint(data);
  if (sha256 !== manifest.data.sha256) {
    throw errors.DATA_IMPORT_CHANGED({ path: data, expected: `the SHA-256 ${manifest.data.sha256}`, actual: sha256 });
  }
  const expected = manifest.schema.columns.filter(({ role }) => role !== 'left out').map(({ name }) => name);
  const actual = await tableColumnNames(data);
  if (expected.join('\0') !== actual.join('\0')) {
    throw errors.DATA_IMPORT_CHANGED({
      path: data,
      expected: `the columns ${expected.join(', ')}`,
      actual: actual.join(', '),
    });
  }
  // the rows, by one column: the bytes of the others are what they were
  await readImport(found, { ignore: actual.filter((name) => name !== manifest.schema.target) });
  return found;
}
