import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errors } from '../errors.js';
import { describeIssues } from '../issues.js';
import type { RawTable } from '../raw-table.js';
import { dataFileSize } from '../readers/data-file.js';
import type { FolderImages } from '../readers/image-folder.js';
import { readTableFile, tableColumnNames } from '../readers/table-file.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import type { Tokens } from '../tokens.js';
import { fingerprint } from './fingerprint.js';
import { readImageFile } from './image-file.js';
import {
  type ImagesManifest,
  type ImportManifest,
  manifestFile,
  manifestSchemaFor,
  type TableManifest,
  type TextManifest,
} from './schema.js';
import { readTokens } from './token-column.js';

/** An import that was found: its folder and its manifest. */
export interface FoundImport<M extends ImportManifest = ImportManifest> {
  readonly folder: string;
  readonly manifest: M;
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
  const result = manifestSchemaFor(value).safeParse(value);
  if (!result.success) throw errors.DATA_IMPORT_INVALID({ path, problems: describeIssues(result.error) });
  if (basename(result.data.data.file) !== result.data.data.file) {
    throw errors.DATA_IMPORT_INVALID({ path, problems: 'data.file must be the name of a file beside it' });
  }
  return result.data;
}

/** The import, if it is one of a table. @throws DATA_REFERENCE_INVALID */
export function tableImport(found: FoundImport): FoundImport<TableManifest> {
  if (isTableImport(found)) return found;
  const what = found.manifest.kind === 'text' ? 'a text' : 'images';
  throw errors.DATA_REFERENCE_INVALID({
    problems: `an import of a table is asked for, with columns or a limit of memory, and ${found.folder} is one of ${what}`,
  });
}

export function isTableImport(found: FoundImport): found is FoundImport<TableManifest> {
  return found.manifest.kind === undefined;
}

export function isImagesImport(found: FoundImport): found is FoundImport<ImagesManifest> {
  return found.manifest.kind === 'images';
}

export function isTextImport(found: FoundImport): found is FoundImport<TextManifest> {
  return found.manifest.kind === 'text';
}

/** Path of the Arrow file. @throws DATA_IMPORT_CHANGED if it is not of the size that the manifest says, and the errors of files */
async function dataPath({ folder, manifest: { data } }: FoundImport): Promise<string> {
  const path = join(folder, data.file);
  const bytes = await dataFileSize(path);
  if (bytes === data.bytes) return path;
  throw errors.DATA_IMPORT_CHANGED({ path, expected: `${data.bytes} bytes`, actual: `${bytes}` });
}

/**
 * The rows of an imported table.
 *
 * @throws DATA_REFERENCE_INVALID for an import of another kind, DATA_IMPORT_CHANGED if the file is not of the size that the manifest says, and the errors of the Arrow reader.
 */
export async function readImport(
  found: FoundImport,
  options: Pick<TableReadOptions, 'ignore' | 'onRows' | 'memoryLimitBytes'>,
): Promise<RawTable> {
  const { manifest } = tableImport(found);
  const path = await dataPath(found);
  const table = await readTableFile(path, options, 'arrow');
  checkRows(path, manifest, table.rowCount);
  return table;
}

function checkRows(path: string, { schema: { rowCount } }: ImportManifest, actual: number): void {
  if (actual === rowCount) return;
  throw errors.DATA_IMPORT_CHANGED({ path, expected: `${rowCount} rows`, actual: `${actual}` });
}

/** Images and labels of an import. @throws as {@link readImport}, and DATA_MEMORY_LIMIT */
export async function readImportedImages(
  found: FoundImport<ImagesManifest>,
  onRows?: (rows: number) => void,
): Promise<FolderImages> {
  const { rowCount, shape, classes } = found.manifest.schema;
  const names = classes.map(({ name }) => name);
  return readImageFile(await dataPath(found), [rowCount, ...shape], names, onRows);
}

/** Tokens of an imported text. @throws as {@link readImport} */
export async function readImportedTokens(
  found: FoundImport<TextManifest>,
  onRows?: (rows: number) => void,
): Promise<Tokens> {
  const path = await dataPath(found);
  const tokens = await readTokens(path, found.manifest.schema.tokens, onRows);
  checkRows(path, found.manifest, tokens.codes.length);
  return tokens;
}

/**
 * Checks that an import is what its manifest says: the Arrow file byte for byte, and what is in it.
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
  if (isTableImport(found)) await checkTable(found, data);
  else if (isImagesImport(found)) await readImportedImages(found);
  else if (isTextImport(found)) await readImportedTokens(found);
  return found;
}

async function checkTable(found: FoundImport<TableManifest>, data: string): Promise<void> {
  const { columns, target } = found.manifest.schema;
  const expected = columns.filter(({ role }) => role !== 'left out').map(({ name }) => name);
  const actual = await tableColumnNames(data);
  if (expected.join('\0') !== actual.join('\0')) {
    throw errors.DATA_IMPORT_CHANGED({
      path: data,
      expected: `the columns ${expected.join(', ')}`,
      actual: actual.join(', '),
    });
  }
  // the rows, by one column: the bytes of the others are what they were
  await readImport(found, { ignore: actual.filter((name) => name !== target) });
}
