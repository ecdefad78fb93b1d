import type { Imported, ImportOptions } from './import/import-file.js';
import type { FoundImport } from './import/imported.js';
import type { ColumnNameOptions } from './readers/table-file.js';

/** Imports a file of rows: reads it, infers what its columns are, and writes a folder that a sweep can name. */
export async function importFile(file: string, options: ImportOptions): Promise<Imported> {
  // Only now: worker threads import this room, too, and have no use for readers.
  return (await import('./import/import-file.js')).importFile(file, options);
}

/** Names of the columns of a file of rows. @throws the errors of readers */
export async function columnNames(path: string, options: ColumnNameOptions): Promise<string[]> {
  return (await import('./readers/table-file.js')).tableColumnNames(path, options);
}

/** Checks that an import is what its manifest says, byte for byte. */
export async function verifyImport(path: string): Promise<FoundImport> {
  return (await import('./import/imported.js')).verifyImport(path);
}
