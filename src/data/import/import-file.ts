import { basename, dirname, resolve } from 'node:path';
import { errors } from '../errors.js';
import type { RawColumn } from '../raw-table.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import { nameOfFile } from '../reference.js';
import type { Task } from '../target.js';
import { arrowFileOf, type WrittenColumn, writtenColumn } from './arrow-file.js';
import { fingerprint } from './fingerprint.js';
import { type ImportSource, openImport } from './import-source.js';
import { checkNames, SchemaInference } from './infer-schema.js';
import type { ImportSchema } from './schema.js';
import { folderFor, manifestHead, type WriteOptions, writeFolder } from './write-folder.js';

export interface ImportOptions extends Omit<TableReadOptions, 'ignore' | 'onNote' | 'room'>, WriteOptions {
  readonly target: string;
  readonly task?: Task;
  /** Columns that are not read. */
  readonly ignore?: readonly string[];
  /** Columns that stay features although they look like identifiers or prose. */
  readonly keep?: readonly string[];
  /**
   * Bytes that it may take: columns are then read a few at a time, and what is found and written is the same. By default it is read whole, or where it is
   * larger than a table may be, in half of the memory that this process may have.
   */
  readonly memory?: number;
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

/**
 * Reads a file of rows, infers what its columns are, and writes a folder with one Arrow file of the target and the features and a
 * manifest, all or nothing. A sweep names the folder: `dataset: ./NAME`.
 *
 * @throws DATA_IMPORT_EXISTS, DATA_MEMORY_TOO_SMALL, and the errors of readers, targets and the files room.
 */
export async function importFile(file: string, options: ImportOptions): Promise<Imported> {
  const path = resolve(options.baseDirectory, file);
  const name = nameOfFile(path);
  const folder = await folderFor(path, name, options);
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
    const head = { ...manifestHead(options.version, givenOf(options)), name, source: original, notes, schema };
    await writeFolder(folder, () => arrowFileOf(columns, schema.rowCount), head);
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

function givenOf(options: ImportOptions): Readonly<Record<string, unknown>> {
  const { target, task, ignore, keep, texts, header, delimiter, decimal, encoding, missing } = options;
  return { target, task, ignore, keep, texts, header, delimiter, decimal, encoding, missing };
}

/** An ordinal with its texts in order. */
function ordered(column: Extract<RawColumn, { kind: 'text' }>, order: readonly string[]): RawColumn {
  const rank = column.texts.map((text) => order.indexOf(text));
  const codes = column.codes.map((code) => (code < 0 ? code : rank[code]!));
  return { ...column, codes, texts: order, isOrdered: true };
}
