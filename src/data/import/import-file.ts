import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ensureDirectory, fileError, writeFileAtomic } from '../../files/index.js';
import { errors } from '../errors.js';
import type { RawColumn } from '../raw-table.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import { nameOfFile } from '../reference.js';
import type { Task } from '../target.js';
import { arrowFileOf, type WrittenColumn, writtenColumn } from './arrow-file.js';
import { fingerprint } from './fingerprint.js';
import { type ImportSource, openImport } from './import-source.js';
import { checkNames, SchemaInference } from './infer-schema.js';
import { type ImportManifest, type ImportSchema, manifestFile } from './schema.js';

export interface ImportOptions extends Omit<TableReadOptions, 'ignore' | 'onNote' | 'room'> {
  readonly target: string;
  readonly task?: Task;
  /** Columns that are not read. */
  readonly ignore?: readonly string[];
  /** Columns that stay features although they look like identifiers or prose. */
  readonly keep?: readonly string[];
  /** The folder to make; by default the file's name without its endings, in `baseDirectory`. */
  readonly to?: string;
  /** Where relative paths start. */
  readonly baseDirectory: string;
  /**
   * Bytes that it may take: columns are then read a few at a time, and what is found and written is the same. By default it is read whole, or where it is
   * larger than a table may be, in half of the memory that this process may have.
   */
  readonly memory?: number;
  /** Look only: write nothing. */
  readonly dryRun?: boolean;
  /** Of the program that imports. */
  readonly version: string;
}

/** What an import found, and the folder that it wrote. */
export interface Imported {
  readonly name: string;
  readonly schema: ImportSchema;
  /** What was assumed of the file. */
  readonly notes: readonly string[];
  /** `undefined` where nothing was written. */
  readonly folder: string | undefined;
}

const dataFile = 'data.arrow';

/**
 * Reads a file of rows, infers what its columns are, and writes a folder with one Arrow file of the target and the features and a
 * manifest, all or nothing. A sweep names the folder: `dataset: ./NAME`.
 *
 * @throws DATA_IMPORT_EXISTS, DATA_MEMORY_TOO_SMALL, and the errors of readers, targets and the files room.
 */
export async function importFile(file: string, options: ImportOptions): Promise<Imported> {
  const path = resolve(options.baseDirectory, file);
  const name = nameOfFile(path);
  const folder = resolve(options.baseDirectory, options.to ?? name);
  if (!options.dryRun) await refuseExisting(folder);
  const notes: string[] = [];
  const ignore = options.ignore ?? [];
  if (ignore.includes(options.target)) {
    throw errors.DATA_REFERENCE_INVALID({ problems: `ignore must not name the target, "${options.target}"` });
  }
  const onNote = (note: string) => void (notes.includes(note) || notes.push(note));
  const scratchDirectory = options.dryRun ? options.baseDirectory : dirname(folder);
  const source = await openImport(path, { nameUnnamed: true, ...options, ignore, onNote, scratchDirectory });
  try {
    const { schema, columns } = await inferred(source, options);
    if (options.dryRun) return { name, schema, notes, folder: undefined };
    const original = { file: basename(path), ...(await fingerprint(path)) };
    await writeFolder(folder, columns, { ...manifestHead(options), name, source: original, notes, schema });
    return { name, schema, notes, folder };
  } finally {
    source.close();
  }
}

/** The schema, and the columns that sweeps get. */
async function inferred(
  source: ImportSource,
  options: ImportOptions,
): Promise<{ schema: ImportSchema; columns: WrittenColumn[] }> {
  checkNames(source.names, options);
  const target = await source.column(options.target);
  const rowCount = target.kind === 'number' ? target.values.length : target.codes.length;
  const inference = new SchemaInference(target, rowCount, options);
  const columns: WrittenColumn[] = [];
  await source.forEach(rowCount, (column) => {
    const { role, order } = inference.add(column);
    if (role === 'left out' || options.dryRun) return;
    const isOrdinal = order !== undefined && column.kind === 'text';
    columns.push(writtenColumn(isOrdinal ? ordered(column, order) : column, source.keep));
  });
  return { schema: inference.finish(), columns };
}

async function refuseExisting(folder: string): Promise<void> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  if (exists) throw errors.DATA_IMPORT_EXISTS({ folder });
}

function manifestHead(options: ImportOptions) {
  const { target, task, ignore, keep, texts, header, delimiter, decimal, encoding, missing, version } = options;
  const given = { target, task, ignore, keep, texts, header, delimiter, decimal, encoding, missing };
  return {
    format: 'tfjs-tuner import' as const,
    version: 1 as const,
    options: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    versions: { 'tfjs-tuner': version, node: process.versions.node },
  };
}

/** An ordinal with its texts in order. */
function ordered(column: Extract<RawColumn, { kind: 'text' }>, order: readonly string[]): RawColumn {
  const rank = column.texts.map((text) => order.indexOf(text));
  const codes = column.codes.map((code) => (code < 0 ? code : rank[code]!));
  return { ...column, codes, texts: order, isOrdered: true };
}

async function writeFolder(
  folder: string,
  columns: readonly WrittenColumn[],
  head: Omit<ImportManifest, 'data'>,
): Promise<void> {
  const temporary = `${folder}.importing-${process.pid}`;
  try {
    await ensureDirectory(dirname(folder));
    await mkdir(temporary);
    const written = await writeData(join(temporary, dataFile), columns, head.schema.rowCount);
    const manifest: ImportManifest = { ...head, data: { file: dataFile, ...written } };
    await writeFileAtomic(join(temporary, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw fileError('write', folder, error);
  }
}

async function writeData(path: string, columns: readonly WrittenColumn[], rowCount: number) {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const chunk of arrowFileOf(columns, rowCount)) {
      hash.update(chunk);
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
