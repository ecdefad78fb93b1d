import type { Imported, ImportOptions } from './import/import-file.js';
import type { ImportedImages, ImportFolderOptions, ImportIdxOptions } from './import/import-images.js';
import type { ImportKind, importKind as kindOf } from './import/import-kind.js';
import type { ImportedText, ImportTextOptions } from './import/import-text.js';
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

/** Imports a folder of images. */
export async function importImageFolder(folder: string, options: ImportFolderOptions): Promise<ImportedImages> {
  return (await import('./import/import-images.js')).importImageFolder(folder, options);
}

/** Imports images and labels in IDX files. */
export async function importIdx(images: string, options: ImportIdxOptions): Promise<ImportedImages> {
  return (await import('./import/import-images.js')).importIdx(images, options);
}

/** Imports a text. */
export async function importText(file: string, options: ImportTextOptions): Promise<ImportedText> {
  return (await import('./import/import-text.js')).importText(file, options);
}

/** What a source is imported as. */
export async function importKind(path: string, given: Parameters<typeof kindOf>[1]): Promise<ImportKind> {
  return (await import('./import/import-kind.js')).importKind(path, given);
}
