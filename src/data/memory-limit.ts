import { errors } from './errors.js';
import { findImport, isTableImport } from './import/imported.js';
import { findDataset } from './manifest.js';
import { dataFileSize } from './readers/data-file.js';
import type { DatasetReference, TableReference, WrittenReference } from './reference.js';

/** Limits that are chosen here are multiples of this, in bytes. */
const limitStep = 64 * 2 ** 20;

/**
 * The reference with the memory that its data set may take, where that is less than the data set needs. How a data set is streamed decides
 * the order of its rows, so the limit is a part of the study: found out once, when the study is made.
 *
 * @param reference resolved
 * @param given bytes; without it, a reference that has no limit gets half of the memory that is free, if its file is larger
 * @throws DATA_REFERENCE_INVALID if a limit is given for data that cannot be streamed, and the errors of files
 */
export async function withMemoryLimit(reference: DatasetReference, given?: number): Promise<DatasetReference> {
  const file = fileReference(reference);
  if (file === undefined) {
    if (given === undefined) return reference;
    throw errors.DATA_REFERENCE_INVALID({
      problems: 'memory is for files of rows, imports, and Arrow files that "tfjs-tuner data encode" wrote',
    });
  }
  if (given !== undefined) return { ...file, memory: given };
  if (file.memory !== undefined) return reference;
  // of the machine, or of its container
  const limit = Math.max(1, Math.floor(process.availableMemory() / 2 / limitStep)) * limitStep;
  return (await sizeOf(file.path)) > limit ? { ...file, memory: limit } : reference;
}

/** The reference to a file or an import as an object; `undefined` for data sets that ship, images, texts and series. */
function fileReference(reference: DatasetReference): TableReference | WrittenReference | undefined {
  if (typeof reference !== 'string') return 'path' in reference ? reference : undefined;
  return findDataset(reference) === undefined ? { path: reference } : undefined;
}

async function sizeOf(path: string): Promise<number> {
  const found = await findImport(path);
  if (found === undefined) return dataFileSize(path);
  // images and texts are not streamed from an import
  return isTableImport(found) ? found.manifest.data.bytes : 0;
}
