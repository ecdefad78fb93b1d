import { stat } from 'node:fs/promises';
import { errors } from './errors.js';
import { type FoundImport, findImport, readImport } from './import/imported.js';
import type { ImportManifest } from './import/schema.js';
import type { LoadProgress } from './load-progress.js';
import { type ColumnSource, fileColumns, importColumns, readerLimit } from './out-of-core/column-source.js';
import type { RawTable } from './raw-table.js';
import { dataFileSize } from './readers/data-file.js';
import { readTableFile, tableColumnNames } from './readers/table-file.js';
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
  return found === undefined ? fileInput(reference, onProgress) : importInput(found, reference, onProgress);
}

async function fileInput(reference: TableReference, onProgress: (progress: LoadProgress) => void): Promise<TableInput> {
  const { path, target, task, delimiter, decimal, encoding, missing, ignore = [] } = reference;
  if (target === undefined) throw errors.DATA_TARGET_REQUIRED({ path, columns: await tableColumnNames(path) });
  if (ignore.includes(target)) {
    throw errors.DATA_REFERENCE_INVALID({ problems: `ignore must not name the target, "${target}"` });
  }
  const onRows = (rows: number) => onProgress({ kind: 'reading', path, rows });
  const given = { delimiter, decimal, encoding, missing };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const reading = { ignore, onRows, ...set };
  return {
    options: {
      name: nameOfFile(path),
      target,
      splits: splitSizes(reference),
      encoding: reference,
      ...(task === undefined ? {} : { task }),
      ...(missing === undefined ? {} : { missing }),
    },
    read: () => readTableFile(path, reading),
    columns: (memory, directory) => fileColumns(path, { ...reading, memoryLimitBytes: readerLimit(memory) }, directory),
    fingerprint: async () => {
      const size = await dataFileSize(path);
      return JSON.stringify([path, size, (await stat(path)).mtimeMs]);
    },
  };
}

/** What a reference leaves out, the manifest says. */
function importInput(
  found: FoundImport,
  reference: Partial<TableReference>,
  onProgress: (progress: LoadProgress) => void,
): TableInput {
  const { schema, name, data } = found.manifest;
  const missing = missingOf(found.manifest);
  const { target = schema.target, task, ignore = [] } = reference;
  const onRows = (rows: number) => onProgress({ kind: 'reading', path: found.folder, rows });
  const inferred = target === schema.target ? schema.task : undefined;
  const chosen = task ?? inferred;
  return {
    options: {
      name,
      target,
      splits: splitSizes(reference),
      encoding: reference,
      ...(chosen === undefined ? {} : { task: chosen }),
      ...(missing === undefined ? {} : { missing }),
    },
    read: () => readImport(found, { ignore, onRows }),
    columns: async (memory) => importColumns(found, { ignore, onRows, memoryLimitBytes: readerLimit(memory) }),
    fingerprint: async () => JSON.stringify([name, data.sha256]),
  };
}

/** Texts that the import was told to read as missing. */
function missingOf({ options: { missing } }: ImportManifest): readonly string[] | undefined {
  return Array.isArray(missing) && missing.every((text) => typeof text === 'string') ? missing : undefined;
}
