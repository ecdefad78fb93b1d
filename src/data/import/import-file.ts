import { basename, resolve } from 'node:path';
import { errors } from '../errors.js';
import type { RawColumn, RawTable } from '../raw-table.js';
import { readTableFile } from '../readers/table-file.js';
import type { TableReadOptions } from '../readers/table-reader.js';
import { checkTexts } from '../readers/text-columns.js';
import { nameOfFile } from '../reference.js';
import type { Task } from '../target.js';
import { arrowFileOf } from './arrow-file.js';
import { isIdName } from './column-kind.js';
import { fingerprint } from './fingerprint.js';
import { inferSchema } from './infer-schema.js';
import type { ImportSchema } from './schema.js';
import { folderFor, manifestHead, type WriteOptions, writeFolder } from './write-folder.js';

export interface ImportOptions extends Omit<TableReadOptions, 'ignore' | 'onNote'>, WriteOptions {
  readonly target: string;
  readonly task?: Task;
  /** Columns that are not read. */
  readonly ignore?: readonly string[];
  /** Columns that stay features although they look like identifiers or prose. */
  readonly keep?: readonly string[];
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
 * @throws DATA_IMPORT_EXISTS, and the errors of readers, targets and the files room.
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
  const table = await readRows(path, { nameUnnamed: true, ...options, ignore, onNote: (note) => notes.push(note) });
  const schema = inferSchema(table, options);
  if (options.dryRun) return { name, schema, notes, folder: undefined };
  const source = { file: basename(path), ...(await fingerprint(path)) };
  const head = { ...manifestHead(options.version, givenOf(options)), name, source, notes, schema };
  await writeFolder(folder, () => arrowFileOf(writtenColumns(table, schema), table.rowCount), head);
  return { name, schema, notes, folder };
}

/** The rows. Numbers of 64 bits that are named like an identifier are texts, so that no two of them become one. */
async function readRows(path: string, options: TableReadOptions): Promise<RawTable> {
  const { texts = [] } = options;
  const table = await readTableFile(path, options);
  checkTexts(
    texts,
    table.columns.map(({ name }) => name),
  );
  const ids = table.columns.filter((column) => column.kind === 'number' && column.isRounded && isIdName(column.name));
  if (ids.length === 0) return table;
  const names = ids.map(({ name }) => name);
  for (const name of names) {
    options.onNote?.(
      `Column "${name}" has whole numbers of 2^53 and more, and is read as texts, since its name is one of an identifier.`,
    );
  }
  return readTableFile(path, { ...options, texts: [...texts, ...names], onNote: () => undefined });
}

function givenOf(options: ImportOptions): Readonly<Record<string, unknown>> {
  const { target, task, ignore, keep, texts, header, delimiter, decimal, encoding, missing } = options;
  return { target, task, ignore, keep, texts, header, delimiter, decimal, encoding, missing };
}

/** Columns that sweeps get, ordinals with their texts in order. */
function writtenColumns({ columns }: RawTable, schema: ImportSchema): RawColumn[] {
  return columns.flatMap((column, i) => {
    const { role, order } = schema.columns[i]!;
    if (role === 'left out') return [];
    return [order === undefined || column.kind === 'number' ? column : ordered(column, order)];
  });
}

function ordered(column: Extract<RawColumn, { kind: 'text' }>, order: readonly string[]): RawColumn {
  const rank = column.texts.map((text) => order.indexOf(text));
  const codes = column.codes.map((code) => (code < 0 ? code : rank[code]!));
  return { ...column, codes, texts: order, isOrdered: true };
}
