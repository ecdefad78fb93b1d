import { stat } from 'node:fs/promises';
import { errors } from './errors.js';
import { type FoundImport, findImport, readImport, tableImport } from './import/imported.js';
import type { TableManifest } from './import/schema.js';
import type { LoadProgress } from './load-progress.js';
import { type ColumnSource, fileColumns, importColumns, readerLimit } from './out-of-core/column-source.js';
import type { RawTable } from './raw-table.js';
import { dataFileSize } from './readers/data-file.js';
import { readTableFile, tableColumnNames } from './readers/table-file.js';
import { checkTexts, withTexts } from './readers/text-columns.js';
import { nameOfFile, splitSizes, type TableReference } from './reference.js';
import type { TabularOptions } from './tabular-layout.js';

/** A table that a reference names, a file of rows or an import, and how a data set is made of it. */
export interface TableInput {
  readonly options: TabularOptions;
  /** Reads all of it. */
  read(): Promise<RawTable>;
  /** Opens it to be read some columns at a time, in at most `memory` bytes. */
  columns(memory: number, scratchDirectory: string): Promise<ColumnSource>;
  /** Changes where the contents do, as far as that can be known without reading them. */
  fingerprint(): Promise<string>;
}

/**
 * @throws DATA_TARGET_REQUIRED, DATA_REFERENCE_INVALID if the target is to be ignored, and the errors of imports and files
 */
export async function tableInput(
  reference: TableReference,
  onProgress: (progress: LoadProgress) => void,
): Promise<TableInput> {
  const found = await findImport(reference.path);
  if (found === undefined) return fileInput(reference, onProgress);
  return importInput(tableImport(found), reference, onProgress);
}

async function fileInput(reference: TableReference, onProgress: (progress: LoadProgress) => void): Promise<TableInput> {
  const { path, target, task, delimiter, decimal, encoding, missing, header, ignore = [], texts = [] } = reference;
  if (target === undefined) {
    throw errors.DATA_TARGET_REQUIRED({ path, columns: await tableColumnNames(path, reference) });
  }
  if (ignore.includes(target)) {
    throw errors.DATA_REFERENCE_INVALID({ problems: `ignore must not name the target, "${target}"` });
  }
  const onRows = (rows: number) => onProgress({ kind: 'reading', path, rows });
  const onNote = eachOnce((text) => onProgress({ kind: 'noted', path, text }));
  const given = { delimiter, decimal, encoding, missing, header };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const reading = { ignore, onRows, onNote, ...set, texts: [...texts, ...groupNames(reference)] };
  const noted = (table: RawTable) => {
    for (const text of roundedNotes(table)) onNote(text);
    return table;
  };
  return {
    options: {
      name: nameOfFile(path),
      target,
      splits: splitSizes(reference),
      encoding: reference,
      ...(task === undefined ? {} : { task }),
      ...(missing === undefined ? {} : { missing }),
      ...(header === false ? { header } : {}),
    },
    read: async () => noted(withKnownTexts(await readTableFile(path, reading), texts)),
    columns: async (memory, directory) => {
      const limited = { ...reading, memory, memoryLimitBytes: readerLimit(memory) };
      return checkedSource(await fileColumns(path, limited, directory), texts, noted);
    },
    fingerprint: async () => {
      const size = await dataFileSize(path);
      return JSON.stringify([path, size, (await stat(path)).mtimeMs]);
    },
  };
}

/** What a reference leaves out, the manifest says. */
function importInput(
  found: FoundImport<TableManifest>,
  reference: Partial<TableReference>,
  onProgress: (progress: LoadProgress) => void,
): TableInput {
  const { schema, name, data, options: given } = found.manifest;
  const missing = missingOf(found.manifest);
  const { target = schema.target, task, ignore = [], texts = [] } = reference;
  const onRows = (rows: number) => onProgress({ kind: 'reading', path: found.folder, rows });
  const inferred = target === schema.target ? schema.task : undefined;
  const chosen = task ?? inferred;
  const inTexts = (table: RawTable) => withTexts(table, texts);
  return {
    options: {
      name,
      target,
      splits: splitSizes(reference),
      encoding: reference,
      ...(chosen === undefined ? {} : { task: chosen }),
      ...(missing === undefined ? {} : { missing }),
      ...(given.header === false ? { header: false as const } : {}),
    },
    read: async () => inTexts(withKnownTexts(await readImport(found, { ignore, onRows }), texts)),
    columns: async (memory) => {
      const limited = { ignore, onRows, memoryLimitBytes: readerLimit(memory) };
      return checkedSource(importColumns(found, limited), texts, inTexts);
    },
    fingerprint: async () => JSON.stringify([name, data.sha256]),
  };
}

/** The table itself. @throws DATA_COLUMN_UNKNOWN if one of the columns of texts is not there. */
function withKnownTexts(table: RawTable, texts: readonly string[]): RawTable {
  checkTexts(
    texts,
    table.columns.map(({ name }) => name),
  );
  return table;
}

/** The same for columns that are read a few at a time; `made` is what is made of each few. */
function checkedSource(
  source: ColumnSource,
  texts: readonly string[],
  made: (table: RawTable) => RawTable,
): ColumnSource {
  try {
    checkTexts(texts, source.names);
  } catch (error) {
    source.close();
    throw error;
  }
  return { ...source, read: async (names) => made(await source.read(names)) };
}

/** The column of groups, unless it is a feature: its values are names, which are told apart in all their digits. */
function groupNames({ splits, encode = {} }: TableReference): string[] {
  const column = splits?.by === 'group' ? splits.column : undefined;
  return column === undefined || Object.hasOwn(encode, column) ? [] : [column];
}

function roundedNotes({ columns }: RawTable): string[] {
  const rounded = columns.filter((column) => column.kind === 'number' && column.isRounded);
  return rounded.map(
    ({ name }) =>
      `Column "${name}" has whole numbers of 2^53 and more, which are rounded; if they are names of something, read them as texts: texts: ["${name}"].`,
  );
}

/** Tells each note once, though a table that is read some columns at a time gives it several times. */
function eachOnce(tell: (note: string) => void): (note: string) => void {
  const told = new Set<string>();
  return (note) => {
    if (!told.has(note)) tell(note);
    told.add(note);
  };
}

/** Texts that the import was told to read as missing. */
function missingOf({ options: { missing } }: TableManifest): readonly string[] | undefined {
  return Array.isArray(missing) && missing.every((text) => typeof text === 'string') ? missing : undefined;
}
